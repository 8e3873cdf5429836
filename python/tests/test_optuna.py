"""The sampler inside the real Optuna."""

import math
import os
import pickle
import unittest
import warnings

try:
    import optuna
except ImportError as error:
    raise unittest.SkipTest(f"Optuna is not installed: {error}")

from assay.optuna import AssaySampler

optuna.logging.set_verbosity(optuna.logging.ERROR)


def mixed(trial):
    x = trial.suggest_float("x", -5, 5)
    rate = trial.suggest_float("learning rate", 1e-5, 1, log=True)
    step = trial.suggest_float("dropout", 0, 0.9, step=0.1)
    n = trial.suggest_int("n", 1, 64, log=True)
    k = trial.suggest_int("k", 2, 20, step=3)
    option = trial.suggest_categorical("ünit.é", ["a", None, 3, 1.5, True])
    return x * x + (math.log10(rate) + 3) ** 2 + step + abs(n - 8) / 64 + k / 20 + (option != "a")


class SamplerTest(unittest.TestCase):
    def sampler(self, *arguments, **options):
        sampler = AssaySampler(*arguments, **{"seed": 1, **options})
        self.addCleanup(sampler.close)
        return sampler

    def test_every_kind_of_parameter_is_searched(self):
        study = optuna.create_study(sampler=self.sampler("tpe"))
        study.optimize(mixed, n_trials=40)
        self.assertEqual(len([t for t in study.trials if t.state.name == "COMPLETE"]), 40)
        asked = study.sampler._send({"hello": {}})["study"]
        self.assertEqual(asked["trials"]["complete"], 40)
        best_late = min(t.value for t in study.trials[20:])
        self.assertLess(best_late, study.trials[0].value)

    def test_the_same_seed_gives_the_same_trials_also_after_a_resume(self):
        space = {"x": optuna.distributions.FloatDistribution(-5, 5)}

        def square(trial):
            return trial.suggest_float("x", -5, 5) ** 2

        whole = optuna.create_study(sampler=self.sampler("gp", search_space=space))
        whole.optimize(square, n_trials=10)
        again = optuna.create_study(sampler=self.sampler("gp", search_space=space))
        again.optimize(square, n_trials=5)
        again.sampler.close()
        again.sampler = self.sampler("gp", search_space=space)
        again.optimize(square, n_trials=5)
        self.assertEqual([t.params for t in again.trials[:5]], [t.params for t in whole.trials[:5]])
        self.assertEqual(again.sampler._send({"hello": {}})["study"]["trials"]["complete"], 10)
        self.assertLess(whole.best_value, 0.1)

    def test_history_failures_and_pruned_trials_are_known(self):
        study = optuna.create_study(direction="maximize", sampler=optuna.samplers.RandomSampler(seed=3))

        def objective(trial):
            x = trial.suggest_float("x", 0, 1)
            trial.report(x, 1)
            trial.report(x + 1, 2)
            if trial.number % 4 == 1:
                raise optuna.TrialPruned
            if trial.number % 4 == 2:
                raise ValueError("no")
            return x

        study.optimize(objective, n_trials=12, catch=(ValueError,))
        study.sampler = self.sampler("random")
        study.optimize(objective, n_trials=4, catch=(ValueError,))
        trials = study.sampler._send({"trials": {}})["trials"]
        self.assertEqual([t["state"] for t in trials], ["complete", "pruned", "failed", "complete"] * 4)
        self.assertEqual([s["values"]["value0"] for s in trials[1]["steps"]][1], study.trials[1].params["x"] + 1)

    def test_spaces_that_depend_on_the_trial(self):
        def objective(trial):
            kind = trial.suggest_categorical("kind", ["linear", "deep"])
            if kind == "deep":
                return sum(trial.suggest_float(f"w{i}", 0, 1) for i in range(trial.suggest_int("layers", 1, 3)))
            return trial.suggest_float("slope", 0, 1)

        study = optuna.create_study(sampler=self.sampler("tpe"))
        study.optimize(objective, n_trials=20)
        self.assertEqual(len(study.trials), 20)
        self.assertEqual(study.sampler._send({"hello": {}})["study"]["parameters"], ["p0"])

    def test_enqueued_and_fixed_values_are_what_is_learned(self):
        study = optuna.create_study(sampler=self.sampler("random"))

        def objective(trial):
            return trial.suggest_float("x", 0, 1) + trial.suggest_int("n", 0, 9)

        study.optimize(objective, n_trials=2)
        study.enqueue_trial({"x": 0.125})
        study.enqueue_trial({"x": 7.0, "n": 3})  # beyond the range: Optuna takes it, with a warning
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            study.optimize(objective, n_trials=3)
        self.assertEqual(study.trials[2].params["x"], 0.125)
        told = {t["params"]["p1"]: t["values"] for t in study.sampler._send({"trials": {}})["trials"] if t["values"]}
        self.assertEqual(told[0.125], {"value0": study.trials[2].value})
        for params, values in told.items():
            self.assertLessEqual(params, 1)

    def test_several_objectives(self):
        study = optuna.create_study(directions=["maximize", "minimize"], sampler=self.sampler("nsga2"))
        study.optimize(lambda t: (t.suggest_float("x", 0, 1), t.suggest_float("y", 0, 1)), n_trials=12)
        trials = study.sampler._send({"trials": {}})["trials"]
        for ours, theirs in zip(trials, study.trials):
            self.assertEqual([ours["values"]["value0"], ours["values"]["value1"]], theirs.values)

    def test_a_finite_space_ends_in_independent_draws(self):
        study = optuna.create_study(sampler=self.sampler("grid", search_space={"n": optuna.distributions.IntDistribution(1, 3)}))
        study.optimize(lambda t: t.suggest_int("n", 1, 3), n_trials=6)
        self.assertEqual(sorted(t.params["n"] for t in study.trials[:3]), [1, 2, 3])

    def test_threads_copies_and_forks(self):
        sampler = self.sampler("random")
        study = optuna.create_study(sampler=sampler)
        study.optimize(lambda t: t.suggest_float("x", 0, 1), n_trials=12, n_jobs=3)
        self.assertEqual(len(study.trials), 12)
        copy = pickle.loads(pickle.dumps(sampler))
        self.addCleanup(copy.close)
        study.sampler = copy
        study.optimize(lambda t: t.suggest_float("x", 0, 1), n_trials=1)
        if hasattr(os, "fork"):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)
                child = os.fork()
            if child == 0:
                code = 1
                try:
                    study.optimize(lambda t: t.suggest_float("x", 0, 1), n_trials=1)
                    study.sampler.close()
                    code = 0
                finally:
                    os._exit(code)
            self.assertEqual(os.waitpid(child, 0)[1], 0)
        study.optimize(lambda t: t.suggest_float("x", 0, 1), n_trials=1)


if __name__ == "__main__":
    unittest.main()
