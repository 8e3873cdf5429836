"""For the Trainer of Hugging Face: `Trainer(..., callbacks=[assay.huggingface.Report(trial, "eval_loss")])`."""

from __future__ import annotations

from typing import Any, Mapping, Optional

from transformers import TrainerCallback

from ._errors import Pruned
from ._trial import Trial


class Report(TrainerCallback):
    """Reports a metric after each evaluation, and ends the training where the trial should stop.

    metric: of the study; the only one, if nothing is said."""

    def __init__(self, trial: Trial, monitor: str = "eval_loss", metric: Optional[str] = None):
        self._trial, self._monitor, self._metric = trial, monitor, metric

    def on_evaluate(self, args: Any, state: Any, control: Any, metrics: Optional[Mapping[str, Any]] = None, **_: Any) -> None:
        if not state.is_world_process_zero or not metrics or self._monitor not in metrics:
            return
        value = float(metrics[self._monitor])
        if self._trial.report(state.global_step, {self._metric: value} if self._metric else value):
            raise Pruned
