"""Assay's search inside Ray Tune: `tune.TuneConfig(metric="loss", mode="min", search_alg=AssaySearch())`."""

from __future__ import annotations

import json
import math
import os
import random
import threading
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple, Union

from ray.tune.search import Searcher
from ray.tune.search.sample import Categorical, Domain, Float, Integer, LogUniform, Quantized, Uniform
from ray.tune.search.variant_generator import parse_spec_vars

from ._client import StdioClient, checked
from ._errors import AssayError
from ._launcher import command
from ._space import _word

Names = Union[None, str, Sequence[str]]
ITERATION = "training_iteration"


def _list(names: Names) -> List[str]:
    return [] if names is None else [names] if isinstance(names, str) else list(names)


class AssaySearch(Searcher):
    """A searcher of Ray Tune that proposes with a sampler of Assay.

    space: as `param_space`, which is taken where nothing is said here. metric, mode: one, or a list of each for several
    objectives. sampler: as in a study file: `"auto"`, `{"tpe": {"start": 20}}`. points_to_evaluate: configurations to try
    first; what they leave out has its default."""

    def __init__(
        self,
        space: Optional[Dict[str, Any]] = None,
        metric: Names = None,
        mode: Names = None,
        *,
        sampler: Union[str, Mapping[str, Any]] = "auto",
        seed: Optional[int] = None,
        points_to_evaluate: Sequence[Mapping[str, Any]] = (),
        launcher: Optional[str] = None,
    ):
        super().__init__(metric=metric, mode=mode)
        self._options = sampler
        self._seed = random.SystemRandom().getrandbits(31) if seed is None else seed
        self._points = [dict(point) for point in points_to_evaluate]
        self._launcher = launcher
        self._space: List[Tuple[Tuple[str, ...], Domain]] = _domains(space) if space else []
        #: Every trial by number: its values, reports, and how it ended.
        self._history: List[Dict[str, Any]] = []
        self._live: Dict[str, int] = {}
        self._forget()

    def _forget(self) -> None:
        self._lock = threading.RLock()
        self._pid = os.getpid()
        self._client: Optional[StdioClient] = None

    def __getstate__(self) -> Dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name not in ("_lock", "_pid", "_client")}

    def __setstate__(self, state: Dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._forget()

    def close(self) -> None:
        """Ends the service; the next proposal starts another, which learns the history."""
        with self._lock:
            if self._client is not None:
                self._client.close()
            self._client = None

    def set_search_properties(self, metric: Names, mode: Names, config: Dict[str, Any], **spec: Any) -> bool:
        if self._space and config and _domains(config):
            return False
        self._space = self._space or _domains(config)
        self._metric = metric or self._metric
        self._mode = mode or self._mode
        return True

    def suggest(self, trial_id: str) -> Any:
        with self._lock:
            self._start()
            if trial_id in self._live:
                return self._nested(self._history[self._live[trial_id]]["params"])
            answer = self._send({"ask": {"count": 1}})
            if not answer["trials"]:
                return None if answer.get("wait") else Searcher.FINISHED
            asked = answer["trials"][0]
            self._live[trial_id] = self._begun(asked)
            return self._nested(asked["params"])

    def on_trial_result(self, trial_id: str, result: Dict[str, Any]) -> None:
        with self._lock:
            names = _list(self._metric)
            if trial_id not in self._live or len(names) != 1 or names[0] not in result:
                return
            trial = self._history[self._live[trial_id]]
            step = int(result.get(ITERATION, len(trial["steps"]) + 1))
            if trial["steps"] and trial["steps"][-1]["step"] >= step:
                return  # a trial that goes on from a checkpoint repeats what is known
            report = {"step": step, "values": {"value0": float(result[names[0]])}}
            trial["steps"].append(report)
            self._start()
            self._send({"report": {"id": self._live[trial_id], **report}})

    def on_trial_complete(self, trial_id: str, result: Optional[Dict[str, Any]] = None, error: bool = False) -> None:
        with self._lock:
            number = self._live.get(trial_id)
            if number is None:
                return
            self._start()
            names = _list(self._metric)
            if error or not result or any(name not in result for name in names):
                end: Dict[str, Any] = {"failed": "failed in Ray Tune" if error else "ended without a result"}
            else:
                end = {"values": {f"value{i}": float(result[name]) for i, name in enumerate(names)}}
            self._send({"tell": {"id": number, **end}})
            self._history[number]["end"] = end
            del self._live[trial_id]

    def save(self, checkpoint_path: str) -> None:
        with self._lock:
            state = {"seed": self._seed, "sampler": self._options, "history": self._history, "live": self._live}
        partial = f"{checkpoint_path}.{os.getpid()}"
        with open(partial, "w", encoding="utf-8") as file:
            json.dump(state, file)
        os.replace(partial, checkpoint_path)

    def restore(self, checkpoint_path: str) -> None:
        with open(checkpoint_path, encoding="utf-8") as file:
            state = json.load(file)
        with self._lock:
            self.close()
            self._seed, self._options = state["seed"], state["sampler"]
            self._history, self._live = state["history"], state["live"]

    # Between the two

    def _send(self, request: Mapping[str, Any]) -> Any:
        assert self._client is not None
        return self._client.send(request)

    def _begun(self, asked: Mapping[str, Any]) -> int:
        number = asked["id"]
        if number != len(self._history):
            raise AssayError("Trials were asked for by somebody else.", f"trial {number}", "Give each run a searcher of its own.")
        self._history.append({"params": asked["params"], "steps": [], "end": None})
        return number

    def _start(self) -> None:
        """Starts the service, if there is none in this process, and tells it the history."""
        if self._pid != os.getpid():
            self._forget()
        if self._client is not None:
            return
        names, modes = _list(self._metric), _list(self._mode)
        if not self._space:
            raise AssayError("There is nothing to search.", "an empty space", "Give domains in param_space, or space=.")
        if not names or len(names) != len(modes) or any(mode not in ("min", "max") for mode in modes):
            raise AssayError("A metric and its mode are needed.", f"{names}, {modes}", 'Give metric="loss", mode="min".')
        definition: Dict[str, Any] = {
            "name": "ray",
            "storage": "memory:",
            "seed": self._seed,
            "sampler": self._options,
            "space": {f"p{i}": _entry(path, domain) for i, (path, domain) in enumerate(self._space)},
        }
        for i, mode in enumerate(modes):
            definition.setdefault("minimize" if mode == "min" else "maximize", []).append(f"value{i}")
        if self._points:
            definition["start"] = [self._encoded(point) for point in self._points]
        client = StdioClient(command(self._launcher, None, None))
        try:
            client.send({"study": definition})
            self._client = client
            self._tell_history()
        except BaseException:
            self._client = None
            client.close()
            raise

    def _tell_history(self) -> None:
        """In the order of numbers, so that what is proposed next is what would have been."""
        for number, trial in enumerate(self._history):
            if number < len(self._points):
                self._send({"ask": 1})
            elif trial["end"] is None:
                self._send({"enqueue": {"params": trial["params"]}})
                self._send({"ask": 1})
            else:
                self._send({"tell": {"params": trial["params"], "steps": trial["steps"], **trial["end"]}})
                continue
            requests = [{"report": {"id": number, **step}} for step in trial["steps"]]
            requests += [{"tell": {"id": number, **trial["end"]}}] if trial["end"] is not None else []
            if requests:
                assert self._client is not None
                for answer in self._client.send_all(requests):
                    checked(answer)

    def _nested(self, params: Mapping[str, Any]) -> Dict[str, Any]:
        config: Dict[str, Any] = {}
        for i, (path, domain) in enumerate(self._space):
            inner = config
            for key in path[:-1]:
                inner = inner.setdefault(key, {})
            value = params[f"p{i}"]
            inner[path[-1]] = domain.categories[value] if isinstance(domain, Categorical) else value
        return config

    def _encoded(self, point: Mapping[str, Any]) -> Dict[str, Any]:
        encoded = {}
        for i, (path, domain) in enumerate(self._space):
            value: Any = point
            for key in path:
                value = value[key] if isinstance(value, Mapping) and key in value else point.get("/".join(path))
            if value is not None or isinstance(domain, Categorical) and None in domain.categories:
                encoded[f"p{i}"] = domain.categories.index(value) if isinstance(domain, Categorical) else _word(value)
        return encoded


def _domains(config: Optional[Mapping[str, Any]]) -> List[Tuple[Tuple[str, ...], Domain]]:
    _, domains, grids = parse_spec_vars(dict(config or {}))
    if grids:
        raise AssayError(
            "A grid is no space for a sampler.", ", ".join("/".join(map(str, path)) for path, _ in grids), "Use tune.choice([...])."
        )
    for path, _ in domains:
        if not all(isinstance(key, str) for key in path):
            raise AssayError("Parameters in lists cannot be searched.", "/".join(map(str, path)), "Put them in dictionaries.")
    return [(tuple(path), domain) for path, domain in domains]


def _entry(path: Sequence[str], domain: Domain) -> Dict[str, Any]:
    """A domain as a study file has it; options by their index, since they may be anything."""
    sampler = domain.get_sampler()
    step = None
    if isinstance(sampler, Quantized):
        step, sampler = sampler.q, sampler.sampler
    if isinstance(domain, Categorical):
        return {"choice": list(range(len(domain.categories)))}
    log = isinstance(sampler, LogUniform)
    if not isinstance(domain, (Float, Integer)) or not isinstance(sampler, (Uniform, LogUniform)):
        raise AssayError(
            "This domain cannot be searched.",
            f"{'/'.join(path)}: {type(domain).__name__} by {type(sampler).__name__}",
            "Use uniform, loguniform, quniform, randint, lograndint, qrandint or choice.",
        )
    whole = isinstance(domain, Integer)
    low, high = domain.lower, domain.upper - 1 if whole and step is None else domain.upper
    entry: Dict[str, Any] = {}
    if log:
        entry["log"] = True
    if step is not None and step != 1 and not log:
        low = math.ceil(low / step - 1e-9) * step
        high = low + math.floor((high - low) / step + 1e-9) * step
        if not whole:
            low, high = round(low, 12), round(high, 12)
        entry["step"] = step
    elif step is not None and step != 1 and whole:
        raise AssayError(
            "Whole numbers by logarithm have no steps.", "/".join(path), "Use tune.lograndint, or tune.qrandint."
        )
    entry["int" if whole else "float"] = [low, high]
    return entry
