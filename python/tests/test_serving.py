"""Clients of a service that runs beside them, and trials that ask for parameters while they run."""

import os
import stat
import subprocess
import sys
import tempfile
import threading
import unittest
from pathlib import Path

import assay
from assay import _launcher

SPACE = {"x": assay.Float(0, 1), "n": assay.Int(1, 9)}


def loss(trial):
    return (trial["x"] - 0.3) ** 2 + trial["n"]


def free(trial):
    layers = trial.suggest_int("layers", 1, 3)
    total = abs(layers - 2)
    for i in range(layers):
        total += abs(trial.suggest_int(f"width{i}", 8, 256, log=True) - 64) / 64
    if trial.suggest_categorical("function", [abs, min]) is min:
        total += trial.suggest_float("rate", 1e-4, 1, log=True)
    return total


class Serving:
    """`assay serve` in a directory of its own."""

    def __init__(self, *words):
        self._directory = tempfile.TemporaryDirectory()
        self.directory = Path(self._directory.name)
        self.words = words
        self.start()

    def start(self):
        command = [_launcher.launcher(), "serve", *self.words]
        self.process = subprocess.Popen(command, cwd=self.directory, stderr=subprocess.PIPE, text=True)
        for line in self.process.stderr:
            if line.startswith("Serving on "):
                self.address = line.split()[2]
                break
        else:
            raise AssertionError("it does not serve")
        self._reader = threading.Thread(target=self.process.stderr.read, daemon=True)
        self._reader.start()

    def kill(self):
        self.process.kill()
        self.process.wait()
        self._reader.join()
        self.process.stderr.close()

    def end(self):
        self.kill()
        self._directory.cleanup()


