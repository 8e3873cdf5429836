from assay.ray import AssaySearch
from ray import tune


def objective(config):
    tune.report({"loss": (config["x"] - 0.3) ** 2})


config = tune.TuneConfig(metric="loss", mode="min", num_samples=6, search_alg=AssaySearch(seed=7))
results = tune.Tuner(objective, param_space={"x": tune.uniform(-1, 1)}, tune_config=config).fit()
print(results.get_best_result().config)
