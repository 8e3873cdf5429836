"""What a Python program needs to be tuned by Assay: one file, no dependencies. Copy it beside your program.

    import assay
    p = assay.params(learning_rate=0.01, layers=2)        # the trial's parameters; these values when run by hand
    for epoch in range(1, 11):
        loss = train_one_epoch(p["learning_rate"], p["layers"])
        if assay.report(epoch, loss=loss):                # True: stop now, Assay has seen enough
            break
"""

import json
import os
import signal
import sys

_stop = False


def params(**defaults):
    """The trial's parameters by name; the defaults for those that it does not have."""
    return {**defaults, **json.loads(os.environ.get("ASSAY_PARAMS") or "{}")}


def trial():
    """The trial's number, None when run by hand."""
    number = os.environ.get("ASSAY_TRIAL")
    return None if number is None else int(number)


def seed(default=0):
    """A seed of the trial's own: the same whenever and wherever it runs."""
    return int(os.environ.get("ASSAY_SEED", default))


def directory():
    """A directory of the trial's own, for checkpoints: it outlives interruptions. '.' when run by hand."""
    return os.environ.get("ASSAY_TRIAL_DIR", ".")


def checkpoint(default="."):
    """Where a member of a population keeps what it goes on from; what is there when it starts is its parent's.

    The default when run by hand."""
    return os.environ.get("ASSAY_CHECKPOINT_DIR", default)


def steps(count):
    """The steps that a member of a population trains now, counted from 1; all of them when run by hand."""
    return range(int(os.environ.get("ASSAY_START_STEP", 0)) + 1, int(os.environ.get("ASSAY_STOP_STEP", count)) + 1)


def report(step, final=False, **values):
    """Tells Assay how good the trial is at a step. Returns whether to stop.

    Only rank 0 of a distributed run reports, and every rank is told to stop."""
    if os.environ.get("RANK", "0") == "0" and values:
        line = {"step": step, **{name: float(value) for name, value in values.items()}}
        if final:
            line["final"] = True
        text = json.dumps(line)
        path = os.environ.get("ASSAY_REPORT")
        if path:
            with open(path, "a", encoding="utf-8") as file:
                file.write(text + "\n")
        else:
            print("@assay " + text, flush=True)
    return _stop


def _asked_to_stop(_signal, _frame):
    global _stop
    _stop = True


# Assay asks a program to end with SIGTERM, and waits for as long as the study file's `grace` says.
if "ASSAY_TRIAL" in os.environ and sys.platform != "win32":
    try:
        signal.signal(signal.SIGTERM, _asked_to_stop)
    except ValueError:
        pass  # imported outside the main thread: then SIGTERM ends the program as usual
