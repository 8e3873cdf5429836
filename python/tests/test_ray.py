"""The searcher inside the real Ray Tune."""

import os
import pickle
import tempfile
import unittest

try:
    from ray import tune
    from ray.tune.search import Searcher
except ImportError as error:
    raise unittest.SkipTest(f"Ray Tune is not installed: {error}")

import assay
from assay.ray import AssaySearch

SPACE = {
    "lr": tune.loguniform(1e-5, 1),
    "momentum": tune.quniform(0, 0.9, 0.1),
    "net": {"layers": tune.randint(1, 6), "width": tune.qrandint(16, 100, 16), "units": tune.lograndint(1, 64)},
    "act": tune.choice(["relu", None, 3.5, ("a", "b")]),
    "epochs": 20,
}


class SearcherTest(unittest.TestCase):
    def searcher(self, space=SPACE, metric="loss", mode="min", **options):
        searcher = AssaySearch(space, metric, mode, **{"seed": 5, "sampler": "random", **options})
        self.addCleanup(searcher.close)
        return searcher

    def test_every_kind_of_domain(self):
        searcher = self.searcher()
        for i in range(30):
            config = searcher.suggest(f"t{i}")
            self.assertTrue(1e-5 <= config["lr"] <= 1)
            self.assertAlmostEqual(config["momentum"] * 10, round(config["momentum"] * 10))
            self.assertIn(config["net"]["layers"], range(1, 6))
            self.assertIn(config["net"]["width"], range(16, 97, 16))
            self.assertIn(config["net"]["units"], range(1, 64))
            self.assertIn(config["act"], ["relu", None, 3.5, ("a", "b")])
            self.assertNotIn("epochs", config)
            searcher.on_trial_result(f"t{i}", {"loss": 1.0, "training_iteration": 1})
            searcher.on_trial_result(f"t{i}", {"loss": 2.0, "training_iteration": 1})
            searcher.on_trial_complete(f"t{i}", {"loss": config["lr"]} if i % 3 else None, error=i % 3 == 0)
        counts = searcher._send({"hello": {}})["study"]["trials"]
        self.assertEqual((counts["complete"], counts["failed"]), (20, 10))
        self.assertEqual(searcher.suggest("t99"), searcher.suggest("t99"))

    def test_a_restored_searcher_goes_on_as_if_nothing_had_happened(self):
        whole = self.searcher(sampler={"tpe": {"start": 4}}, points_to_evaluate=[{"lr": 0.5, "net": {"layers": 2}}])
        again = self.searcher(sampler={"tpe": {"start": 4}}, points_to_evaluate=[{"lr": 0.5, "net": {"layers": 2}}])

        def run(searcher, first, last):
            configs = []
            for i in range(first, last):
                configs.append(searcher.suggest(f"t{i}"))
                if i != 5:  # which runs on all the while
                    searcher.on_trial_result(f"t{i}", {"loss": 9, "training_iteration": 1})
                    searcher.on_trial_complete(f"t{i}", {"loss": configs[-1]["lr"]})
            return configs

        expected = run(whole, 0, 16)
        self.assertEqual((expected[0]["lr"], expected[0]["net"]["layers"]), (0.5, 2))
        first = run(again, 0, 9)
        with tempfile.TemporaryDirectory() as directory:
            path = os.path.join(directory, "searcher")
            again.save(path)
            other = self.searcher(sampler="random", points_to_evaluate=[{"lr": 0.5, "net": {"layers": 2}}])
            other.restore(path)
        self.assertEqual(first + run(other, 9, 16), expected)
        other.on_trial_complete("t5", {"loss": 0.5})
        copy = pickle.loads(pickle.dumps(other))
        self.addCleanup(copy.close)
        self.assertEqual(copy.suggest("next"), other.suggest("next"))

    def test_what_cannot_be_searched_is_refused(self):
        for space in ({"a": tune.grid_search([1, 2])}, {"a": tune.randn()}, {}, {"a": [tune.uniform(0, 1)]}):
            with self.assertRaises(assay.AssayError):
                self.searcher(space).suggest("t")
        for metric, mode in ((None, "min"), ("a", None), (["a", "b"], "min"), ("a", "least")):
            with self.assertRaises((assay.AssayError, AssertionError, ValueError)):
                self.searcher(SPACE, metric, mode).suggest("t")

    def test_a_finite_space_is_finished(self):
        searcher = self.searcher({"a": tune.choice([1, 2])}, sampler="grid")
        for i in range(2):
            searcher.suggest(f"t{i}")
            searcher.on_trial_complete(f"t{i}", {"loss": 1})
        self.assertEqual(searcher.suggest("t2"), Searcher.FINISHED)

    def test_several_objectives(self):
        searcher = self.searcher(metric=["a", "b"], mode=["min", "max"], sampler="nsga2")
        searcher.suggest("t")
        searcher.on_trial_complete("t", {"a": 1, "b": 2})
        self.assertEqual(searcher._send({"trials": {}})["trials"][0]["values"], {"value0": 1.0, "value1": 2.0})

    @unittest.skipUnless(os.environ.get("ASSAY_TEST_RAY_RUN"), "a run of Ray starts its cluster: set ASSAY_TEST_RAY_RUN=1")
    def test_inside_a_run(self):
        import ray

        ray.init(num_cpus=2, include_dashboard=False, logging_level="ERROR")
        self.addCleanup(ray.shutdown)

        def train(config):
            for step in range(3):
                tune.report({"loss": (config["x"] - 0.3) ** 2 + config["net"]["y"] + 1 / (step + 1)})

        searcher = AssaySearch(sampler="random", seed=5)
        self.addCleanup(searcher.close)
        with tempfile.TemporaryDirectory() as directory:
            found = tune.Tuner(
                train,
                param_space={"x": tune.uniform(0, 1), "net": {"y": tune.choice([0, 1])}, "constant": 3},
                tune_config=tune.TuneConfig(metric="loss", mode="min", search_alg=searcher, num_samples=6),
                run_config=tune.RunConfig(storage_path=directory, verbose=0),
            ).fit()
        self.assertEqual(len(found), 6)
        trials = searcher._send({"trials": {}})["trials"]
        self.assertEqual(sorted(one.config["x"] for one in found), sorted(one["params"]["p0"] for one in trials))
        self.assertEqual({one["state"] for one in trials}, {"complete"})


if __name__ == "__main__":
    unittest.main()
