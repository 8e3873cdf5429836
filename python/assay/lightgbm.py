"""For LightGBM: `lightgbm.train(..., callbacks=[assay.lightgbm.Report(trial, "l2")])`."""

from __future__ import annotations

from typing import Any, Optional

from ._errors import AssayError, Pruned
from ._trial import Trial


class Report:
    """Reports an evaluation after each round, and ends the training where the trial should stop.

    data: the name of the data set; LightGBM's own for the first one, if nothing is said. metric: of the study; the only
    one, if nothing is said."""

    order = 30  # after the evaluation has been recorded
    before_iteration = False

    def __init__(self, trial: Trial, monitor: str, data: Optional[str] = None, metric: Optional[str] = None):
        self._trial, self._monitor, self._data, self._metric = trial, monitor, data, metric

    def __call__(self, env: Any) -> None:
        for name, monitor, value, *_ in env.evaluation_result_list or ():
            if monitor == self._monitor and (self._data is None or name == self._data):
                if self._trial.report(env.iteration, {self._metric: float(value)} if self._metric else float(value)):
                    raise Pruned
                return
        known = [f"{name} {monitor}" for name, monitor, *_ in env.evaluation_result_list or ()]
        raise AssayError("There is no such evaluation.", self._monitor, f"Name one of {', '.join(known) or 'valid_sets='}.")
