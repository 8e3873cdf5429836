"""The client against the real service, which the launcher in ASSAY_HOME starts."""

import json
import math
import os
import signal
import subprocess
import sys
import tempfile
import threading
import unittest
import warnings
from pathlib import Path

import assay
from assay import _client, _launcher
from assay._space import decoders, entries

X = {"x": assay.Float(0, 1)}


def loss(trial):
    return (trial["x"] - 0.3) ** 2


class InOneStudy(unittest.TestCase):
    """What can share a service."""

    @classmethod
    def setUpClass(cls):
        cls.study = assay.Study(
            space={
                "x": assay.Float(0, 1, default=0.5),
                "n": assay.Int(1, 1_000, log=True),
                "optimizer": assay.Choice({"sgd": {"momentum": assay.Float(0, 0.99)}, "adam": {}}),
                "function": [math.sin, math.cos],
                "size": (16, 32),
            },
            minimize="loss",
            sampler="random",
            pruner={"threshold": {"upper": 50}},
            constraints=["x <= n"],
        )

    @classmethod
    def tearDownClass(cls):
        cls.study.close()

    def test_parameters_come_as_they_were_declared(self):
        for trial in self.study.ask(20):
            self.assertIsInstance(trial["x"], float)
            self.assertIsInstance(trial["n"], int)
            self.assertIn(trial["function"], (math.sin, math.cos))
            self.assertIn(trial["size"], (16, 32))
            self.assertEqual("momentum" in trial, trial["optimizer"] == "sgd")
            self.assertEqual(dict(trial), trial.params)
            trial.tell(1.0)

    def test_a_result_of_ones_own_is_a_trial(self):
        number = self.study.tell(
            params={"x": 0.25, "n": 7, "optimizer": "adam", "function": math.cos, "size": 32},
            values={"loss": 0.001, "f1": 0.9},
            steps=[(1, 0.5), (2, 0.25)],
            attributes={"who": "me"},
        )
        found = self.study.trial(number)
        self.assertEqual(found.params["function"], math.cos)
        self.assertEqual((found.value, found.metrics, found.attributes), (0.001, {"f1": 0.9}, {"who": "me"}))
        self.assertEqual(found.steps, [(1, {"loss": 0.5}), (2, {"loss": 0.25})])
        self.assertEqual(self.study.best.number, number)

    def test_values_can_be_given_and_put_in_line(self):
        number = self.study.enqueue({"x": 0.125, "function": math.sin})
        given = self.study.ask(params={"n": 42})
        self.assertEqual(given["n"], 42)
        first = self.study.ask()
        self.assertEqual((first.number, first["x"]), (number, 0.125))
        first.cancel()
        again = self.study.ask()
        self.assertEqual((again.number, again.restarts), (number, 1))
        again.tell(1)
        given.fail("no memory")
        self.assertEqual(self.study.trial(given.number).detail, "no memory")

    def test_reports_prune_and_keep_metrics(self):
        trial = self.study.ask()
        self.assertFalse(trial.report(1, 3.0, accuracy=0.5))
        self.assertFalse(trial.report(2, {"accuracy": 0.6}))  # no objective: nothing is known of it at this step
        self.assertTrue(trial.report(3, loss=99, accuracy=0.7))
        self.assertTrue(trial.should_prune())
        trial.set_attribute("note", {"a": [1, None]})
        trial.prune()
        found = self.study.trial(trial.number)
        self.assertEqual((found.state, found.metrics, found.attributes), ("pruned", {"accuracy": 0.7}, {"note": {"a": [1, None]}}))
        self.assertEqual([step for step, _ in found.steps], [1, 3])

    def test_nan_is_a_failure_and_so_is_an_exception(self):
        trial = self.study.ask()
        trial.report(1, float("nan"))
        trial.tell(float("nan"))
        self.assertEqual(self.study.trial(trial.number).cause, "not_finite")
        self.assertTrue(math.isnan(self.study.trial(trial.number).steps[0][1]["loss"]))
        trial = self.study.ask()
        self.study.tell(trial, ValueError("bad"))
        self.assertEqual(self.study.trial(trial.number).detail, "ValueError: bad")

    def test_what_is_wrong_says_what_value_and_mend(self):
        trial = self.study.ask()
        wrong = [
            lambda: self.study.enqueue({"y": 1}),
            lambda: self.study.tell(params={"x": 7}, values=1),
            lambda: trial.tell(accuracy=1),
            lambda: trial.tell("bad"),
            lambda: trial.tell([1, 2]),
            lambda: self.study.tell(trial, 1, params={}),
            lambda: self.study.tell(99_999, 1),
            lambda: self.study.ask(0) or self.study._client.send({"ask": 0}),
            lambda: self.study._client.send({"aks": 1}),
            lambda: self.study.optimize(loss, parallel=0),
        ]
        for do in wrong:
            with self.assertRaises(assay.AssayError) as caught:
                do()
            self.assertTrue(caught.exception.what and caught.exception.mend, str(caught.exception))
        trial.tell(0.75)
        with self.assertRaisesRegex(assay.AssayError, "ended"):
            trial.tell(0.5)

    def test_threads_share_a_study(self):
        numbers, errors = [], []

        def work():
            try:
                for _ in range(20):
                    trial = self.study.ask()
                    trial.report(1, 1.0)
                    trial.tell(trial["x"])
                    numbers.append(trial.number)
            except BaseException as error:
                errors.append(error)

        threads = [threading.Thread(target=work) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual((errors, len(set(numbers))), ([], 120))

    def test_it_shows_itself(self):
        for trial in self.study.ask(3):
            trial.tell({"loss": 0.5, "f1": 2})
        page = self.study._repr_html_()
        for part in ("<svg", "<table", "minimize loss", "sin"):
            self.assertIn(part, page)
        for part in ("http", "<script", "src="):
            self.assertNotIn(part, page)
        self.assertEqual(len(self.study.rows()), len(self.study.trials))
        try:
            import pandas  # noqa: F401
        except ImportError:
            with self.assertRaisesRegex(assay.AssayError, "pandas"):
                self.study.dataframe()
        else:
            self.assertEqual(len(self.study.dataframe()), len(self.study.trials))

    @unittest.skipUnless(hasattr(os, "fork"), "there is no fork here")
    def test_a_forked_process_is_refused_and_harms_nothing(self):
        read, write = os.pipe()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            child = os.fork()
        if child == 0:
            try:
                self.study.ask()
                os.write(write, b"asked")
            except assay.AssayError as error:
                os.write(write, error.what.encode())
            finally:
                os._exit(0)
        os.waitpid(child, 0)
        self.assertIn("belongs to the process", os.read(read, 1000).decode())
        self.study.ask().tell(1)

    def test_it_cannot_be_pickled(self):
        import pickle

        with self.assertRaisesRegex(assay.AssayError, "another process"):
            pickle.dumps(self.study)


class Running(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.addCleanup(self.directory.cleanup)

    def open(self, name=None, space=X, **options):
        options = {"minimize": "loss", "sampler": "random", **options}
        if name is not None:
            options.setdefault("storage", f"sqlite:{self.directory.name}/study.db")
        study = assay.Study(name, space, **options)
        self.addCleanup(study.close)
        return study

    def test_a_run_goes_on_where_the_last_one_ended(self):
        with self.open("a") as study:
            study.optimize(loss, trials=5)
            first = study.trials
        with self.open("a") as study:
            seen = []
            study.optimize(loss, trials=8, parallel=3, callbacks=[lambda _, trial: seen.append(trial.number)])
            self.assertEqual([(t.params, t.values) for t in study.trials[:5]], [(t.params, t.values) for t in first])
            self.assertEqual(sorted(seen), [5, 6, 7])
            self.assertTrue(study.finished)
        with self.assertRaises(assay.AssayError):
            self.open("a", {"x": assay.Float(0, 2)})

    def test_failures_are_data_unless_they_are_all_there_is(self):
        study = self.open()

        def sometimes(trial):
            if trial.number % 3 == 1:
                raise ValueError("odd")
            if trial.number % 3 == 2:
                raise assay.Pruned
            return float("nan") if trial.number == 3 else {"loss": 1, "size": 2}

        with self.assertWarnsRegex(RuntimeWarning, r"3 of 9 trials failed by an exception; the last: ValueError: odd \(") as seen:
            study.optimize(sometimes, trials=9)
        self.assertEqual(seen.filename, __file__)
        self.assertEqual([t.state[0] for t in study.trials], list("cfpffpcfp"))
        self.assertRegex(study.trials[1].detail, r"ValueError: odd \(.*test_study.py:\d+\)")

        def never(trial):
            raise KeyError("name")

        with self.assertRaises(KeyError):
            study.optimize(never, trials=100)
        self.assertEqual(study.counts(), {"waiting": 0, "running": 0, "complete": 2, "pruned": 3, "failed": 9, "discarded": 0})
        with self.assertRaises(KeyError):
            study.optimize(never, trials=100, catch=ValueError)
        self.assertEqual(study.counts()["failed"], 10)
        with self.assertRaisesRegex(assay.AssayError, "returned nothing"):
            study.optimize(lambda trial: None, trials=100, catch=())

    def test_ctrl_c_leaves_a_study_that_goes_on(self):
        # What runs in the background of a shell without job control starts with the signal ignored.
        self.addCleanup(signal.signal, signal.SIGINT, signal.signal(signal.SIGINT, signal.default_int_handler))
        for parallel in (1, 3):
            with self.subTest(parallel=parallel):
                with self.open(f"c{parallel}") as study:
                    reached = threading.Event()

                    def interrupted(trial):
                        if trial.number == 4:
                            os.kill(os.getpid(), signal.SIGINT)
                            if parallel == 1:
                                raise AssertionError("the signal comes at once")
                            reached.wait(30)
                            trial.report(1, 1.0)
                            raise AssertionError("the report ends it")
                        return loss(trial)

                    with self.assertRaises(KeyboardInterrupt):
                        try:
                            study.optimize(interrupted, trials=40 if parallel == 1 else 1_000_000)
                        finally:
                            reached.set()
                    counts = study.counts()
                    self.assertEqual((counts["running"], counts["failed"]), (0, 0))
                with self.open(f"c{parallel}") as study:
                    study.optimize(loss, trials=counts["complete"] + 3)
                    self.assertEqual(study.trial(4).state, "complete")

    def test_a_service_that_dies_says_so_and_loses_nothing(self):
        study = self.open("d")
        study.optimize(loss, trials=3)
        trial = study.ask()
        study._client._process.kill()
        study._client._process.wait()
        for _ in range(2):
            with self.assertRaisesRegex(assay.AssayError, "Assay has ended"):
                trial.tell(1)
        with self.open("d") as again:
            self.assertEqual(again.counts()["complete"], 3)
            self.assertEqual(again.ask().number, 3)

    def test_several_objectives_and_bounds(self):
        study = self.open(minimize=["a", "b"], subject_to=["memory <= 8"], start=[{"x": 0.5}], seed=3)

        def both(trial):
            return {"a": trial["x"], "b": 1 - trial["x"], "memory": 9 if trial.number == 1 else 1}

        study.optimize(both, trials=6)
        self.assertEqual(study.trials[0].params, {"x": 0.5})
        self.assertEqual(len(study.pareto), 5)
        self.assertIn("Pareto set", study._repr_html_())
        with self.assertRaisesRegex(assay.AssayError, "pareto"):
            study.best

    def test_over_http(self):
        file = Path(self.directory.name, "http.yaml")
        file.write_text("minimize: loss\nspace: {x: {float: [0, 1]}}\nsampler: random\nstorage: 'memory:'\n")
        command = [_launcher.launcher(), "serve", str(file), "--port", "0", "--token", "s3cret"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as service:
            try:
                line = next(line for line in service.stderr if "Serving on" in line)
                url = line.split()[-1]
                study = assay.Study(url=url, token="s3cret")
                study.optimize(loss, trials=12, parallel=4)
                self.assertEqual(study.counts()["complete"], 12)
                if hasattr(os, "fork"):
                    with warnings.catch_warnings():
                        warnings.simplefilter("ignore", DeprecationWarning)
                        child = os.fork()
                    if child == 0:
                        try:
                            study.optimize(loss, trials=15)
                        finally:
                            os._exit(0)
                    os.waitpid(child, 0)
                    self.assertEqual(study.counts()["complete"], 15)
                with self.assertRaises(assay.AssayError):
                    assay.Study(url=url, token="wrong")
            finally:
                service.terminate()
                service.stderr.read()
        with self.assertRaisesRegex(assay.AssayError, "does not answer"):
            study.ask()


class WithoutAService(unittest.TestCase):
    def test_spaces_are_those_of_study_files(self):
        space = {
            "a": assay.Float(0, 1, step=0.1, default=0.3),
            "b": assay.Int(1, 8, log=True, when={"c": ("x", "y")}),
            "c": assay.Choice(["x", "y"], ordered=True, default="y"),
            "d": assay.Choice({"p": {"q": [1, 2]}, "r": {}}),
            "e": assay.Float(1e-5, 1, log=True, prior={"around": 1e-3, "spread": "3x"}),
            "f": assay.Choice([math.sin, math.cos, 1, True], prior={math.cos: 3, True: 2}),
            "g": assay.Choice(["x", "y"], prior=(1, 4)),
        }
        self.assertEqual(
            entries(space),
            {
                "a": {"float": [0, 1], "step": 0.1, "default": 0.3},
                "b": {"int": [1, 8], "log": True, "when": {"c": ["x", "y"]}},
                "c": {"choice": ["x", "y"], "ordered": True, "default": "y"},
                "d": {"choice": {"p": {"q": {"choice": [1, 2]}}, "r": {}}},
                "e": {"float": [1e-5, 1], "log": True, "prior": {"around": 1e-3, "spread": "3x"}},
                "f": {"choice": ["sin", "cos", 1, True], "prior": [1.0, 3, 1.0, 2]},
                "g": {"choice": ["x", "y"], "prior": [1, 4]},
            },
        )
        self.assertEqual(list(decoders(space)), ["f"])
        self.assertEqual(decoders({"f": [math.sin]})["f"]("sin"), math.sin)
        with self.assertRaisesRegex(assay.AssayError, "no parameter"):
            entries({"a": 3})
        with self.assertWarnsRegex(RuntimeWarning, r"a: \(0, 0.5\) is a choice of two values.*assay.Float\(0, 0.5\)"):
            self.assertEqual(entries({"a": (0, 0.5)}), {"a": {"choice": [0, 0.5]}})
        with self.assertRaisesRegex(assay.AssayError, "one name"):
            assay.Choice([(1, 2), (1, 2)])
        with self.assertRaisesRegex(assay.AssayError, "does not have"):
            entries({"a": assay.Choice(["x", "y"], prior={"z": 1})})

    def test_a_launcher_that_is_not_there(self):
        for arguments in ({"launcher": "/nowhere"}, {}):
            with self.assertRaisesRegex(assay.AssayError, "launcher"):
                before = os.environ.get("ASSAY_HOME")
                os.environ["ASSAY_HOME"] = "/nowhere"
                try:
                    assay.Study(space=X, minimize="loss", **arguments)
                finally:
                    os.environ.pop("ASSAY_HOME")
                    if before is not None:
                        os.environ["ASSAY_HOME"] = before

    def test_a_command_that_is_not_assay(self):
        with tempfile.TemporaryDirectory() as directory:
            command = Path(directory, "assay")
            command.write_text("#!/bin/sh\necho no JDK >&2\nexit 2\n")
            command.chmod(0o755)
            with self.assertRaisesRegex(assay.AssayError, "(?s)Assay has ended.*exit status 2.*no JDK"):
                assay.Study(space=X, minimize="loss", launcher=directory)

    def test_what_is_no_service_of_assay(self):
        for answer in ("Welcome!", "<html>", "7", "[]", "\\377"):
            with tempfile.TemporaryDirectory() as directory:
                command = Path(directory, "assay")
                command.write_text(f"#!/bin/sh\nread line; printf '{answer}\\n'; cat > /dev/null\n")
                command.chmod(0o755)
                with self.assertRaisesRegex(assay.AssayError, "This is no service of Assay"):
                    assay.Study(space=X, minimize="loss", launcher=directory)

    def test_a_service_of_before(self):
        answers = [
            {"error": {"what": "There is no such request.", "value": "study", "mend": "tell"}},
            {"protocol": 1, "study": None},
        ]
        for answer in answers:
            with tempfile.TemporaryDirectory() as directory:
                command = Path(directory, "assay")
                command.write_text(f"#!/bin/sh\nread line; echo '{json.dumps(answer)}'; cat > /dev/null\n")
                command.chmod(0o755)
                with self.assertRaisesRegex(assay.AssayError, "(?s)older.*protocol 1, 2 is needed"):
                    assay.Study(space=X, minimize="loss", launcher=directory)

    def test_what_json_does_not_have_becomes_what_it_has(self):
        self.assertEqual(_client.dumps({"a": {3, 1}, "b": Path("c")}), b'{"a":[1,3],"b":"c"}')

    def test_the_program_side_is_the_file_that_can_be_copied(self):
        copied = Path(__file__).resolve().parents[2] / "examples" / "assay.py"
        if not copied.exists():
            self.skipTest("this is no checkout")
        self.assertEqual((Path(assay.__file__).parent / "program.py").read_text(), copied.read_text())


if __name__ == "__main__":
    unittest.main()
