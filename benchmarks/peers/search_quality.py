"""What Optuna finds on the problems of `assay bench quality` that are no plain functions: its sets noisy, steps, plateaus,
crashes, rates, dimensions, branches, batches, many, time.

    python3 search_quality.py [--tools optuna-tpe,optuna-gp] [--problems noisy,rates7] [--seeds N] --out FILE
    python3 search_quality.py --checks FILE

FILE is read first, where it exists, and what was measured anew is written over it, after each problem: it is
`src/main/resources/dev/assay/bench/quality/world-peers.json`. A figure is the median over seeds of the true value of the
best observed trial less the optimum. Samplers as they come, but for `constant_liar` where trials are pending; optuna-gp
needs torch and scipy. `--checks` writes values at random points, which a test compares with those of Assay.
"""

import argparse
import json
import math
import os
import statistics
import time
import warnings

PRIMES = [2, 3, 5, 7, 11, 13, 17, 19]
GOLDEN = (math.sqrt(5) - 1) / 2


def place(seed, coordinate):
    turns = (seed + 1) * math.sqrt(PRIMES[coordinate])
    return turns - math.floor(turns)


# --- functions of the literature: (low, high) of each coordinate, optimum, formula


def branin(x):
    ridge = x[1] - 5.1 / (4 * math.pi**2) * x[0] ** 2 + 5 / math.pi * x[0] - 6
    return ridge**2 + 10 * (1 - 1 / (8 * math.pi)) * math.cos(x[0]) + 10


