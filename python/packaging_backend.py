"""Builds the package for pip with the standard library alone (PEP 517 and 660): no network, no setuptools.

`python packaging_backend.py DIRECTORY` makes a wheel without pip."""

import base64
import hashlib
import io
import re
import sys
import tarfile
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROJECT = dict(re.findall(r'^([a-z-]+) = "(.*)"$', (HERE / "pyproject.toml").read_text("utf-8"), re.MULTILINE))
STEM = f"{PROJECT['name'].replace('-', '_')}-{PROJECT['version']}"
METADATA = (
    f"Metadata-Version: 2.1\nName: {PROJECT['name']}\nVersion: {PROJECT['version']}\nSummary: {PROJECT['description']}\n"
    f"Requires-Python: {PROJECT['requires-python']}\nLicense: Apache-2.0\n"
)
WHEEL = "Wheel-Version: 1.0\nGenerator: assay\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def _sources():
    files = sorted(path for path in (HERE / "assay").rglob("*") if path.suffix == ".py" or path.name == "py.typed")
    return {path.relative_to(HERE).as_posix(): path.read_bytes() for path in files}


def _wheel(directory, files):
    files = dict(files)
    info = f"{STEM}.dist-info/"
    files[info + "METADATA"] = METADATA.encode()
    files[info + "WHEEL"] = WHEEL.encode()
    record = ""
    for path, content in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        record += f"{path},sha256={digest},{len(content)}\n"
    files[info + "RECORD"] = (record + info + "RECORD,,\n").encode()
    name = f"{STEM}-py3-none-any.whl"
    Path(directory).mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(Path(directory, name), "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            entry = zipfile.ZipInfo(path)  # of a fixed time: the same sources give the same wheel
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return name


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    return _wheel(wheel_directory, _sources())


def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    return _wheel(wheel_directory, {"assay_tune.pth": f"{HERE}\n".encode()})


def build_sdist(sdist_directory, config_settings=None):
    name = f"{STEM}.tar.gz"
    files = {**_sources(), "PKG-INFO": METADATA.encode()}
    for path in ("pyproject.toml", "packaging_backend.py"):
        files[path] = (HERE / path).read_bytes()
    with tarfile.open(Path(sdist_directory, name), "w:gz") as archive:
        for path, content in files.items():
            entry = tarfile.TarInfo(f"{STEM}/{path}")
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return name


if __name__ == "__main__":
    print(build_wheel(sys.argv[1] if len(sys.argv) > 1 else "."))
