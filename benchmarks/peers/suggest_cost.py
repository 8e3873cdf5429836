#!/usr/bin/env python3
"""What one suggestion of other tools costs after n finished trials in 10 dimensions.

The same history as `assay bench suggest`: uniform draws of a bent valley, each timed suggestion then
told, so that n grows by one. Processor time of the process, one thread; the median of some shots.
Prints the measurements as JSON, in the form of the files in results/. What is not installed is left
out, and said.

    python3 suggest_cost.py [--n 100,1000] [--shots 5] [--tools optuna-gp,...] [--out FILE]
"""

import os

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"  # before anything loads a BLAS

import argparse
import importlib
import statistics
import sys
import time
import warnings

import peer_results

warnings.filterwarnings("ignore")
D = 10


def loss(x):
    total = 0.0
    for i in range(D):
        bend = 0.0 if i == 0 else x[i - 1] ** 2 / 4
        total += (x[i] - 0.3 - bend) ** 2
    return total


def history(n):
    import random

    draw = random.Random(7)
    return [[draw.uniform(-2, 2) for _ in range(D)] for _ in range(n)]


class EarlierTorch:
    """torch 1 has no `with torch.device("cpu")`; the processor is its default anyway."""

    def __getattr__(self, name):
        import contextlib

        import torch

        return (lambda _: contextlib.nullcontext()) if name == "device" else getattr(torch, name)


class Optuna:
    """A study in memory; a shot is `ask` and the suggestions of the parameters."""

    def __init__(self, points, kind):
        import optuna

        optuna.logging.set_verbosity(optuna.logging.ERROR)
        if kind == "gp":
            import torch

            torch.set_num_threads(1)
            if torch.__version__.startswith("1."):
                importlib.import_module("optuna.samplers._gp.sampler").torch = EarlierTorch()
        self.version = optuna.__version__
        sampler = {
            "gp": lambda: optuna.samplers.GPSampler(seed=1),
            "tpe": lambda: optuna.samplers.TPESampler(seed=1, multivariate=True),
            "cma": lambda: optuna.samplers.CmaEsSampler(seed=1),
            "nsga2": lambda: optuna.samplers.NSGAIISampler(seed=1),
            "random": lambda: optuna.samplers.RandomSampler(seed=1),
        }[kind]()
        self.study = optuna.create_study(sampler=sampler)
        space = {f"x{i}": optuna.distributions.FloatDistribution(-2, 2) for i in range(D)}
        self.study.add_trials(
            [
                optuna.trial.create_trial(
                    params={f"x{i}": v for i, v in enumerate(x)},
                    distributions=space,
                    value=loss(x),
                )
                for x in points
            ]
        )

    def suggest(self):
        self.trial = self.study.ask()
        return [self.trial.suggest_float(f"x{i}", -2, 2) for i in range(D)]

    def tell(self, x):
        self.study.tell(self.trial, loss(x))


class BoTorch:
    """SingleTaskGP fitted by its maximum a posteriori, LogEI, 10 restarts, 512 raw samples."""

    def __init__(self, points):
        import botorch
        import torch

        torch.set_num_threads(1)
        self.torch = torch
        self.version = botorch.__version__
        self.x = torch.tensor(points, dtype=torch.float64) / 4 + 0.5
        self.y = torch.tensor([[-loss(x)] for x in points], dtype=torch.float64)

    def suggest(self):
        from botorch.acquisition import LogExpectedImprovement
        from botorch.fit import fit_gpytorch_mll
        from botorch.models import SingleTaskGP
        from botorch.optim import optimize_acqf
        from gpytorch.mlls import ExactMarginalLogLikelihood

        y = (self.y - self.y.mean()) / self.y.std()
        model = SingleTaskGP(self.x, y)
        fit_gpytorch_mll(ExactMarginalLogLikelihood(model.likelihood, model))
        bounds = self.torch.stack([self.torch.zeros(D), self.torch.ones(D)]).double()
        x, _ = optimize_acqf(
            LogExpectedImprovement(model, y.max()), bounds, q=1, num_restarts=10, raw_samples=512
        )
        return ((x[0] - 0.5) * 4).tolist()

    def tell(self, x):
        t = self.torch
        self.x = t.cat([self.x, t.tensor([x], dtype=t.float64) / 4 + 0.5])
        self.y = t.cat([self.y, t.tensor([[-loss(x)]], dtype=t.float64)])


class BayesOpt:
    """BayesianOptimization as it comes."""

    def __init__(self, points):
        import bayes_opt

        self.version = bayes_opt.__version__
        self.optimizer = bayes_opt.BayesianOptimization(
            None, {f"x{i}": (-2, 2) for i in range(D)}, random_state=1, verbose=0
        )
        for x in points:
            self.tell(x)

    def suggest(self):
        params = self.optimizer.suggest()
        return [params[f"x{i}"] for i in range(D)]

    def tell(self, x):
        self.optimizer.register({f"x{i}": v for i, v in enumerate(x)}, -loss(x))


TOOLS = {
    "optuna-gp": ("optuna", lambda p: Optuna(p, "gp")),
    "optuna-tpe": ("optuna", lambda p: Optuna(p, "tpe")),
    "optuna-cma": ("cmaes", lambda p: Optuna(p, "cma")),
    "optuna-nsga2": ("optuna", lambda p: Optuna(p, "nsga2")),
    "optuna-random": ("optuna", lambda p: Optuna(p, "random")),
    "botorch": ("botorch", BoTorch),
    "bayes_opt": ("bayes_opt", BayesOpt),
}


def measure(name, make, n, shots):
    tool = make(history(n))
    tool.tell(tool.suggest())  # imports, compilation, a first fit
    times = []
    for _ in range(shots):
        start = time.process_time()
        x = tool.suggest()
        times.append(1e3 * (time.process_time() - start))
        tool.tell(x)
    times.sort()
    return {
        "benchmark": "peers.suggest",
        "parameters": {"tool": name, "version": tool.version, "n": str(n), "d": str(D)},
        "score": statistics.fmean(times),
        "error": None,
        "unit": "ms/op",
        "p50": statistics.median(times),
        "p99": times[-1],
        "bytesPerOperation": None,
        "peer": None,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--n", default="100,1000")
    parser.add_argument("--shots", type=int, default=5)
    parser.add_argument("--tools", default=",".join(TOOLS))
    parser.add_argument("--out")
    arguments = parser.parse_args()
    measurements = []
    for name in arguments.tools.split(","):
        if name not in TOOLS:
            parser.error(f"no tool {name}; there are {', '.join(TOOLS)}")
        module, make = TOOLS[name]
        try:
            importlib.import_module(module)
        except ImportError as missing:
            print(f"{name} left out: {missing}", file=sys.stderr)
            continue
        for n in map(int, arguments.n.split(",")):
            try:
                result = measure(name, make, n, arguments.shots)
            except Exception as failure:  # whatever it is, the other tools go on
                print(f"{name} left out: {type(failure).__name__}: {failure}", file=sys.stderr)
                break
            print(f"{name} n={n}: {result['p50']:.3g} ms", file=sys.stderr)
            measurements.append(result)
    peer_results.write(measurements, arguments.out)


if __name__ == "__main__":
    main()