A6 = [[10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14]]
P6 = [
    [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
    [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
    [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650],
    [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
]
X6 = [0.2016895096, 0.1500106955, 0.4768739742, 0.2753324345, 0.3116516201, 0.6573005341]


def hartmann6(x):
    return -sum(w * math.exp(-sum(a * (v - p) ** 2 for a, p, v in zip(row, at, x))) for w, row, at in zip([1, 1.2, 3, 3.2], A6, P6))


def levy(x):
    w = [1 + (v - 1) / 4 for v in x]
    total = math.sin(math.pi * w[0]) ** 2 + (w[-1] - 1) ** 2 * (1 + math.sin(2 * math.pi * w[-1]) ** 2)
    return total + sum((v - 1) ** 2 * (1 + 10 * math.sin(math.pi * v + 1) ** 2) for v in w[:-1])


def styblinski_tang(x):
    return 0.5 * sum(v**4 - 16 * v * v + 5 * v for v in x)


def rosenbrock(x):
    return sum(100 * (b - a * a) ** 2 + (1 - a) ** 2 for a, b in zip(x, x[1:]))


def rastrigin(x):
    return sum(10 + v * v - 10 * math.cos(2 * math.pi * v) for v in x)


def ackley(x):
    d = len(x)
    return (
        -20 * math.exp(-0.2 * math.sqrt(sum(v * v for v in x) / d))
        - math.exp(sum(math.cos(2 * math.pi * v) for v in x) / d)
        + 20
        + math.e
    )


def moved(formula, offset):
    return lambda x: formula([v - o for v, o in zip(x, offset)])


def shares(d, size):
    """How far `sphere20_shifted` and its like are moved."""
    turns = [(j + 1) * GOLDEN for j in range(d)]
    return [0.5 * size * (t - math.floor(t) - 0.5) for t in turns]


FUNCTIONS = {
    "branin2": ([(-5, 10), (0, 15)], branin([math.pi, 2.275]), branin),
    "hartmann6": ([(0, 1)] * 6, hartmann6(X6), hartmann6),
    "levy10": ([(-10, 10)] * 10, 0, levy),
    "sphere20_shifted": ([(-5.12, 5.12)] * 20, 0, moved(lambda x: sum(v * v for v in x), shares(20, 10.24))),
    "styblinski_tang4": ([(-5, 5)] * 4, styblinski_tang([-2.903534027771] * 4), styblinski_tang),
    "rosenbrock4": ([(-5, 10)] * 4, 0, rosenbrock),
    "rosenbrock5": ([(-5, 10)] * 5, 0, rosenbrock),
    "rastrigin4": ([(-5.12, 5.12)] * 4, 0, moved(rastrigin, [1.1, -2.3, 0.7, -1.6])),
    "rastrigin5_shifted": ([(-5.12, 5.12)] * 5, 0, moved(rastrigin, shares(5, 10.24))),
    "ackley5": ([(-32.768, 32.768)] * 5, 0, moved(ackley, [5.3, -7.1, 11.9, -3.7, 8.2])),
}


# --- what a trial reports of a true value


def exact(value, optimum, random):
    return value


def noise(deviation):
    return lambda value, optimum, random: value + deviation * random.standard_normal()


def relative(share):
    return lambda value, optimum, random: value + share * (value - optimum) * random.standard_normal()


def heavy(scale):
    return lambda value, optimum, random: value + scale * random.standard_t(3)


def ceiling(step):
    return lambda value, optimum, random: math.ceil(value / step) * step


def share(rows):
    return lambda value, optimum, random: round(value * rows) / rows


def count(rows):
    return lambda value, optimum, random: float(random.binomial(rows, value)) / rows


class Problem:
    """`truth(trial, seed)` suggests parameters and says what they are worth; None: the trial crashes."""

    def __init__(
        self, name, truth, optimum=0.0, seen=exact, budgets=(30, 50, 60), pending=1, milliseconds=0.0, seeds=10, more=4
    ):
        self.name, self.truth, self.optimum, self.seen = name, truth, optimum, seen
        self.budgets, self.pending, self.milliseconds, self.seeds, self.more = budgets, pending, milliseconds, seeds, more

    def searches(self, tool):
        """How many: `more` times as many by what proposes cheaply, as in Assay's `SearchPlan`."""
        return self.seeds * (self.more if tool == "optuna-tpe" else 1)


def floats(trial, bounds):
    return [trial.suggest_float(f"x{j}", low, high) for j, (low, high) in enumerate(bounds)]


def function(name, suffix="", seen=exact, **more):
    bounds, optimum, formula = FUNCTIONS[name]
    return Problem(name + suffix, lambda trial, _: formula(floats(trial, bounds)), optimum, seen, **more)


def among(name, d):
    bounds, optimum, formula = FUNCTIONS[name]
    stride = d // len(bounds)
    at = [stride * k + stride // 2 for k in range(len(bounds))]
    box = [bounds[at.index(j)] if j in at else (0, 1) for j in range(d)]

    def truth(trial, _):
        x = floats(trial, box)
        return formula([x[j] for j in at])

    return Problem(f"{name}-in{d}", truth, optimum, budgets=(50, 100), seeds=5)


def log10(value):
    return math.log10(value)


# --- hyperparameters of a training

def capacity(width):
    return 1 - 0.5 * math.exp(-0.5 * math.log2(width / 8))


def rates(crashing):
    def truth(trial, _):
        rate = trial.suggest_float("rate", 1e-6, 1, log=True)
        decay = trial.suggest_float("decay", 1e-7, 1e-1, log=True)
        width = trial.suggest_int("width", 8, 512, log=True)
        layers = trial.suggest_int("layers", 1, 6)
        batch = [16, 32, 64, 128, 256].index(trial.suggest_categorical("batch", [16, 32, 64, 128, 256]))
        optimizer = ["sgd", "adam", "rmsprop"].index(trial.suggest_categorical("optimizer", ["sgd", "adam", "rmsprop"]))
        schedule = ["constant", "cosine", "step"].index(trial.suggest_categorical("schedule", ["constant", "cosine", "step"]))
        beyond = log10(rate) - ([-1, -2.8, -3.2][optimizer] + 0.15 * (batch - 2) - 0.1 * (layers - 3))
        if crashing and (beyond > 0.9 or math.log2(width * layers) + batch > 12):
            return None
        if beyond > 0.9:
            return 0.9
        error = 0.9 - 0.85 * math.exp(-0.35 * beyond * beyond) * capacity(width)
        error += 0.015 * (layers - 3) ** 2 + 0.006 * (log10(decay) + 4) ** 2 + 0.008 * abs(batch - 1)
        return min(0.9, error + [0, 0.01, 0.03][optimizer] + [0.03, 0, 0.01][schedule])

    return truth


RATES_OPTIMUM = 0.9 - 0.85 * capacity(512)


def rates7(suffix="", seen=exact, crashing=False):
    return Problem("rates7" + suffix, rates(crashing), RATES_OPTIMUM, seen)


def mixed6(trial, _):
    x, y = trial.suggest_float("x", -5, 5), trial.suggest_float("y", -5, 5)
    rate, k = trial.suggest_float("lr", 1e-5, 1, log=True), trial.suggest_int("k", 1, 16)
    a = ["p", "q", "r"].index(trial.suggest_categorical("a", ["p", "q", "r"]))
    b = ["u", "v"].index(trial.suggest_categorical("b", ["u", "v"]))
    x, y = x - [1.5, -2, 3][a], y - [-1, 2][b]
    u = log10(rate) + 1.5 + 0.15 * (k - 1)
    bowl = 0.1 * x * x + 0.2 * (1 - math.cos(math.pi * x)) + 0.1 * (y - 0.2 * x) ** 2
    return 0.3 * a + 0.2 * b + bowl + 0.5 * u * u + 0.02 * (k - 7) ** 2


# --- plateaus


def cube(trial, d):
    return floats(trial, [(0, 1)] * d)


def funnel(radius):
    def truth(trial, seed):
        x, y = cube(trial, 2)
        return min(radius, math.hypot(x - place(seed, 0), y - place(seed, 1)))

    return truth


def slit(trial, seed):
    return 0.0 if abs(cube(trial, 2)[0] - (0.02 + 0.96 * place(seed, 0))) < 0.02 else 1.0


def slope(trial, seed):
    x, y = cube(trial, 2)
    along = (x - 0.93 * place(seed, 0)) / 0.07
    return 1.0 if along < 0 or along > 1 else 1 - along * (0.5 + 0.5 * y)


def basin(trial, seed):
    x, _, z = cube(trial, 3)
    u, v = (x - 0.15 - 0.7 * place(seed, 0)) / 0.15, (z - 0.15 - 0.7 * place(seed, 1)) / 0.15
    return min(1.0, max(u * u, v * v))


def shelf(trial, seed):
    u, v = cube(trial, 2)
    x, y = 0.1 + 0.8 * place(seed, 0), 0.1 + 0.8 * place(seed, 1)
    wide, narrow = math.hypot(u - (1 - x), v - (1 - y)), math.hypot(u - x, v - y)
    return min(max(0.5, 0.5 + 2 * (wide - 0.2)), 4 * narrow)


def constant2(trial, seed):
    cube(trial, 2)
    return 0.0


def constant3(trial, seed):
    cube(trial, 2)
    trial.suggest_categorical("option", ["a", "b", "c"])
    return 0.0


# --- crashes


def bowl(x, y, seed):
    return (x - 0.2 - 0.6 * place(seed, 0)) ** 2 + (y - 0.2 - 0.6 * place(seed, 1)) ** 2


def options4(trial, seed):
    x, y = cube(trial, 2)
    option = "abcd".index(trial.suggest_categorical("option", list("abcd")))
    after = (option - int(4 * place(seed, 2)) + 4) % 4
    return None if after == 0 else bowl(x, y, seed) + 0.1 * (after - 1)


def options8(trial, seed):
    x, y, z = cube(trial, 3)
    option = "abcdefgh".index(trial.suggest_categorical("option", list("abcdefgh")))
    after = (option * 3 + int(8 * place(seed, 2))) % 8
    return None if after < 3 else bowl(x, y, seed) + (z - 0.2 - 0.6 * place(seed, 3)) ** 2 + 0.15 * (after - 3)


def branin_crash(trial, _):
    x = floats(trial, FUNCTIONS["branin2"][0])
    return None if x[0] + x[1] > 12 else branin(x)


def hartmann_crash(trial, _):
    x = cube(trial, 6)
    return None if x[0] + x[3] > 0.9 or x[1] > 0.9 else hartmann6(x)


def mostly(trial, seed):
    x, y, z = cube(trial, 3)
    u, v, w = x - 0.25 - 0.5 * place(seed, 0), y - 0.25 - 0.5 * place(seed, 1), z - place(seed, 2)
    return None if max(abs(u), abs(v)) > 0.22 else (u - 0.1) ** 2 + (v + 0.1) ** 2 + w * w


# --- conditional spaces


def tree(trial, _):
    path = trial.suggest_categorical("a", ["l", "r"])
    path += trial.suggest_categorical("b" + path, ["l", "r"])
    path += trial.suggest_categorical("c" + path, ["l", "r"])
    leaf = int(path.replace("l", "0").replace("r", "1"), 2)
    x = trial.suggest_float("x" + path, 0, 1) - 0.1 - 0.1 * leaf
    y = trial.suggest_float("y" + path, 0, 1) - 0.9 + 0.1 * leaf
    return 4 * (x * x + y * y) + 0.1 * ((3 * leaf + 2) % 8)


def pipeline(trial, _):
    scaled = trial.suggest_categorical("scaling", ["none", "standard"]) == "standard"
    model = trial.suggest_categorical("model", ["linear", "kernel", "net"])

    def off(name, low, high, best):
        return (log10(trial.suggest_float(name, low, high, log=True)) - best) ** 2

    if model == "linear":
        penalty = trial.suggest_categorical("penalty", ["none", "l1", "l2"])
        error = 0.12 + {
            "none": lambda: 0.05,
            "l1": lambda: 0.01 + 0.01 * off("strength", 1e-5, 1e2, -2),
            "l2": lambda: 0.01 * off("strength", 1e-5, 1e2, -1),
        }[penalty]()
    elif model == "kernel":
        if trial.suggest_categorical("kernel", ["rbf", "poly"]) == "rbf":
            error = 0.06 + 0.02 * off("cost", 1e-3, 1e3, 1) + 0.05 * off("gamma", 1e-4, 1e1, -1.5)
        else:
            degree = trial.suggest_int("degree", 2, 5)
            error = 0.06 + 0.02 + 0.02 * off("cost", 1e-3, 1e3, 0) + 0.02 * (degree - 3) ** 2
    elif trial.suggest_categorical("optimizer", ["adam", "sgd"]) == "adam":
        error = 0.04 + 0.02 + 0.2 * (1 - math.exp(-off("rate", 1e-5, 1, -3)))
    elif trial.suggest_categorical("heavy", [False, True]):
        momentum = trial.suggest_float("momentum", 0.5, 0.99)
        best = -1 + log10((1 - momentum) / 0.5)
        error = 0.04 + 0.3 * (1 - math.exp(-2 * off("rate", 1e-5, 1, best))) + (momentum - 0.9) ** 2
    else:
        error = 0.04 + 0.03 + 0.3 * (1 - math.exp(-off("rate", 1e-5, 1, -1)))
    return min(0.9, error + (0 if scaled else 0.03))


BATCH8 = {"budgets": (30, 60), "pending": 8}
BATCH32 = {"budgets": (96,), "pending": 32, "seeds": 5}
MANY = {"budgets": (500, 2000), "seeds": 3, "more": 1}
TIME = {"budgets": (100, 400), "milliseconds": 5.0, "seeds": 5, "more": 1}

SETS = {
    "noisy": [
        function("branin2", "-noise2", noise(2)),
        function("branin2", "-noise10", noise(10)),
        function("hartmann6", "-noise0.1", noise(0.1)),
        function("hartmann6", "-noise0.3", noise(0.3)),
        function("hartmann6", "-relative0.2", relative(0.2)),
        function("hartmann6", "-heavy0.1", heavy(0.1)),
        function("levy10", "-noise2", noise(2)),
        function("sphere20_shifted", "-noise5", noise(5)),
    ],
    "steps": [
        function("branin2", "-ceil2", ceiling(2)),
        function("hartmann6", "-ceil0.2", ceiling(0.2)),
        function("ackley5", "-ceil1", ceiling(1)),
        rates7("-300rows", share(300)),
        rates7("-300drawn", count(300)),
    ],
    "plateaus": [
        Problem("plateau2-0.15", funnel(0.15)),
        Problem("plateau2-0.25", funnel(0.25)),
        Problem("slit2", slit),
        Problem("slope2", slope),
        Problem("basin3", basin),
        Problem("shelf2", shelf),
        Problem("constant2", constant2),
        Problem("constant3-mixed", constant3),
    ],
    "crashes": [
        Problem("options4-crash1", options4, budgets=(20, 40)),
        Problem("options8-crash3", options8, budgets=(20, 40)),
        Problem("branin2-crash40", branin_crash, FUNCTIONS["branin2"][1]),
        Problem("hartmann6-crash60", hartmann_crash, FUNCTIONS["hartmann6"][1]),
        Problem("bowl3-crash80", mostly),
    ],
    "rates": [rates7(), rates7("-noise0.02", noise(0.02)), rates7("-crashing", crashing=True)],
    "dimensions": [among("branin2", 20), among("hartmann6", 30), among("styblinski_tang4", 40), among("hartmann6", 60)],
    "branches": [
        Problem("tree8", tree),
        Problem("pipeline12", pipeline, 0.04),
        Problem("pipeline12-noise0.02", pipeline, 0.04, noise(0.02)),
    ],
    "batches": [
        function("branin2", "-pending8", **BATCH8),
        function("hartmann6", "-pending8", **BATCH8),
        Problem("mixed6-pending8", mixed6, **BATCH8),
        function("hartmann6", "-pending32", **BATCH32),
        function("rastrigin4", "-pending32", **BATCH32),
    ],
    "many": [
        function("rosenbrock5", "-many", **MANY),
        function("rastrigin5_shifted", "-many", **MANY),
        Problem("mixed6-many", mixed6, **MANY),
        function("hartmann6", "-noise0.3-many", noise(0.3), **MANY),
    ],
    "time": [function("hartmann6", "-each5ms", **TIME), function("rosenbrock4", "-each5ms", **TIME)],
}


def sampler(optuna, tool, problem, seed):
    if tool == "optuna-tpe":
        return optuna.samplers.TPESampler(seed=seed, constant_liar=problem.pending > 1)
    if tool == "optuna-gp":
        return optuna.samplers.GPSampler(seed=seed)
    raise SystemExit(f"No such tool: {tool}; optuna-tpe or optuna-gp")


def search(optuna, tool, problem, seed):
    """Regret after each trial, and how many crashed."""
    import numpy

    study = optuna.create_study(sampler=sampler(optuna, tool, problem, seed))
    most, best, regret, crashes, spent, ended = max(problem.budgets), math.inf, math.inf, 0, 0.0, 0
    regrets, running = [], []

    def slots(trials):
        return int(trials + 1e3 * spent / problem.milliseconds) if problem.milliseconds else trials

    while True:
        while len(running) < problem.pending and slots(ended + len(running)) < most:
            begun = time.thread_time()
            trial = study.ask()
            value = problem.truth(trial, seed)
            spent += time.thread_time() - begun
            running.append((trial, value))
        if not running:
            break
        trial, value = running.pop(0)
        ended += 1
        regrets += [regret] * (slots(ended) - 1 - len(regrets))
        if value is None:
            study.tell(trial, state=optuna.trial.TrialState.FAIL)
            crashes += 1
        else:
            seen = problem.seen(value, problem.optimum, numpy.random.default_rng([seed, trial.number]))
            study.tell(trial, seen)
            if seen < best:
                best, regret = seen, value - problem.optimum
        regrets.append(regret)
    return (regrets + [regret] * most)[:most], crashes


def measure(optuna, tool, problem, seeds):
    runs = [search(optuna, tool, problem, seed) for seed in range(1, seeds + 1)]
    crashes = statistics.median(c for _, c in runs)
    figures = {}
    for budget in problem.budgets:
        median = statistics.median(regrets[budget - 1] for regrets, _ in runs)
        if math.isfinite(median):
            figures[str(budget)] = {"median": median, "seeds": seeds}
    if crashes:
        figures[str(max(problem.budgets))]["crashes"] = crashes
    return figures


def checks(optuna):
    """Values at five random points of each problem, two of them off a plateau if it has one."""
    document = {}
    for problem in [p for problems in SETS.values() for p in problems]:
        study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=7))
        kept = document[problem.name] = []
        for draw in range(100):
            trial, seed = study.ask(), 1 + draw % 4
            value = problem.truth(trial, seed)
            if len(kept) < 3 or (len(kept) < 5 and value not in [k["value"] for k in kept]):
                kept.append({"seed": seed, "params": trial.params, "value": value})
    return document


def chosen(names):
    known = {problem.name: problem for problems in SETS.values() for problem in problems}
    problems = []
    for name in names:
        if name not in SETS and name not in known:
            raise SystemExit(f"No such problem: {name}; one of {', '.join([*SETS, *known])}")
        problems += SETS.get(name) or [known[name]]
    return problems


def save(document, path, indent=1):
    with open(path + ".part", "w", encoding="utf-8") as file:
        file.write(json.dumps(document, indent=indent) + "\n")
    os.replace(path + ".part", path)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tools", default="optuna-tpe,optuna-gp")
    parser.add_argument("--problems", default=",".join(SETS))
    parser.add_argument("--seeds", type=int, help="at most so many; default: each problem's own, 3 to 40")
    parser.add_argument("--out")
    parser.add_argument("--checks")
    arguments = parser.parse_args()
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    warnings.simplefilter("ignore")
    if arguments.checks:
        save(checks(optuna), arguments.checks, None)
    if not arguments.out:
        return
    document = {}
    if os.path.exists(arguments.out):
        with open(arguments.out, encoding="utf-8") as file:
            document = json.load(file)
    for problem in chosen(arguments.problems.split(",")):
        for tool in arguments.tools.split(","):
            seeds = min(problem.searches(tool), arguments.seeds or problem.searches(tool))
            begun = time.process_time()
            figures = measure(optuna, tool, problem, seeds)
            document.setdefault(problem.name, {})[tool] = figures
            save(document, arguments.out)
            print(problem.name, tool, f"{time.process_time() - begun:.1f} s", figures, flush=True)


if __name__ == "__main__":
    main()
