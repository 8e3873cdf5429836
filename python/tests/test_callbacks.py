"""Callbacks and AssaySearchCV; each with its framework, where that is installed."""

import types
import unittest

import assay


class Told:
    """What a callback says to a trial: pruned from a step on."""

    def __init__(self, last):
        self.last, self.reports = last, []

    def report(self, step, values):
        self.reports.append((step, values))
        return step >= self.last


def needs(name):
    try:
        return __import__(name)
    except ImportError as error:
        raise unittest.SkipTest(f"{name} is not installed: {error}")


class Callbacks(unittest.TestCase):
    def test_lightgbm(self):
        # The callback needs nothing of LightGBM but what it hands over.
        from assay.lightgbm import Report

        trial = Told(2)
        report = Report(trial, "l2", data="b")

        def after(iteration):
            return types.SimpleNamespace(iteration=iteration, evaluation_result_list=[("a", "l2", 5.0, False), ("b", "l2", 1.5, False)])

        report(after(0))
        report(after(1))
        with self.assertRaises(assay.Pruned):
            report(after(2))
        self.assertEqual(trial.reports, [(0, 1.5), (1, 1.5), (2, 1.5)])
        with self.assertRaisesRegex(assay.AssayError, "a l2, b l2"):
            Report(trial, "auc")(after(3))

    def test_lightgbm_training(self):
        lightgbm = needs("lightgbm")
        numpy = needs("numpy")
        from assay.lightgbm import Report

        x = numpy.random.default_rng(0).random((200, 3))
        data = lightgbm.Dataset(x, x.sum(1))
        trial = Told(4)
        with self.assertRaises(assay.Pruned):
            lightgbm.train(
                {"verbosity": -1, "metric": "l2"}, data, 20, valid_sets=[lightgbm.Dataset(x, x.sum(1), reference=data)], callbacks=[Report(trial, "l2")]
            )
        self.assertEqual([step for step, _ in trial.reports], [0, 1, 2, 3, 4])

    def test_xgboost_training(self):
        xgboost = needs("xgboost")
        numpy = needs("numpy")
        from assay.xgboost import Report

        x = numpy.random.default_rng(0).random((200, 3))
        data = xgboost.DMatrix(x, x.sum(1))
        trial = Told(4)
        with self.assertRaises(assay.Pruned):
            xgboost.train({}, data, 20, evals=[(data, "validation")], verbose_eval=False, callbacks=[Report(trial, "validation-rmse")])
        self.assertEqual(len(trial.reports), 5)

    def test_keras_training(self):
        keras = needs("keras")
        numpy = needs("numpy")
        from assay.keras import Report

        model = keras.Sequential([keras.layers.Dense(1)])
        model.compile(loss="mse")
        x = numpy.ones((8, 2))
        trial = Told(2)
        with self.assertRaises(assay.Pruned):
            model.fit(x, x[:, 0], epochs=9, verbose=0, callbacks=[Report(trial, "loss")])
        self.assertEqual(len(trial.reports), 3)

    def test_hugging_face(self):
        needs("transformers")
        from assay.huggingface import Report

        trial = Told(20)
        report = Report(trial)
        zero = types.SimpleNamespace(is_world_process_zero=True, global_step=10)
        report.on_evaluate(None, zero, None, metrics={"eval_loss": 0.5})
        report.on_evaluate(None, zero, None, metrics={"other": 0.5})
        other = types.SimpleNamespace(is_world_process_zero=False, global_step=15)
        report.on_evaluate(None, other, None, metrics={"eval_loss": 0.5})
        zero.global_step = 20
        with self.assertRaises(assay.Pruned):
            report.on_evaluate(None, zero, None, metrics={"eval_loss": 0.5})
        self.assertEqual(trial.reports, [(10, 0.5), (20, 0.5)])

    def test_lightning(self):
        try:
            from assay.lightning import Report
        except ImportError as error:
            self.skipTest(f"Lightning is not installed: {error}")

        trial = Told(1)
        report = Report(trial, "val_loss")
        trainer = types.SimpleNamespace(
            sanity_checking=False,
            is_global_zero=True,
            current_epoch=0,
            callback_metrics={"val_loss": 0.5},
            strategy=types.SimpleNamespace(broadcast=lambda value: value),
        )
        report.on_validation_end(trainer, None)
        trainer.current_epoch = 1
        with self.assertRaises(assay.Pruned):
            report.on_validation_end(trainer, None)
        self.assertEqual(trial.reports, [(0, 0.5), (1, 0.5)])

    def test_lightning_training(self):
        try:
            import lightning.pytorch as lightning
        except ImportError as error:
            self.skipTest(f"Lightning is not installed: {error}")
        import torch

        from assay.lightning import Report

        class Line(lightning.LightningModule):
            def __init__(self):
                super().__init__()
                self.line = torch.nn.Linear(1, 1)

            def training_step(self, batch, _):
                return torch.nn.functional.mse_loss(self.line(batch[0]), batch[1])

            def validation_step(self, batch, _):
                self.log("val_loss", torch.nn.functional.mse_loss(self.line(batch[0]), batch[1]))

            def configure_optimizers(self):
                return torch.optim.SGD(self.parameters(), lr=0.1)

        x = torch.linspace(0, 1, 16).unsqueeze(1)
        data = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(x, 2 * x), 8)
        trial = Told(2)
        quiet = {name: False for name in ("logger", "enable_checkpointing", "enable_progress_bar", "enable_model_summary")}
        trainer = lightning.Trainer(max_epochs=9, accelerator="cpu", callbacks=[Report(trial, "val_loss")], **quiet)
        with self.assertRaises(assay.Pruned):
            trainer.fit(Line(), data, data)
        self.assertEqual([step for step, _ in trial.reports], [0, 1, 2])
        self.assertLess(trial.reports[-1][1], trial.reports[0][1])

    def test_hugging_face_training(self):
        transformers = needs("transformers")
        torch = needs("torch")
        needs("accelerate")
        from tempfile import TemporaryDirectory

        from assay.huggingface import Report

        class Line(torch.nn.Module):
            def __init__(self):
                super().__init__()
                self.line = torch.nn.Linear(1, 1)

            def forward(self, x, labels):
                y = self.line(x)
                return {"loss": torch.nn.functional.mse_loss(y, labels), "logits": y}

        data = [{"x": torch.tensor([k / 16]), "labels": torch.tensor([k / 8])} for k in range(16)]
        trial = Told(8)
        with TemporaryDirectory() as directory:
            settings = transformers.TrainingArguments(
                directory, num_train_epochs=9, per_device_train_batch_size=4, eval_strategy="epoch", save_strategy="no", report_to=[], use_cpu=True, disable_tqdm=True
            )
            trainer = transformers.Trainer(Line(), settings, train_dataset=data, eval_dataset=data, callbacks=[Report(trial)])
            with self.assertRaises(assay.Pruned):
                trainer.train()
        self.assertEqual([step for step, _ in trial.reports], [4, 8])


