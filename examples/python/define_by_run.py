import assay


def objective(trial):
    layers = trial.suggest_int("layers", 1, 3)
    widths = [trial.suggest_int(f"width{i}", 8, 256, log=True) for i in range(layers)]
    rate = trial.suggest_float("rate", 1e-4, 1, log=True)
    if trial.suggest_categorical("optimizer", ["sgd", "adam"]) == "sgd":
        rate *= 1 + trial.suggest_float("momentum", 0, 0.99)
    return abs(layers - 2) + sum(abs(width - 64) / 64 for width in widths) / layers + abs(rate - 0.03)


study = assay.Study(minimize="loss", seed=7)
study.optimize(objective, trials=30)
print(study.best.params, study.best.value)