class AtASocket(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.serving = Serving("--socket", "s")

    @classmethod
    def tearDownClass(cls):
        cls.serving.end()

    def study(self, name, **more):
        return assay.Study(name, server=self.serving.address, **more)

    def test_only_its_owner_may_connect(self):
        mode = os.stat(self.serving.directory / "s").st_mode
        self.assertTrue(stat.S_ISSOCK(mode))
        self.assertEqual(stat.S_IMODE(mode), 0o600)
        self.assertEqual(sorted(path.name for path in self.serving.directory.iterdir() if path.name.startswith(".a")), [])

    def test_the_trials_are_those_of_a_service_of_ones_own(self):
        with self.study("same", space=SPACE, minimize="loss", seed=3) as there, assay.Study(space=SPACE, minimize="loss", seed=3) as here:
            for study in (there, here):
                study.optimize(loss, trials=8, progress=False)
            self.assertEqual([t.params for t in there.trials], [t.params for t in here.trials])

    def test_threads_processes_and_another_client_share_a_study(self):
        with self.study("shared", space=SPACE, minimize="loss", sampler="random") as study:
            study.optimize(loss, trials=20, parallel=4, progress=False)
            program = f"import assay, sys; s = assay.Study('shared', server={self.serving.address!r}); s.tell(params={{'x': 0.25, 'n': 1}}, values=0.5)"
            subprocess.run([sys.executable, "-c", program], check=True)
            child = os.fork()
            if child == 0:
                os._exit(0 if study.ask().number == 21 else 1)
            self.assertEqual(os.waitpid(child, 0)[1], 0)
            self.assertEqual(study.counts()["complete"], 21)
            with self.assertRaisesRegex(assay.AssayError, "others use it"):
                self.study("shared", space=SPACE, minimize="loss", sampler="random", fresh=True)
            with self.assertRaisesRegex(assay.AssayError, "another one"):
                self.study("shared", space=SPACE, minimize="loss", sampler="random", seed=9)

    def test_a_study_is_opened_by_its_name_and_begun_anew(self):
        with self.study("kept", space={"f": [abs, min]}, minimize="loss", confirm=2, sampler="random") as study:
            study.optimize(lambda trial: 1.0, trials=1, progress=False)
        with self.study("kept") as again:
            self.assertEqual((again.directions, again.parameters), ({"loss": "minimize"}, ["f"]))
            self.assertEqual(again.counts()["complete"], 1 + 2)
            self.assertEqual([trial.confirms for trial in again.trials], [None, 0, 0])
        with self.study("kept", space={"f": [abs, min]}, minimize="loss", fresh=True) as anew:
            self.assertEqual(anew.counts()["complete"], 0)
        with self.assertRaisesRegex(assay.AssayError, "no such study"):
            self.study("never")

    def test_the_service_is_killed_while_a_trial_that_asked_runs(self):
        serving = Serving("--socket", "s")
        try:
            study = assay.Study("free", minimize="loss", server=serving.address)
            first = study.ask()
            x = first.suggest_float("x", 0, 1)
            serving.kill()
            with self.assertRaisesRegex(assay.AssayError, "has ended"):
                first.tell(1)
            serving.start()  # where the old socket still lies
            first.tell(2.0)
            self.assertEqual([(t.params, t.value) for t in study.trials], [({"x": x}, 2.0)])
            with self.assertRaisesRegex(assay.AssayError, "No trial of that id"):
                first.tell(3.0)
        finally:
            serving.end()

    def test_a_place_that_is_taken_is_left_alone(self):
        (self.serving.directory / "file").write_text("mine")
        for path, why in (("s", "already"), ("file", "no socket"), ("d" * 200 + "/s", "cannot")):
            command = [_launcher.launcher(), "serve", "--socket", path]
            ended = subprocess.run(command, cwd=self.serving.directory, capture_output=True, text=True)
            self.assertEqual(ended.returncode, 2, ended.stderr)
            self.assertIn(why, ended.stderr)
        self.assertEqual((self.serving.directory / "file").read_text(), "mine")


class OverHttp(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.serving = Serving("--port", "0", "--studies", "studies")

    @classmethod
    def tearDownClass(cls):
        cls.serving.end()

    def test_clients_name_their_studies(self):
        one = assay.Study("a b/ä", space=SPACE, minimize="loss", server=self.serving.address)
        two = assay.Study("two", minimize="loss", server=self.serving.address)
        one.optimize(loss, trials=4, parallel=2, progress=False)
        two.optimize(free, trials=5, progress=False)
        self.assertEqual((one.counts()["complete"], two.counts()["complete"]), (4, 5))
        joined = assay.Study("two", server=self.serving.address)
        self.assertEqual([t.params for t in joined.trials], [{**t.params, "function": t.params["function"].__name__} for t in two.trials])
        self.assertTrue(any((self.serving.directory / "studies").iterdir()))

    def test_what_is_no_address_is_said_to_be_none(self):
        for url in ("127.0.0.1:8080", "ftp://h/", "http://", "http://h:", "http://h:port/", "http://h:0", "http://h:65536", "http://[::1"):
            with self.subTest(url), self.assertRaisesRegex(assay.AssayError, "no URL"):
                assay._remote.HttpClient(url, None)

    def test_clients_from_elsewhere_touch_no_files(self):
        for more in (
            {"storage": "sqlite:/tmp/elsewhere.db"},
            {"warm_start": "sqlite:/etc/passwd"},
        ):
            with self.assertRaisesRegex(assay.AssayError, "elsewhere"):
                assay.Study("bad", **{"space": SPACE, "minimize": "loss", "server": self.serving.address, **more})
        with self.assertRaisesRegex(assay.AssayError, "waits for a study"):
            assay.Study(server=self.serving.address)


class WithoutASpace(unittest.TestCase):
    def test_trials_ask_while_they_run(self):
        with assay.Study(minimize="loss", seed=5) as study, assay.Study(minimize="loss", seed=5) as again:
            for one in (study, again):
                one.optimize(free, trials=12, progress=False)
            self.assertEqual([t.params for t in study.trials], [t.params for t in again.trials])
            self.assertEqual(free_again(study.best), study.best.value)
            for trial in study.trials:
                self.assertEqual("rate" in trial.params, trial.params["function"] is min)
                self.assertEqual("width2" in trial.params, trial.params["layers"] == 3)
            study.optimize(free, trials=20, parallel=4, progress=False)
            self.assertEqual(study.counts()["complete"], 20)

    def test_what_does_not_fit_fails_the_trial(self):
        with assay.Study(minimize="loss") as study:
            study.ask().suggest_float("x", 0, 1)
            trial = study.ask()
            with self.assertRaisesRegex(assay.AssayError, "another distribution"):
                trial.suggest_float("x", 0, 2)
            self.assertEqual(trial.suggest({"y": [1, 2], "z": assay.Int(3, 3)})["z"], 3)
            trial.tell(1)
            self.assertEqual(set(study.trial(1).params), {"y", "z"})

    def test_a_study_without_a_name_needs_a_space(self):
        with self.assertRaisesRegex(assay.AssayError, "a name"):
            assay.Study()


def free_again(trial):
    class Fixed(dict):
        def suggest_int(self, name, *_, **__):
            return self[name]

        suggest_float = suggest_categorical = suggest_int

    return free(Fixed(trial.params))


if __name__ == "__main__":
    unittest.main()
