from __future__ import annotations

import multiprocessing
import os
import queue
import signal
import subprocess
from typing import Any, Callable, Dict, List, Mapping, Optional, Tuple

from ._client import Client
from ._errors import AssayError, Interrupted
from ._trial import Trial


class ProcessDied(Exception):
    """The process that ran a trial is gone: killed, out of memory, or crashed in native code."""


class _PipeClient(Client):
    """In a worker: its parent sends the requests."""

    def __init__(self, pipe: Any):
        self._pipe = pipe

    def exchange(self, request: Any) -> Any:
        self._pipe.send(("exchange", request))
        answer = self._pipe.recv()
        if answer is None:
            raise Interrupted
        return answer

    def close(self) -> None:
        self._pipe.close()


class Workers:
    """Runs an objective in processes that live as long as the run: called as the objective is, from any thread."""

    def __init__(self, study: Any, objective: Callable[[Trial], Any], parallel: int, gpus: float, run: Any):
        self._study, self._objective, self._run = study, objective, run
        self._context = multiprocessing.get_context()
        self._visible = visible(parallel, gpus) if gpus else [None] * parallel
        self._free: "queue.Queue[Tuple[int, Any, Any]]" = queue.Queue()
        self._all: Dict[int, Any] = {}
        try:
            for place in range(parallel):
                self._free.put(self._start(place))
        except BaseException:
            self.close()
            raise

    def _start(self, place: int) -> Tuple[int, Any, Any]:
        ours, theirs = self._context.Pipe()
        known = {name: value for name, value in vars(self._study).items() if name != "_client"}
        process = self._context.Process(
            target=_work, args=(theirs, ours, known, self._objective, self._visible[place]), name=f"assay-{place}", daemon=True
        )
        try:
            process.start()
        except (AttributeError, TypeError) as error:  # what pickle says
            raise AssayError(
                "The objective cannot be sent to another process.", f"{self._objective!r}: {error}", "Define it at the top of a module."
            ) from error
        theirs.close()
        self._all[place] = process
        return place, process, ours

    def __call__(self, trial: Trial) -> Any:
        worker = self._free.get()
        place, process, pipe = worker
        try:
            try:
                pipe.send(("run", trial._document))
                return self._serve(trial, pipe)
            except (EOFError, OSError) as error:
                process.join(5)
                pipe.close()
                if not self._run.stopped:
                    worker = self._start(place)
                raise ProcessDied(f"the process of the trial died, exit status {process.exitcode}") from error
        finally:
            self._free.put(worker)

    def _serve(self, trial: Trial, pipe: Any) -> Any:
        while True:
            kind, said = pipe.recv()
            if kind == "exchange":
                pipe.send(None if self._run.stopped else self._study._client.exchange(said))
                continue
            values, error, words, kept = said
            for name, value in kept.items():
                setattr(trial, name, value)
            if error is not None:
                error._assay_words = words
                raise error
            return values

    def close(self) -> None:
        for process in self._all.values():
            process.terminate()
        for process in self._all.values():
            process.join(5)
            if process.is_alive():
                process.kill()


def _work(pipe: Any, other: Any, known: Mapping[str, Any], objective: Callable[[Trial], Any], gpus: Optional[str]) -> None:
    from ._run import _words
    from ._study import Study

    other.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends this process
    if gpus is not None:
        os.environ["CUDA_VISIBLE_DEVICES"] = gpus
    study = object.__new__(Study)
    vars(study).update(known)
    study._client = _PipeClient(pipe)
    while True:
        try:
            _, document = pipe.recv()
        except EOFError:
            return
        trial = Trial(study, document)
        values, error, words = None, None, ""
        try:
            values = objective(trial)
        except Exception as caught:
            error, words = caught, _words(caught)
        except Interrupted:
            return
        kept = {"_metrics": trial._metrics, "_attributes": trial._attributes, "_asked": trial._asked}
        try:
            pipe.send(("end", (values, error, words, kept)))
        except (AttributeError, TypeError, ValueError):  # what pickle says of it
            what = error if error is not None else TypeError(f"the objective returned {values!r}")
            pipe.send(("end", (None, RuntimeError(f"{type(what).__name__}: {what}"), words or str(what), {})))
        except OSError:
            return


def devices() -> List[str]:
    """The GPUs that are left to this process, as CUDA_VISIBLE_DEVICES names them."""
    given = os.environ.get("CUDA_VISIBLE_DEVICES")
    if given is not None:
        names = [name.strip() for name in given.split(",")]
        # CUDA itself stops at the first that is none.
        end = next((k for k, name in enumerate(names) if not name or name.startswith("-")), len(names))
        return names[:end]
    try:
        listed = subprocess.run(
            ["nvidia-smi", "--query-gpu=index", "--format=csv,noheader"], capture_output=True, text=True, check=True, timeout=60
        )
    except (OSError, subprocess.SubprocessError):
        return []
    return listed.stdout.split()


def visible(parallel: int, gpus: float) -> List[str]:
    """What each of so many processes may see, so that they share no GPU, or each one as many as it has room for."""
    if not gpus > 0 or gpus > 1 and gpus != int(gpus):
        raise AssayError("A trial needs whole GPUs or a share of one.", f"gpus={gpus}", "Give 0.5, 1, 2 or the like.")
    known = devices()
    if gpus >= 1:
        each = int(gpus)
        sets = [",".join(known[k * each : (k + 1) * each]) for k in range(len(known) // each)]
    else:
        sets = [name for name in known for _ in range(int(1 / gpus + 1e-9))]
    if len(sets) < parallel:
        raise AssayError(
            "There are not enough GPUs for so many trials at once.",
            f"parallel={parallel}, gpus={gpus}; there are {', '.join(known) or 'none'}",
            "Lower one of them" + ("." if known else ", or name the GPUs in CUDA_VISIBLE_DEVICES."),
        )
    return sets[:parallel]
