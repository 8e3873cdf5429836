"""Measurements of other tools, written in the form of the files in results/."""

import datetime
import json
import os
import platform


def processor():
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            return next(x.split(":", 1)[1].strip() for x in lines if x.startswith("model name"))
    except (OSError, StopIteration):
        return platform.machine()


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
