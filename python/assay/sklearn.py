"""For scikit-learn: `AssaySearchCV`, with the interface of GridSearchCV."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional, Sequence, Union

from sklearn.model_selection._search import BaseSearchCV

from ._errors import AssayError
from ._study import Study


class AssaySearchCV(BaseSearchCV):
    """A search over the parameters of an estimator, with cross-validation: `AssaySearchCV(SVC(), {"C": assay.Float(1e-3,
    1e3, log=True), "kernel": ["linear", "rbf"]}, n_iter=50).fit(X, y).best_params_`.

    space: names of the estimator's parameters (`step__name` in a pipeline) and `assay.Float`, `Int`, `Choice` or lists.
    n_iter: how many configurations are tried. batch: how many are proposed together, and fitted together with `n_jobs`.
    sampler, constraints, random_state: as sampler, constraints and seed of `assay.Study`. The rest is as in GridSearchCV.
    With several metrics the one that `refit` names is searched."""

    def __init__(
        self,
        estimator: Any,
        space: Mapping[str, Any],
        *,
        n_iter: int = 50,
        batch: int = 1,
        sampler: Union[str, Mapping[str, Any]] = "auto",
        constraints: Sequence[str] = (),
        scoring: Any = None,
        n_jobs: Optional[int] = None,
        refit: Any = True,
        cv: Any = None,
        verbose: int = 0,
        pre_dispatch: Any = "2*n_jobs",
        random_state: int = 0,
        error_score: Any = float("nan"),
        return_train_score: bool = False,
    ):
        super().__init__(
            estimator=estimator,
            scoring=scoring,
            n_jobs=n_jobs,
            refit=refit,
            cv=cv,
            verbose=verbose,
            pre_dispatch=pre_dispatch,
            error_score=error_score,
            return_train_score=return_train_score,
        )
        self.space = space
        self.n_iter = n_iter
        self.batch = batch
        self.sampler = sampler
        self.constraints = constraints
        self.random_state = random_state

    def _run_search(self, evaluate_candidates: Any) -> None:
        if self.n_iter < 1 or self.batch < 1:
            raise AssayError("Nothing would be tried.", f"n_iter {self.n_iter}, batch {self.batch}", "Give at least 1.")
        name = f"mean_test_{self.refit}" if isinstance(self.refit, str) else "mean_test_score"
        with Study(
            space=self.space,
            maximize="score",
            sampler=self.sampler,
            constraints=self.constraints,
            seed=self.random_state,
        ) as study:
            done = 0
            while done < self.n_iter:
                trials: List[Any] = study.ask(min(self.batch, self.n_iter - done))
                if not trials:
                    break  # everything was tried
                results: Dict[str, Any] = evaluate_candidates([dict(trial.params) for trial in trials])
                if name not in results:
                    raise AssayError(
                        "Several metrics were scored, and none is to be searched.",
                        ", ".join(key for key in results if key.startswith("mean_test_")),
                        "Give the name of one as refit=.",
                    )
                for i, trial in enumerate(trials):
                    trial.tell(results[name][done + i])
                done += len(trials)
