"""For Lightning: `Trainer(callbacks=[assay.lightning.Report(trial, "val_loss")])`."""

from __future__ import annotations

from typing import Any, Optional

try:
    from lightning.pytorch import Callback
except ImportError:
    from pytorch_lightning import Callback

from ._errors import Pruned
from ._trial import Trial


class Report(Callback):
    """Reports a logged metric after each validation, and ends the training where the trial should stop.

    metric: of the study; the only one, if nothing is said. Rank 0 reports, and all ranks stop."""

    def __init__(self, trial: Trial, monitor: str, metric: Optional[str] = None):
        super().__init__()
        self._trial, self._monitor, self._metric = trial, monitor, metric

    def on_validation_end(self, trainer: Any, pl_module: Any) -> None:
        if trainer.sanity_checking or self._monitor not in trainer.callback_metrics:
            return
        stop = False
        if trainer.is_global_zero:
            value = float(trainer.callback_metrics[self._monitor])
            stop = self._trial.report(trainer.current_epoch, {self._metric: value} if self._metric else value)
        if trainer.strategy.broadcast(stop):
            raise Pruned
