#!/usr/bin/env python3
"""What a trial of a whole search costs with another tool; one workload and one tool a call.

`assay bench --peers` calls this in turns with its own program of the same workload. Prints one JSON
object: tool, version, trials, seconds for each trial (wall time, imports not counted). Exit code 3:
the tool is not installed, and stderr says what is missing.

    python3 search_cost.py WORKLOAD TOOL TRIALS

Workloads: tpe and cmaes over 40 parameters in [-5, 5], random over 10, in memory; sqlite, random in a
file of SQLite; gp, suggestions after 100 trials in 10 dimensions; train, the perceptron of train.py,
where a trial is one row in one epoch.
"""

import os

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"  # before anything loads a BLAS

import json
import sys
import tempfile
import time
import warnings

warnings.filterwarnings("ignore")


def loss(x):
    return sum((v - 1) ** 2 for v in x)


def optuna_search(workload, trials):
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    d = 40 if workload in ("tpe", "cmaes") else 10
    if workload == "cmaes":
        import cmaes  # noqa: F401  (what is missing is said before the clock starts)
    sampler = {
        "tpe": optuna.samplers.TPESampler,
        "cmaes": optuna.samplers.CmaEsSampler,
        "random": optuna.samplers.RandomSampler,
        "sqlite": optuna.samplers.RandomSampler,
    }[workload](seed=1)
    with tempfile.TemporaryDirectory() as directory:
        storage = f"sqlite:///{directory}/study.db" if workload == "sqlite" else None
        study = optuna.create_study(sampler=sampler, storage=storage)
        names = [f"x{i}" for i in range(d)]
        start = time.perf_counter()
        study.optimize(
            lambda trial: loss([trial.suggest_float(name, -5, 5) for name in names]),
            n_trials=trials,
        )
        return optuna.__version__, (time.perf_counter() - start) / trials


def hyperopt_search(workload, trials):
    import hyperopt
    import numpy

    space = [hyperopt.hp.uniform(f"x{i}", -5, 5) for i in range(40 if workload == "tpe" else 10)]
    start = time.perf_counter()
    hyperopt.fmin(
        loss,
        space,
        algo=hyperopt.tpe.suggest if workload == "tpe" else hyperopt.rand.suggest,
        max_evals=trials,
        rstate=numpy.random.default_rng(1),
        show_progressbar=False,
        verbose=False,
    )
    return hyperopt.__version__, (time.perf_counter() - start) / trials


def suggestions(tool):
    def search(_, trials):
        import importlib

        import suggest_cost

        module, make = suggest_cost.TOOLS[tool]
        importlib.import_module(module)
        peer = make(suggest_cost.history(100))
        peer.tell(peer.suggest())  # imports, compilation, a first fit
        seconds = 0
        for _ in range(trials):
            start = time.perf_counter()
            x = peer.suggest()
            seconds += time.perf_counter() - start
            peer.tell(x)
        return peer.version, seconds / trials

    return search


def training(tool):
    def search(_, repeats):
        import train

        x, y, _, _ = train.digits()
        train.TOOLS[tool](x, y, train.Work(epochs=1))  # imports
        start = time.perf_counter()
        for _ in range(repeats):
            version, _ = train.TOOLS[tool](x, y, train.Work())
        return version, (time.perf_counter() - start) / (repeats * 10 * len(y))

    return search


TOOLS = {
    "optuna": optuna_search,
    "hyperopt": hyperopt_search,
    "optuna-gp": suggestions("optuna-gp"),
    "bayes_opt": suggestions("bayes_opt"),
    "botorch": suggestions("botorch"),
    "scikit-learn": training("scikit-learn"),
    "pytorch-eager": training("pytorch-eager"),
}


def main():
    workload, tool, trials = sys.argv[1], sys.argv[2], int(sys.argv[3])
    try:
        version, seconds = TOOLS[tool](workload, trials)
    except ImportError as missing:
        print(missing, file=sys.stderr)
        sys.exit(3)
    print(json.dumps({"tool": tool, "version": version, "trials": trials, "seconds": seconds}))


if __name__ == "__main__":
    main()
