import assay


def objective(trial):
    return (trial["x"] - 0.3) ** 2 + (trial["y"] + 0.1) ** 2


study = assay.Study(space={"x": assay.Float(-1, 1), "y": assay.Float(-1, 1)}, minimize="loss", seed=7)
study.optimize(objective, trials=30)
print(study.best.params, study.best.value)
