from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import List, Optional

from ._errors import AssayError


def launcher(given: Optional[str] = None) -> str:
    """The path of the command `assay`: as given, in ASSAY_HOME, in the checkout that this file lies in, on the PATH."""
    if given is not None:
        found = _in(Path(given)) or (given if Path(given).is_file() else shutil.which(given))
        if found:
            return str(found)
        raise AssayError("There is no launcher.", given, "Give the path of the command assay, or of the directory that holds it.")
    home = os.environ.get("ASSAY_HOME")
    if home:
        found = _in(Path(home))
        if found:
            return found
        raise AssayError(
            "ASSAY_HOME holds no launcher.", f"ASSAY_HOME={home}", "Set it to the directory of Assay, which holds the command assay."
        )
    checkout = Path(__file__).resolve().parents[2]
    if (checkout / "src" / "pom.xml").is_file() and (checkout / "assay").is_file():
        return str(checkout / "assay")
    for above in list(Path(__file__).resolve().parents)[2:5]:  # a bundle that the package lies in
        if (above / "bin" / "assay").is_file() and (above / "lib").is_dir() and any((above / "lib").glob("assay*.jar")):
            return str(above / "bin" / "assay")
    found = shutil.which("assay")
    if found:
        return found
    raise AssayError(
        "Assay was not found.",
        "ASSAY_HOME is not set, and there is no command assay on the PATH",
        "Set ASSAY_HOME to the directory of Assay (its checkout or an unpacked bundle), or give url= of an `assay serve`.",
    )


def _in(directory: Path) -> Optional[str]:
    for command in (directory / "assay", directory / "bin" / "assay"):
        if command.is_file():
            return str(command)
    return None


def command(given: Optional[str], file: Optional[str], storage: Optional[str]) -> List[str]:
    words = [launcher(given), "serve"]
    if file is not None:
        words.append(str(file))
    words.append("--stdio")
    if file is not None and storage is not None:
        words += ["--storage", storage]
    return words
