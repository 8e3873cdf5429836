import optuna
from assay.optuna import AssaySampler

study = optuna.create_study(sampler=AssaySampler(seed=7))
study.optimize(lambda trial: (trial.suggest_float("x", -1, 1) - 0.3) ** 2, n_trials=15)
print(study.best_params, study.best_value)
