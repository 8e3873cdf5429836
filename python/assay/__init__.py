"""Finds the best configuration of a model or program: the Python client of Assay.

    import assay

    def train(trial):
        for epoch in range(20):
            loss = ...                       # with trial["lr"], trial["layers"]
            if trial.report(epoch, loss):    # True: stop now, Assay has seen enough
                raise assay.Pruned
        return loss

    study = assay.Study("mlp", space={"lr": assay.Float(1e-5, 1, log=True), "layers": assay.Int(1, 6)}, minimize="loss")
    study.optimize(train, trials=100, parallel=4)
    print(study.best.params, study.best.value)

`assay.lightning`, `assay.huggingface`, `assay.keras`, `assay.xgboost` and `assay.lightgbm` have a callback each; `assay.sklearn` has
`AssaySearchCV`, `assay.optuna` `AssaySampler`, `assay.ray` `AssaySearch`. Each is imported when it is used.

Programs that `assay tune` starts find their parameters with `params`, and report with `report`.
"""

from ._errors import AssayError, Pruned
from ._space import Choice, Float, Int
from ._study import Study
from ._trial import FinishedTrial, Trial
from .program import checkpoint, directory, params, report, seed, steps, trial

__all__ = [
    "AssayError",
    "Choice",
    "FinishedTrial",
    "Float",
    "Int",
    "Pruned",
    "Study",
    "Trial",
    "checkpoint",
    "directory",
    "params",
    "report",
    "seed",
    "steps",
    "trial",
]
__version__ = "0.1.0"

_INTEGRATIONS = ("huggingface", "keras", "lightgbm", "lightning", "optuna", "ray", "sklearn", "xgboost")


def __getattr__(name: str):
    if name in _INTEGRATIONS:
        import importlib

        return importlib.import_module("." + name, __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
