"""Optuna on PostgreSQL: many processes run one study of trials of no length, with a budget for all of them.

The last line is a JSON object: seconds a trial, trials that were run, the version. `assay bench cluster` runs it beside its own
measurement. Needs optuna and psycopg2.
"""

import argparse
import json
import multiprocessing
import sys
import time

try:
    import optuna
    import psycopg2  # noqa: F401
except ImportError as e:
    print(e, file=sys.stderr)
    sys.exit(3)

STUDY = "bench cluster"


def storage(url):
    return optuna.storages.RDBStorage(url)


def work(url, trials, barrier):
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    study = optuna.load_study(
        study_name=STUDY, storage=storage(url), sampler=optuna.samplers.RandomSampler()
    )
    barrier.wait()
    # As Optuna's documentation has it for a budget of several processes.
    stop = optuna.study.MaxTrialsCallback(trials, states=None)
    study.optimize(lambda trial: trial.suggest_float("x", 0, 1), callbacks=[stop])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--storage", required=True, help="postgresql://user@host:port/db, of SQLAlchemy")
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--trials", type=int, default=2000)
    said = parser.parse_args()
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    if STUDY in optuna.study.get_all_study_names(storage(said.storage)):
        optuna.delete_study(study_name=STUDY, storage=storage(said.storage))
    optuna.create_study(study_name=STUDY, storage=storage(said.storage))
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(said.processes + 1)
    processes = [
        context.Process(target=work, args=(said.storage, said.trials, barrier))
        for _ in range(said.processes)
    ]
    for process in processes:
        process.start()
    barrier.wait()
    start = time.perf_counter()
    for process in processes:
        process.join()
    seconds = time.perf_counter() - start
    study = optuna.load_study(study_name=STUDY, storage=storage(said.storage))
    run = len(study.get_trials(deepcopy=False))
    failed = sum(process.exitcode != 0 for process in processes)
    optuna.delete_study(study_name=STUDY, storage=storage(said.storage))
    print(
        json.dumps(
            {"seconds": seconds / max(1, run), "trials": run, "failed": failed, "version": optuna.__version__}
        )
    )


if __name__ == "__main__":
    main()
