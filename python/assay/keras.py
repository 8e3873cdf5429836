"""For Keras: `model.fit(..., callbacks=[assay.keras.Report(trial, "val_loss")])`."""

from __future__ import annotations

from typing import Any, Mapping, Optional

import keras

from ._errors import Pruned
from ._trial import Trial


class Report(keras.callbacks.Callback):
    """Reports a logged metric after each epoch, and ends the training where the trial should stop.

    metric: of the study; the only one, if nothing is said."""

    def __init__(self, trial: Trial, monitor: str = "val_loss", metric: Optional[str] = None):
        super().__init__()
        self._trial, self._monitor, self._metric = trial, monitor, metric

    def on_epoch_end(self, epoch: int, logs: Optional[Mapping[str, Any]] = None) -> None:
        if not logs or self._monitor not in logs:
            return
        value = float(logs[self._monitor])
        if self._trial.report(epoch, {self._metric: value} if self._metric else value):
            raise Pruned
