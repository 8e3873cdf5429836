"""Assay's search inside Optuna: `optuna.create_study(sampler=AssaySampler())`."""

from __future__ import annotations

import os
import random
import threading
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple, Union

import optuna
from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.samplers import BaseSampler, RandomSampler
from optuna.search_space import IntersectionSearchSpace
from optuna.trial import FrozenTrial, TrialState

from ._client import StdioClient, checked
from ._errors import AssayError
from ._launcher import command

CHUNK = 100


class AssaySampler(BaseSampler):
    """Searches with a sampler of Assay the parameters that all trials so far had, with their whole history; what else a
    trial asks for comes from `independent_sampler`. One objective or several.

    sampler: as in a study file: `"auto"`, `"gp"`, `{"tpe": {"start": 20}}`. search_space: distributions by name, where
    they are known from the start: then the first trial is searched too. Without a seed every sampler has one of its own.

    The search runs in a service of this process, started with the first proposal; a copy, or a process that was forked,
    starts its own. What other processes run at the same time is known once it has ended."""

    def __init__(
        self,
        sampler: Union[str, Mapping[str, Any]] = "auto",
        *,
        seed: Optional[int] = None,
        search_space: Optional[Mapping[str, BaseDistribution]] = None,
        independent_sampler: Optional[BaseSampler] = None,
        launcher: Optional[str] = None,
    ):
        self._options = sampler
        self._seed = random.SystemRandom().getrandbits(31) if seed is None else seed
        self._given = dict(search_space) if search_space is not None else None
        self._independent = independent_sampler or RandomSampler(seed=self._seed)
        self._launcher = launcher
        self._intersection = IntersectionSearchSpace()
        self._forget()

    def _forget(self) -> None:
        self._lock = threading.RLock()
        self._pid = os.getpid()
        self._client: Optional[StdioClient] = None
        self._key: Any = None
        self._space: Dict[str, BaseDistribution] = {}
        #: What was asked for each trial of Optuna: the number here, and the values.
        self._asked: Dict[int, Tuple[int, Dict[str, Any]]] = {}
        self._known: set = set()

    def __getstate__(self) -> Dict[str, Any]:
        passing = {"_lock", "_pid", "_client", "_key", "_space", "_asked", "_known"}
        return {name: value for name, value in self.__dict__.items() if name not in passing}

    def __setstate__(self, state: Dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._forget()

    def reseed_rng(self) -> None:
        self._independent.reseed_rng()  # threads share the search, which gives each trial something else

    def close(self) -> None:
        """Ends the service; the next proposal starts another."""
        with self._lock:
            if self._client is not None:
                self._client.close()
            self._client = None
            self._key = None

    def infer_relative_search_space(self, study: "optuna.Study", trial: FrozenTrial) -> Dict[str, BaseDistribution]:
        space = self._given if self._given is not None else self._intersection.calculate(study)
        return {name: distribution for name, distribution in space.items() if not distribution.single()}

    def sample_independent(
        self, study: "optuna.Study", trial: FrozenTrial, param_name: str, param_distribution: BaseDistribution
    ) -> Any:
        return self._independent.sample_independent(study, trial, param_name, param_distribution)

    def before_trial(self, study: "optuna.Study", trial: FrozenTrial) -> None:
        self._independent.before_trial(study, trial)

    def sample_relative(
        self, study: "optuna.Study", trial: FrozenTrial, search_space: Dict[str, BaseDistribution]
    ) -> Dict[str, Any]:
        if not search_space:
            return {}
        if self._pid != os.getpid():
            self._forget()
        with self._lock:
            self._open(study, search_space)
            self._catch_up(study)
            fixed = trial.system_attrs.get("fixed_params", {})
            given = {name: value for name, value in fixed.items() if _fits(search_space, name, value)}
            answer = self._send({"ask": {"count": 1, "params": self._encoded(given)}})
            if not answer["trials"]:
                return {}  # everything of a finite space was tried
            asked = answer["trials"][0]
            values = self._decoded(asked["params"])
            self._asked[trial.number] = asked["id"], values
            return values

    def after_trial(
        self, study: "optuna.Study", trial: FrozenTrial, state: TrialState, values: Optional[Sequence[float]]
    ) -> None:
        self._independent.after_trial(study, trial, state, values)
        with self._lock:
            asked = self._asked.pop(trial.number, None)
            if asked is None or self._client is None or self._pid != os.getpid():
                return
            number, proposed = asked
            if any(trial.params.get(name, value) != value for name, value in proposed.items()):
                self._send({"cancel": {"id": number}})  # it ran with values of somebody else's: see _catch_up
                return
            requests: List[Dict[str, Any]] = [
                {"report": {"id": number, **step}} for step in self._steps(trial.intermediate_values)
            ]
            requests.append({"tell": {"id": number, **self._end(state, values)}})
            for answer in self._client.send_all(requests):
                checked(answer)
            self._known.add(trial.number)

    # Between the two

    def _send(self, request: Mapping[str, Any]) -> Any:
        if self._client is None:
            self._client = StdioClient(command(self._launcher, None, None))
        return self._client.send(request)

    def _open(self, study: "optuna.Study", space: Dict[str, BaseDistribution]) -> None:
        key = (study.study_name, id(study._storage), tuple(sorted((name, repr(one)) for name, one in space.items())))
        if key == self._key:
            return
        self._space = {name: space[name] for name in sorted(space)}
        self._metrics = [f"value{i}" for i in range(len(study.directions))]
        definition: Dict[str, Any] = {
            "name": "optuna",
            "storage": "memory:",
            "seed": self._seed,
            "sampler": self._options,
            "space": {f"p{i}": _entry(one) for i, one in enumerate(self._space.values())},
        }
        for metric, direction in zip(self._metrics, study.directions):
            word = "maximize" if direction == optuna.study.StudyDirection.MAXIMIZE else "minimize"
            definition.setdefault(word, []).append(metric)
        self._send({"study": definition})
        # The service lists what is minimized and what is maximized as it likes: metrics go by name.
        self._key = key
        self._asked.clear()
        self._known.clear()

    def _catch_up(self, study: "optuna.Study") -> None:
        """Tells what has ended and is not known here: history, other processes, enqueued trials."""
        requests = []
        for trial in study.get_trials(deepcopy=False):
            if trial.number in self._known or not trial.state.is_finished() or trial.number in self._asked:
                continue
            self._known.add(trial.number)
            if all(name in trial.params and _fits(self._space, name, trial.params[name]) for name in self._space):
                params = {name: trial.params[name] for name in self._space}
                body: Dict[str, Any] = {"params": self._encoded(params), **self._end(trial.state, trial.values)}
                steps = self._steps(trial.intermediate_values)
                if steps:
                    body["steps"] = steps
                requests.append({"tell": body})
        for i in range(0, len(requests), CHUNK):
            assert self._client is not None
            for answer in self._client.send_all(requests[i : i + CHUNK]):
                checked(answer)

    def _end(self, state: TrialState, values: Optional[Sequence[float]]) -> Dict[str, Any]:
        if state == TrialState.COMPLETE and values is not None:
            return {"values": dict(zip(self._metrics, values))}
        return {"pruned": True} if state == TrialState.PRUNED else {"failed": "failed in Optuna"}

    def _steps(self, intermediate: Mapping[int, float]) -> List[Dict[str, Any]]:
        if len(self._metrics) != 1:
            return []
        return [{"step": step, "values": {self._metrics[0]: value}} for step, value in sorted(intermediate.items())]

    def _encoded(self, params: Mapping[str, Any]) -> Dict[str, Any]:
        encoded = {}
        for i, (name, distribution) in enumerate(self._space.items()):
            if name in params:
                value = params[name]
                categorical = isinstance(distribution, CategoricalDistribution)
                encoded[f"p{i}"] = int(distribution.to_internal_repr(value)) if categorical else value
        return encoded

    def _decoded(self, params: Mapping[str, Any]) -> Dict[str, Any]:
        decoded = {}
        for i, (name, distribution) in enumerate(self._space.items()):
            value = params[f"p{i}"]
            if isinstance(distribution, CategoricalDistribution):
                decoded[name] = distribution.choices[value]
            elif isinstance(distribution, IntDistribution):
                decoded[name] = int(value)
            else:
                decoded[name] = float(value)
        return decoded


def _fits(space: Mapping[str, BaseDistribution], name: str, value: Any) -> bool:
    distribution = space.get(name)
    try:
        return distribution is not None and bool(distribution._contains(distribution.to_internal_repr(value)))
    except (TypeError, ValueError):
        return False


def _entry(distribution: BaseDistribution) -> Dict[str, Any]:
    """A distribution as a study file has it; options by their index, since they may be anything."""
    if isinstance(distribution, CategoricalDistribution):
        return {"choice": list(range(len(distribution.choices)))}
    if not isinstance(distribution, (FloatDistribution, IntDistribution)):
        raise AssayError("This distribution is not known.", repr(distribution), "Use a float, an int or a categorical one.")
    entry: Dict[str, Any] = {
        "int" if isinstance(distribution, IntDistribution) else "float": [distribution.low, distribution.high]
    }
    if distribution.log:
        entry["log"] = True
    if distribution.step is not None and distribution.step != 1 or distribution.step is not None and "float" in entry:
        entry["step"] = distribution.step
    return entry
