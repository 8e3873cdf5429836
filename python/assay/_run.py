from __future__ import annotations

import threading
import time
import traceback
import warnings
from typing import TYPE_CHECKING, Any, Callable, Dict, List, Mapping, Optional, Sequence, Tuple

from ._client import checked
from ._errors import AssayError, Interrupted, Pruned
from ._progress import Progress
from ._trial import Trial
from ._workers import Workers

if TYPE_CHECKING:
    from ._study import Study

HOPELESS = 5

#: What the service says of a trial that somebody else has, or told.
OTHER_HANDS = (
    "No trial of that id is running.",
    "The trial is not running.",
    "The trial is in other hands: this process was taken for gone.",
)


class Run:
    """One call of `Study.optimize`."""

    def __init__(
        self,
        study: "Study",
        objective: Callable[[Trial], Any],
        trials: Optional[int],
        parallel: int,
        timeout: Optional[float],
        catch: Tuple[Any, ...],
        callbacks: Sequence[Callable[["Study", Trial], None]],
        progress: Optional[bool],
        processes: bool = False,
        gpus: float = 0,
    ):
        if not isinstance(parallel, int) or parallel < 1:
            raise AssayError("parallel is a whole number of at least 1.", repr(parallel), "Give how many trials run at once.")
        if gpus and not processes:
            raise AssayError("GPUs are leased to processes.", f"gpus={gpus}", "Say processes=True beside it.")
        self._study = study
        self._objective = objective
        self._workers: Optional[Workers] = None
        self._processes, self._gpus = processes, gpus
        self._parallel = parallel
        self._until = None if timeout is None else time.monotonic() + timeout
        self._catch = catch
        self._callbacks = callbacks
        self._ask: Dict[str, Any] = {"ask": {"count": 1}}
        if trials is not None:
            self._ask["ask"]["until"] = trials
        self._progress = Progress(study, trials, progress)
        self._changed = threading.Condition()
        self._running: Dict[int, Trial] = {}
        self._failures: List[str] = []
        self._last_failure = ""
        self._ended = 0
        self._error: Optional[BaseException] = None
        self.stopped = False

    def run(self) -> None:
        self._study.finished = None
        try:
            if self._processes:  # before there are threads: they may be forked
                self._workers = Workers(self._study, self._objective, self._parallel, self._gpus, self)
                self._objective = self._workers
            if self._parallel == 1:
                self._work()
            else:
                self._work_on_threads()
        except KeyboardInterrupt:
            self.stopped = True
            self._give_back()
            raise
        finally:
            self.stopped = True
            if self._workers is not None:
                self._workers.close()
            self._progress.end()
        if self._error is not None:
            raise self._error
        if self._failures:  # which a script would not hear of otherwise
            warnings.warn(
                f"{len(self._failures)} of {len(self._failures) + self._ended} trials failed by an exception; the last: {self._last_failure}",
                RuntimeWarning,
                stacklevel=3,
            )

    def _work_on_threads(self) -> None:
        threads = [threading.Thread(target=self._worker, name=f"assay-{i}", daemon=True) for i in range(self._parallel)]
        for thread in threads:
            thread.start()
        for thread in threads:
            while thread.is_alive():
                thread.join(0.2)  # so that Ctrl-C is seen

    def _worker(self) -> None:
        try:
            self._work()
        except Interrupted:
            pass
        except BaseException as error:
            if not self.stopped:
                self._error = self._error or error
                self.stopped = True

    def _give_back(self) -> None:
        for trial in list(self._running.values()):
            try:
                trial.cancel()
            except AssayError:
                pass  # it has ended meanwhile, or the service has: then it waits by itself

    def _work(self) -> None:
        ended: Optional[Dict[str, Any]] = None  # told together with the next ask: one exchange instead of two
        before: Optional[Trial] = None
        while True:
            asks = not self.stopped and (self._until is None or time.monotonic() < self._until)
            requests = ([ended] if ended else []) + ([self._ask] if asks else [])
            answers = self._study._client.send_all(requests) if requests else []
            if ended is not None and before is not None:
                self._settle(before, ended, answers.pop(0))
                ended = before = None
            if not asks:
                return
            answer = checked(answers[0])
            if not answer["trials"]:
                if answer.get("wait"):
                    with self._changed:
                        self._changed.wait(0.05)
                    continue
                if "finished" in answer:
                    self._study.finished = answer["finished"]
                return
            trial = Trial(self._study, answer["trials"][0])
            trial._run = self
            before, ended = trial, self._outcome(trial)

    def _settle(self, trial: Trial, request: Mapping[str, Any], answer: Any) -> None:
        self._running.pop(trial.number, None)
        if trial._is_forgotten(answer):
            answer = trial._told_again(request)
        try:
            checked(answer)
        except AssayError as error:
            if error.what not in OTHER_HANDS:
                raise
            # Its lease ran out, or somebody else told it: the run goes on.
            warnings.warn(f"Trial {trial.number} was not told. {error}", RuntimeWarning, stacklevel=2)
            return
        with self._changed:
            self._changed.notify_all()
        self._progress.ended(request["tell"])
        for callback in self._callbacks:
            callback(self._study, trial)

    def _outcome(self, trial: Trial) -> Dict[str, Any]:
        """Runs the objective; the request that tells how it went."""
        self._running[trial.number] = trial
        try:
            values = self._objective(trial)
            how = self._told(trial, values)
            self._ended += 1
        except Pruned:
            how = {"pruned": True}
            self._ended += 1
        except (KeyboardInterrupt, Interrupted):
            raise
        except BaseException as error:
            how = {"failed": _words(error)}
            self._failed(trial, how, error)
        return trial._request(how)

    @staticmethod
    def _told(trial: Trial, values: Any) -> Dict[str, Any]:
        if values is None:
            raise AssayError(
                "The objective returned nothing.", f"trial {trial.number}", "Return a number, or numbers by metric."
            )
        return trial._told(values, {})

    def _failed(self, trial: Trial, how: Mapping[str, Any], error: BaseException) -> None:
        text = f"{type(error).__name__}: {error}".replace(str(trial.number), "")
        self._failures.append(text)
        self._last_failure = str(how["failed"]).splitlines()[0]
        hopeless = self._ended == 0 and len(self._failures) >= HOPELESS and len(set(self._failures)) == 1
        if hopeless or not isinstance(error, self._catch):
            try:
                self._study._client.send(trial._request(how))
            except AssayError:
                pass  # the objective's own error says more
            self._running.pop(trial.number, None)
            raise error


def _words(error: BaseException) -> str:
    elsewhere = getattr(error, "_assay_words", None)
    if elsewhere:
        return str(elsewhere)
    where = traceback.extract_tb(error.__traceback__)[-1:]
    place = f" ({where[0].filename}:{where[0].lineno})" if where else ""
    return f"{type(error).__name__}: {error}{place}"
