"""Measurements of other tools, written in the form of the files in results/."""

import datetime
import json
import os
import platform


def processor():
    """The processor's name; where that hides the model, as Assay's results make it distinct."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            facts = {}
            for line in lines:
                key, colon, value = line.partition(":")
                if colon:
                    facts.setdefault(key.strip(), value.strip())
    except OSError:
        return platform.machine()
    name = facts.get("model name", platform.machine())
    if "model name" not in facts or any(c.isdigit() for c in name) or not {"cpu family", "model"} <= facts.keys():
        return name
    flags = facts.get("flags", "").split()
    vectors = ", AVX-512" if "avx512f" in flags else ", AVX2" if "avx2" in flags else ""
    return f"{name} (family {facts['cpu family']}, model {facts['model']}{vectors})"


def write(measurements, path, missing=None, **more):
    """Writes one document to the file at `path`, or prints it where that is None.

    `missing` says of tools that are not among the measurements why; `more` is added to the provenance.
    """
    document = {
        "provenance": {
            "python": platform.python_version(),
            "os": f"{platform.system()} {platform.release()}",
            "cpu": processor(),
            "cores": os.cpu_count(),
            "time": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
            **({"missing": missing} if missing else {}),
            **{key: value for key, value in more.items() if value is not None},
        },
        "measurements": measurements,
    }
    text = json.dumps(document, indent=2)
    if path:
        with open(path + ".part", "w", encoding="utf-8") as file:
            file.write(text + "\n")
        os.replace(path + ".part", path)  # whoever is cut off leaves what was whole before
    else:
        print(text)
