"""For XGBoost: `xgboost.train(..., callbacks=[assay.xgboost.Report(trial, "validation-rmse")])`."""

from __future__ import annotations

from typing import Any, Mapping, Optional

import xgboost

from ._errors import AssayError, Pruned
from ._trial import Trial


class Report(xgboost.callback.TrainingCallback):
    """Reports an evaluation, `DATA-METRIC` as XGBoost prints it, after each round, and ends the training where the trial
    should stop.

    metric: of the study; the only one, if nothing is said."""

    def __init__(self, trial: Trial, monitor: str, metric: Optional[str] = None):
        super().__init__()
        self._trial, self._monitor, self._metric = trial, monitor, metric

    def after_iteration(self, model: Any, epoch: int, evals_log: Mapping[str, Mapping[str, Any]]) -> bool:
        known = {f"{data}-{name}": values for data, metrics in evals_log.items() for name, values in metrics.items()}
        if self._monitor not in known:
            raise AssayError("There is no such evaluation.", self._monitor, f"Name one of {', '.join(known) or 'evals='}.")
        last = known[self._monitor][-1]
        value = float(last[0] if isinstance(last, tuple) else last)
        if self._trial.report(epoch, {self._metric: value} if self._metric else value):
            raise Pruned
        return False
