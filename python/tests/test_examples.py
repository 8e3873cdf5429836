"""The scripts of examples/python, run as their readers run them; a notebook without anybody before it."""

import importlib.util
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import assay
from assay import _launcher

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "python"

TUNED = """
name: tuned
objective: {function: sphere}
minimize: value
space: {x0: {float: [-5, 5]}, x1: {float: [-5, 5]}}
seed: 7
budget: {trials: 15}
"""


def needs(*names):
    missing = [name for name in names if importlib.util.find_spec(name) is None]
    return unittest.skipIf(missing, f"{', '.join(missing)} not installed")


class Examples(unittest.TestCase):
    def run_here(self, *command):
        environment = {**os.environ, "PYTHONPATH": str(Path(assay.__file__).parents[1]), "RAY_CHDIR_TO_TRIAL_DIR": "0"}
        with tempfile.TemporaryDirectory() as directory:
            ended = subprocess.run(command, cwd=directory, env=environment, capture_output=True, text=True)
        self.assertEqual(ended.returncode, 0, ended.stdout + ended.stderr)
        return ended.stdout

    def example(self, name):
        return self.run_here(sys.executable, str(EXAMPLES / name))

    def test_a_function(self):
        self.assertLess(float(self.example("optimise.py").split()[-1]), 0.05)

    def test_define_by_run(self):
        self.assertRegex(self.example("define_by_run.py"), r"'layers': \d")

    @needs("torch")
    def test_pruning_from_a_loop_of_torch(self):
        self.assertGreater(int(re.search(r"'pruned': (\d+)", self.example("prune_torch.py")).group(1)), 0)

    @needs("sklearn")
    def test_a_search_of_scikit_learn(self):
        self.assertGreater(float(self.example("sklearn_search.py").split()[-1]), 0.9)

    @needs("optuna")
    def test_our_sampler_in_optuna(self):
        self.assertLess(float(self.example("optuna_sampler.py").split()[-1]), 0.05)

    @needs("ray", "pandas", "pyarrow", "tensorboardX")
    def test_our_search_in_ray(self):
        self.assertIn("'x'", self.example("ray_search.py"))

    @needs("nbconvert", "ipykernel")
    def test_a_notebook(self):
        source = (EXAMPLES / "optimise.py").read_text(encoding="utf-8")
        cells = [
            {"cell_type": "code", "id": name, "metadata": {}, "execution_count": None, "outputs": [], "source": text}
            for name, text in (("run", source), ("look", "study"))
        ]
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
        notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": kernel, "cells": cells}
        with tempfile.TemporaryDirectory() as directory:
            path = Path(directory) / "study.ipynb"
            path.write_text(json.dumps(notebook), encoding="utf-8")
            self.run_here(sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute", "--inplace", str(path))
            ran = json.loads(path.read_text(encoding="utf-8"))
        shown = [output["data"]["text/html"] for output in ran["cells"][1]["outputs"] if "data" in output]
        self.assertEqual(len(shown), 1)
        page = "".join(shown[0])
        self.assertIn("<table", page)
        self.assertNotRegex(page, r"(?:src|href)=.?https?:")

    def test_the_trials_are_those_of_the_command_line(self):
        with tempfile.TemporaryDirectory() as directory:
            (Path(directory) / "tuned.yaml").write_text(TUNED, encoding="utf-8")
            launcher = _launcher.launcher()
            subprocess.run([launcher, "tune", "tuned.yaml", "--quiet"], cwd=directory, check=True, capture_output=True)
            listed = subprocess.run([launcher, "trials", "tuned", "--json"], cwd=directory, check=True, capture_output=True, text=True)
        document = json.loads(listed.stdout)
        tuned = document["trials"] if isinstance(document, dict) else document
        space = {"x0": assay.Float(-5, 5), "x1": assay.Float(-5, 5)}
        with assay.Study(space=space, minimize="value", seed=7) as study:
            values = {tuple(sorted(trial["params"].items())): trial["values"]["value"] for trial in tuned}
            study.optimize(lambda trial: values[tuple(sorted(trial.params.items()))], trials=15, progress=False)
            self.assertEqual([trial.params for trial in study.trials], [trial["params"] for trial in tuned])


if __name__ == "__main__":
    unittest.main()