class SearchCV(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        needs("sklearn")

    def test_it_is_searched_as_by_grid_search(self):
        from sklearn.base import clone
        from sklearn.datasets import load_iris
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler
        from sklearn.svm import SVC

        from assay.sklearn import AssaySearchCV

        x, y = load_iris(return_X_y=True)
        space = {"svc__C": assay.Float(1e-3, 1e3, log=True), "svc__kernel": assay.Choice({"linear": {}, "rbf": {"svc__gamma": assay.Float(1e-4, 10, log=True)}})}
        search = AssaySearchCV(make_pipeline(StandardScaler(), SVC()), space, n_iter=11, batch=3, cv=3, sampler="tpe")
        found = clone(search).fit(x, y)
        self.assertEqual(len(found.cv_results_["params"]), 11)
        self.assertEqual(found.best_score_, max(found.cv_results_["mean_test_score"]))
        self.assertGreater(found.score(x, y), 0.9)
        self.assertEqual(found.best_estimator_.get_params()["svc__C"], found.best_params_["svc__C"])
        self.assertEqual(clone(search).fit(x, y).best_params_, found.best_params_)

    def test_several_metrics_and_finite_spaces(self):
        from sklearn.datasets import load_iris
        from sklearn.neighbors import KNeighborsClassifier

        from assay.sklearn import AssaySearchCV

        x, y = load_iris(return_X_y=True)
        search = AssaySearchCV(
            KNeighborsClassifier(), {"n_neighbors": [1, 3, 5]}, n_iter=50, sampler="grid", scoring=["accuracy", "f1_macro"], refit="f1_macro", cv=3
        ).fit(x, y)
        self.assertEqual([one["n_neighbors"] for one in search.cv_results_["params"]], [1, 3, 5])
        search.set_params(refit=False, scoring=["accuracy", "f1_macro"])
        with self.assertRaisesRegex(assay.AssayError, "refit"):
            search.fit(x, y)


if __name__ == "__main__":
    unittest.main()
