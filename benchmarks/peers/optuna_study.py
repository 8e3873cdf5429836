#!/usr/bin/env python3
"""Studies of Optuna for `assay bench start --peers` and `big --peers`, in its own SQLite.

    python3 optuna_study.py fill FILE TRIALS PARAMETERS
    python3 optuna_study.py first FILE MARK

fill makes the study `big`: as many trials and parameters, of the same kinds and in the same shares as Assay's has.
The rows are written straight into the tables that Optuna has made; by its own calls a trial takes milliseconds.
first runs one trial, whose program makes the file MARK. Both print Optuna's version. Exit code 3: it is not
installed, and stderr says what is missing.
"""

import datetime
import json
import random
import sqlite3
import subprocess
import sys

try:
    import optuna
except ImportError as e:
    sys.exit(print(e, file=sys.stderr) or 3)

TOGETHER = 1000
optuna.logging.set_verbosity(optuna.logging.ERROR)


def distribution(i):
    if i % 5 < 3:
        return optuna.distributions.FloatDistribution(-5, 5)
    if i % 5 == 3:
        return optuna.distributions.IntDistribution(1, 1024)
    return optuna.distributions.CategoricalDistribution(["relu", "tanh", "gelu", "silu"])


def internal(i):
    """As Optuna stores values: numbers, and indices of options."""
    return random.uniform(-5, 5) if i % 5 < 3 else random.randint(1, 1024) if i % 5 == 3 else random.randrange(4)


def fill(file, trials, parameters):
    study = optuna.create_study(storage=f"sqlite:///{file}", study_name="big")
    kinds = [json.loads(optuna.distributions.distribution_to_json(distribution(i))) for i in range(parameters)]
    texts = [json.dumps(kind) for kind in kinds]
    random.seed(1)
    start = datetime.datetime(2024, 1, 1)
    with sqlite3.connect(file) as database:
        for first in range(0, trials, TOGETHER):
            rows, values, params = [], [], []
            for number in range(first, min(trials, first + TOGETHER)):
                began = start + datetime.timedelta(seconds=0.25 * number)
                ended = began + datetime.timedelta(seconds=0.25)
                kind = random.randrange(100)
                state = "FAIL" if kind == 0 else "PRUNED" if kind <= 5 else "COMPLETE"
                rows.append((number + 1, number, study._study_id, state, str(began), str(ended)))
                if state == "COMPLETE":
                    values.append((number + 1, 0, random.random(), "FINITE"))
                params += [(number + 1, f"parameter_{i}", internal(i), texts[i]) for i in range(parameters)]
            database.executemany("INSERT INTO trials VALUES (?, ?, ?, ?, ?, ?)", rows)
            database.executemany(
                "INSERT INTO trial_values (trial_id, objective, value, value_type) VALUES (?, ?, ?, ?)", values
            )
            database.executemany(
                "INSERT INTO trial_params (trial_id, param_name, param_value, distribution_json)"
                " VALUES (?, ?, ?, ?)",
                params,
            )


def first(file, mark):
    def objective(trial):
        x = trial.suggest_float("x", 0, 1)
        trial.suggest_int("y", 1, 64, log=True)
        trial.suggest_categorical("z", ["a", "b", "c"])
        said = subprocess.run(["/bin/sh", "-c", f': > "{mark}"; echo loss={x}'], stdout=subprocess.PIPE, check=True)
        return float(said.stdout.decode().split("=")[1])

    optuna.create_study(storage=f"sqlite:///{file}").optimize(objective, n_trials=1)


if sys.argv[1] == "fill":
    fill(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
else:
    first(sys.argv[2], sys.argv[3])
print(optuna.__version__)
