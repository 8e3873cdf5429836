"""Trials in processes, and their GPUs as CUDA_VISIBLE_DEVICES describes them."""

import os
import signal
import unittest
from unittest import mock

import assay
from assay._workers import visible


def where(trial):
    trial.set_attribute("process", os.getpid())
    trial.set_attribute("gpus", os.environ.get("CUDA_VISIBLE_DEVICES"))
    if trial.report(1, trial["x"], other=2.0):
        raise assay.Pruned
    if trial["f"] is max:
        raise ValueError("max is bad")
    return trial["x"]


def dies(trial):
    if trial.number == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return {"loss": trial.suggest_float("x", 0, 1)}


class InProcesses(unittest.TestCase):
    def test_each_has_gpus_of_its_own(self):
        with mock.patch.dict(os.environ, CUDA_VISIBLE_DEVICES="3,GPU-a,5,7,-1,9"), assay.Study(
            space={"x": assay.Float(0, 1), "f": [min, max]}, minimize="loss", sampler="random", pruner={"threshold": {"upper": 0.8}}
        ) as study:
            study.optimize(where, trials=24, parallel=2, processes=True, gpus=2, progress=False)
            self.assertEqual(study.counts()["complete"] + study.counts()["pruned"] + study.counts()["failed"], 24)
            seen = {(t.attributes["process"], t.attributes["gpus"]) for t in study.trials}
            self.assertLessEqual(seen, {(process, gpus) for process, gpus in seen if gpus in ("3,GPU-a", "5,7")})
            self.assertEqual(len({process for process, _ in seen}), len({gpus for _, gpus in seen}))
            self.assertNotIn(os.getpid(), {process for process, _ in seen})
            for trial in study.trials:
                state = "pruned" if trial.params["x"] > 0.8 else "failed" if trial.params["f"] is max else "complete"
                self.assertEqual((trial.state, trial.metrics), (state, {"other": 2.0}))
                if state == "failed":
                    self.assertRegex(trial.detail, r"ValueError: max is bad \(.*test_workers.py:\d+\)")

    def test_a_process_that_dies_fails_its_trial(self):
        with assay.Study(minimize="loss") as study:
            study.optimize(dies, trials=6, parallel=2, processes=True, progress=False)
            self.assertEqual([t.state for t in study.trials].count("complete"), 5)
            self.assertIn("exit status -9", study.trial(1).detail)

    def test_gpus_that_there_are_not(self):
        for given, parallel, gpus in (("", 1, 1), ("0,1", 3, 1), ("0,1", 2, 2), ("0", 3, 0.5), ("0", 1, 1.5), ("0", 1, -1), ("-1,0", 1, 1)):
            with mock.patch.dict(os.environ, CUDA_VISIBLE_DEVICES=given), self.assertRaises(assay.AssayError):
                visible(parallel, gpus)
        with mock.patch.dict(os.environ, CUDA_VISIBLE_DEVICES="0,1"):
            self.assertEqual(visible(4, 0.5), ["0", "0", "1", "1"])
            self.assertEqual(visible(1, 2), ["0,1"])


if __name__ == "__main__":
    unittest.main()
