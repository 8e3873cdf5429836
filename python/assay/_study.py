from __future__ import annotations

import time
from typing import Any, Callable, Dict, Iterable, List, Mapping, Optional, Sequence, Tuple, Type, Union

from . import _view
from ._client import Client, StdioClient
from ._errors import AssayError, Pruned
from ._launcher import command
from ._remote import connect
from ._run import Run
from ._space import decoders, encoded, entries
from ._trial import FinishedTrial, Trial, Values

PROTOCOL = 2


def _names(metrics: Union[None, str, Sequence[str]]) -> List[str]:
    return [] if metrics is None else [metrics] if isinstance(metrics, str) else list(metrics)


def _older(protocol: int) -> AssayError:
    return AssayError("The service is older than this package.", f"protocol {protocol}, {PROTOCOL} is needed", "Update Assay there.")


class Study:
    """A search for the best configuration.

    With a name it is kept (`results/studies/NAME` of the working directory, or `storage="sqlite:PATH"`): the same name
    and space go on with it, `assay report NAME`, `assay dashboard` and other terminals see it. Without a name it is in
    memory. `file=` serves a study file. `server=` is an `assay serve` that runs: `"unix:PATH"`, or a URL (`url=` says the same); where it
    was started with a study file it knows the space, otherwise the study is named there. Without `minimize`, `maximize` and space an
    existing study is opened; without a space alone, trials ask for parameters while they run: `trial.suggest_float`.

    space: names and `assay.Float`, `assay.Int`, `assay.Choice`, lists of options, or what a study file has there.
    minimize, maximize: a metric, or several. sampler, pruner: `"gp"`, `{"gp": {"acquisition": "ei"}}`; `start`: a list of
    configurations to try first; `constraints`: `["batch <= 8 * hidden"]`; `subject_to`: `["memory_gb <= 8"]`; `fix`:
    values of parameters that are not searched; `warm_start`: earlier studies; `budget`: what ends the study in all; `confirm`: how often
    the best are run again at the end (`5`, `{"runs": 5, "finalists": 3}`); `fresh`: an older study of the name is put aside.
    launcher: the command assay, where it is not found by itself."""

    def __init__(
        self,
        name: Optional[str] = None,
        space: Optional[Mapping[str, Any]] = None,
        *,
        minimize: Union[None, str, Sequence[str]] = None,
        maximize: Union[None, str, Sequence[str]] = None,
        sampler: Union[str, Mapping[str, Any], None] = None,
        pruner: Union[str, Mapping[str, Any], None] = None,
        seed: int = 0,
        constraints: Sequence[str] = (),
        subject_to: Sequence[str] = (),
        fix: Optional[Mapping[str, Any]] = None,
        start: Iterable[Mapping[str, Any]] = (),
        warm_start: Union[None, str, Sequence[str]] = None,
        budget: Optional[Mapping[str, Any]] = None,
        confirm: Union[None, int, Mapping[str, Any]] = None,
        fresh: bool = False,
        storage: Optional[str] = None,
        file: Optional[str] = None,
        server: Optional[str] = None,
        url: Optional[str] = None,
        token: Optional[str] = None,
        launcher: Optional[str] = None,
    ):
        server = server if server is not None else url
        served = file is not None or server is not None and name is None and minimize is None and maximize is None
        self._decoders = decoders(space or {})
        definition: Dict[str, Any] = {}
        if served:
            if name is not None or minimize is not None or maximize is not None:
                raise AssayError(
                    "The study is named twice.", f"name, objectives, and {'file' if file else 'server'}", "Leave out one of them."
                )
        else:
            opens = space is None and minimize is None and maximize is None
            if opens and name is None:
                raise AssayError(
                    "A study needs a space, or a name.",
                    "Study()",
                    'Give space={"lr": assay.Float(1e-5, 1, log=True)} and minimize="loss"; or the name of one that exists.',
                )
            definition = {"name": name or "study"}
            if space is not None:
                definition["space"] = entries(space)
            if seed or not opens:
                definition["seed"] = seed
            for key, metrics in (("minimize", _names(minimize)), ("maximize", _names(maximize))):
                if metrics:
                    definition[key] = metrics[0] if len(metrics) == 1 else metrics
            options = {
                "sampler": sampler,
                "pruner": pruner,
                "constraints": list(constraints),
                "subject_to": list(subject_to),
                "fix": encoded(fix or {}),
                "start": [encoded(one) for one in start],
                "warm_start": warm_start,
                "budget": budget,
                "confirm": confirm,
                "fresh": fresh,
                "storage": storage if storage is not None or name is not None or server is not None else "memory:",
            }
            definition.update({key: value for key, value in options.items() if value})
        self._client: Client = connect(server, token) if server is not None else StdioClient(command(launcher, file, storage))
        try:
            hello = self._client.open(definition)
            self._meet(hello)
        except BaseException as error:
            self._client.close()
            if isinstance(error, AssayError) and error.what == "There is no such request.":
                raise _older(1) from error
            raise

    def _meet(self, hello: Mapping[str, Any]) -> None:
        protocol = hello.get("protocol", 1)
        if protocol < PROTOCOL:
            raise _older(protocol)
        study = hello["study"]
        if study is None:
            raise AssayError(
                "The service waits for a study to be named.", "", 'Name one: assay.Study("mlp", space=..., minimize=..., server=...).'
            )
        self.name: str = study["name"]
        #: Metrics and whether they are to be minimized or maximized.
        self.directions: Dict[str, str] = {one["metric"]: one["direction"] for one in study["objectives"]}
        self.parameters: List[str] = study["parameters"]
        self.seed: int = study["seed"]
        self._objectives = list(self.directions)
        #: Why the last run came to its end, where the study itself ended it.
        self.finished: Optional[str] = None

    # Asking and telling

    def ask(self, count: Optional[int] = None, params: Optional[Mapping[str, Any]] = None, *, wait: bool = True) -> Any:
        """The next trial; with a count a list of at most so many, empty when there will be none.

        params: values that are given instead of proposed. wait: until there is one where the study is paused or the
        sampler waits for results of other processes; else the list may be empty now."""
        body: Dict[str, Any] = {"count": 1 if count is None else count}
        if params:
            body["params"] = encoded(params)
        while True:
            answer = self._client.send({"ask": body})
            trials = [Trial(self, document) for document in answer["trials"]]
            if trials or not answer.get("wait") or not wait:
                break
            time.sleep(0.05)
        if count is not None:
            return trials
        if not trials:
            raise AssayError("There is no trial.", answer.get("finished", "the study waits"), "Raise the budget, or widen the space.")
        return trials[0]

    def tell(self, trial: Union[Trial, int, None] = None, values: Optional[Values] = None, *, params=None, steps=(), attributes=None, **metrics):
        """How a trial ended: `tell(trial, 0.3)`, `tell(trial, loss=0.3)`; or a result of your own, that was never asked
        for: `tell(params={"lr": 0.1, "layers": 2}, values={"loss": 0.4})`. Returns the trial's number.

        values may be `assay.Pruned`, or an exception, for a trial that has none."""
        if (trial is None) == (params is None):
            raise AssayError("Either a trial or params are told.", f"{trial!r}, {params!r}", "Give one of them.")
        if isinstance(trial, Trial):
            for name, value in (attributes or {}).items():
                trial.set_attribute(name, value)
            trial._end(self._how(trial._told, values, metrics))
            return trial.number
        body: Dict[str, Any] = {"id": trial} if params is None else {"params": encoded(params)}
        others: Dict[str, float] = {}

        def told(given: Any, named: Mapping[str, float]) -> Dict[str, Any]:
            objectives, besides = self._split(given, named, whole=True)
            others.update(besides)
            return {"values": objectives}

        body.update(self._how(told, values, metrics))
        if others:
            body["metrics"] = others
        if steps:
            body["steps"] = [{"step": step, "values": self._split(at, {}, whole=False)[0]} for step, at in steps]
        if attributes:
            body["attributes"] = dict(attributes)
        return self._client.send({"tell": body}).get("id", trial)

    @staticmethod
    def _how(told: Callable[[Any, Mapping[str, float]], Dict[str, Any]], values: Any, metrics: Mapping[str, float]) -> Dict[str, Any]:
        if values is Pruned or isinstance(values, Pruned):
            return {"pruned": True}
        if isinstance(values, BaseException):
            return {"failed": f"{type(values).__name__}: {values}"}
        return told(values, metrics)

    def enqueue(self, params: Mapping[str, Any]) -> int:
        """Puts a configuration in line: it is tried before anything else is proposed. Returns its number."""
        return self._client.send({"enqueue": {"params": encoded(params)}})["id"]

    def optimize(
        self,
        objective: Callable[[Trial], Any],
        trials: Optional[int] = None,
        *,
        parallel: int = 1,
        timeout: Optional[float] = None,
        catch: Union[Type[BaseException], Tuple[Type[BaseException], ...]] = (Exception,),
        callbacks: Sequence[Callable[["Study", Trial], None]] = (),
        progress: Optional[bool] = None,
        processes: bool = False,
        gpus: float = 0,
    ) -> "Study":
        """Runs an objective until the study has so many trials in all, those of earlier runs included.

        The objective gets a `Trial` and returns a number, or numbers by metric, or a sequence of them in the order of the
        objectives. Exceptions in `catch` make a failed trial, others end the run, after their trial was told as failed;
        when the first five trials all fail in the same way the run ends too. parallel: on so many threads; with `processes` in
        so many processes, each of which sees only `gpus` GPUs (1, 2, 0.5) that no other has, or shares, in CUDA_VISIBLE_DEVICES. timeout: no
        trial begins after so many seconds. callbacks are called with the study and each trial that ended. Ctrl-C gives
        the trials under way back: the next run goes on with them."""
        catches = catch if isinstance(catch, tuple) else (catch,)
        Run(self, objective, trials, parallel, timeout, catches, callbacks, progress, processes, gpus).run()
        return self

    # Looking

    @property
    def best(self) -> FinishedTrial:
        """The best complete trial; of several objectives see `pareto`."""
        if len(self._objectives) != 1:
            raise AssayError("There is no single best trial.", ", ".join(self._objectives), "Look at study.pareto.")
        found = self._best(1)
        if not found:
            raise AssayError("No trial is complete yet.", self.name, "Run some first.")
        return found[0]

    @property
    def pareto(self) -> List[FinishedTrial]:
        """The trials that no other is better than in every objective."""
        return self._best(100_000) if len(self._objectives) > 1 else self._best(1)

    def _best(self, count: int) -> List[FinishedTrial]:
        return [self._finished(one) for one in self._client.send({"best": count})["trials"]]

    @property
    def trials(self) -> List[FinishedTrial]:
        """Every trial, by number."""
        return self.trials_since(0)

    def trials_since(self, number: int) -> List[FinishedTrial]:
        """The trials from a number on."""
        found: List[FinishedTrial] = []
        while True:
            since = found[-1].number + 1 if found else number
            part = self._client.send({"trials": {"since": since, "count": 10_000}})["trials"]
            found += [self._finished(one) for one in part]
            if len(part) < 10_000:
                return found

    def trial(self, number: int) -> Optional[FinishedTrial]:
        """The trial of a number; None where there is none."""
        part = self._client.send({"trials": {"since": number, "count": 1}})["trials"]
        return self._finished(part[0]) if part and part[0]["id"] == number else None

    def rows(self) -> List[Dict[str, Any]]:
        """Every trial as one flat dictionary: number, state, params, values and metrics by name, and what else is known."""
        rows = []
        for trial in self.trials:
            row: Dict[str, Any] = {"number": trial.number, "state": trial.state}
            row.update({f"params_{name}": value for name, value in trial.params.items()})
            row.update({f"values_{name}": trial.values.get(name) for name in self._objectives})
            row.update({f"metrics_{name}": value for name, value in trial.metrics.items()})
            row.update({f"attributes_{name}": value for name, value in trial.attributes.items()})
            row.update(started=trial.started, seconds=trial.seconds, cause=trial.cause, detail=trial.detail)
            rows.append(row)
        return rows

    def dataframe(self) -> Any:
        """The `rows` as a data frame of pandas, which has to be installed."""
        try:
            import pandas
        except ImportError as error:
            raise AssayError("pandas is not installed.", str(error), "Install it, or use study.rows().") from error
        return pandas.DataFrame(self.rows())

    def counts(self) -> Dict[str, int]:
        """How many trials are waiting, running, complete, pruned, failed."""
        return self._client.send({"hello": {}})["study"]["trials"]

    def _repr_html_(self) -> str:
        return _view.page(self)

    def __repr__(self) -> str:
        return f"Study({self.name!r}, {self.directions})"

    # Ending

    def close(self) -> None:
        """Ends the service that the study has of its own; one at a URL lives on."""
        self._client.close()

    def __enter__(self) -> "Study":
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def __reduce__(self) -> Any:
        raise AssayError(
            "A study cannot be sent to another process.",
            repr(self),
            "Run trials in processes with optimize(..., processes=True); or start `assay serve FILE --socket PATH`, and open"
            ' assay.Study(server="unix:PATH") in each process.',
        )

    # Between the two

    def _decoded(self, params: Mapping[str, Any]) -> Dict[str, Any]:
        decoders_ = self._decoders
        if not decoders_:
            return dict(params)
        return {name: decoders_[name](value) if name in decoders_ else value for name, value in params.items()}

    def _finished(self, document: Mapping[str, Any]) -> FinishedTrial:
        return FinishedTrial(document, self._decoded(document["params"]))

    def _split(self, values: Any, metrics: Mapping[str, float], *, whole: bool) -> Tuple[Dict[str, float], Dict[str, float]]:
        """Parts what an objective says into the study's objectives and the rest.

        whole: every objective is needed; otherwise those that are missing are not known yet, unless all are."""
        named: Dict[str, Any] = dict(metrics)
        if isinstance(values, Mapping):
            named.update(values)
        elif isinstance(values, (list, tuple)):
            if len(values) != len(self._objectives):
                raise AssayError(
                    "One value for each objective is expected.", f"{values!r}", f"Give {len(self._objectives)}: {self._objectives}."
                )
            named.update(zip(self._objectives, values))
        elif values is not None:
            if len(self._objectives) != 1:
                raise AssayError("One value for each objective is expected.", f"{values!r}", f"Give {self._objectives} by name.")
            named[self._objectives[0]] = values
        try:
            numbers = {name: float(value) for name, value in named.items()}
        except (TypeError, ValueError) as error:
            raise AssayError("A value is a number.", f"{named!r}: {error}", "Return a number, or numbers by metric.") from error
        objectives = {name: numbers.pop(name) for name in self._objectives if name in numbers}
        if len(objectives) < len(self._objectives):
            if whole:
                raise AssayError(
                    "An objective has no value.",
                    f"{sorted(named)}, of {self._objectives}",
                    "Return a value for each objective; nan where it diverged.",
                )
            if objectives:
                objectives = {name: objectives.get(name, float("nan")) for name in self._objectives}
        return objectives, numbers
