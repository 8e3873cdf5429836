from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple, Union

from ._client import checked
from ._errors import AssayError, Interrupted
from ._space import Choice, Float, Int, decoders, entries

if TYPE_CHECKING:
    from ._study import Study

#: What a service says that was started anew while the trial ran.
FORGOTTEN = "It is not known any more what the trial asked for."

Values = Union[float, Mapping[str, float], Sequence[float]]


class Trial(Mapping[str, Any]):
    """A configuration that is being tried: `trial["lr"]`. Of one thread at a time."""

    def __init__(self, study: "Study", document: Mapping[str, Any]):
        self._study = study
        self._document = document
        self.number: int = document["id"]
        self.params: Dict[str, Any] = study._decoded(document["params"])
        #: A seed of the trial's own: the same whenever and wherever it runs.
        self.seed: int = document.get("seed", 0)
        #: How often it was started before and given up.
        self.restarts: int = document.get("restarts", 0)
        self._run: Any = None
        self._asked: Dict[str, Any] = {}
        self._prune = False
        self._metrics: Dict[str, float] = {}
        self._attributes: Dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        return self.params[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.params)

    def __len__(self) -> int:
        return len(self.params)

    def __repr__(self) -> str:
        return f"Trial({self.number}, {self.params})"

    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        return self is other

    # Asking while it runs

    def suggest_float(self, name: str, low: float, high: float, *, step: Optional[float] = None, log: bool = False) -> float:
        """A number from low to high, both included. For studies without a space; see `assay.Float`."""
        return self.suggest({name: Float(low, high, step=step, log=log)})[name]

    def suggest_int(self, name: str, low: int, high: int, *, step: Optional[int] = None, log: bool = False) -> int:
        """A whole number from low to high, both included."""
        return self.suggest({name: Int(low, high, step=step, log=log)})[name]

    def suggest_categorical(self, name: str, choices: Sequence[Any]) -> Any:
        """One of the choices; those that JSON does not have go by their name, as with `assay.Choice`."""
        return self.suggest({name: Choice(choices)})[name]

    def suggest(self, space: Mapping[str, Any]) -> Dict[str, Any]:
        """The values of several parameters, in one exchange. Asking again gives the same."""
        self._live()
        asked = entries(space)
        new = {name: entry for name, entry in asked.items() if self._asked.get(name) != entry}
        if new:
            answer = self._study._client.send({"suggest": {"id": self.number, "params": new}})["params"]
            words = decoders(space)
            self._asked.update(new)
            self.params.update({name: words[name](value) if name in words else value for name, value in answer.items()})
            self._study._decoders.update(words)
        return {name: self.params[name] for name in asked}

    def _live(self) -> None:
        if self._run is not None and self._run.stopped:
            raise Interrupted

    # Telling

    def report(self, step: int, values: Optional[Values] = None, **metrics: float) -> bool:
        """Says how good the trial is at a step; steps ascend. Returns whether to stop now, see `should_prune`.

        `report(3, 0.2)`, `report(3, loss=0.2, accuracy=0.9)` or `report(3, {"val/loss": 0.2})`. What is no objective is
        kept with the trial as it was last."""
        self._live()
        objectives, others = self._study._split(values, metrics, whole=False)
        self._metrics.update(others)
        if objectives:
            answer = self._study._client.send({"report": {"id": self.number, "step": int(step), "values": objectives}})
            self._prune = answer["prune"]
        return self._prune

    def should_prune(self) -> bool:
        """Whether the trial should stop, by what was reported last: `raise assay.Pruned` then."""
        return self._prune

    def set_attribute(self, name: str, value: Any) -> None:
        """Keeps something that JSON has with the trial."""
        self._attributes[name] = value

    def tell(self, values: Optional[Values] = None, **metrics: float) -> None:
        """How good it was at its end; arguments as those of `report`."""
        self._end(self._told(values, metrics))

    def fail(self, why: str) -> None:
        """It failed; that is data: the search goes elsewhere."""
        self._end({"failed": str(why)})

    def prune(self) -> None:
        """It ended early because it was hopeless."""
        self._end({"pruned": True})

    def cancel(self) -> None:
        """Somebody else shall run it: it waits, and the next ask brings it."""
        self._study._client.send({"cancel": {"id": self.number}})

    def _end(self, how: Mapping[str, Any]) -> None:
        request = self._request(how)
        answer = self._study._client.exchange(request)
        checked(self._told_again(request) if self._is_forgotten(answer) else answer)

    def _is_forgotten(self, answer: Any) -> bool:
        error = answer.get("error") or {}
        return bool(self._asked) and error.get("what") == FORGOTTEN

    def _told_again(self, request: Mapping[str, Any]) -> Any:
        """To a service that was started anew meanwhile: it has the same answers, and knows what was asked for."""
        self._study._client.send({"suggest": {"id": self.number, "params": self._asked}})
        return self._study._client.exchange(request)

    def _told(self, values: Optional[Values], metrics: Mapping[str, float]) -> Dict[str, Any]:
        objectives, others = self._study._split(values, metrics, whole=True)
        self._metrics.update(others)
        return {"values": objectives}

    def _request(self, how: Mapping[str, Any]) -> Dict[str, Any]:
        body: Dict[str, Any] = {"id": self.number, **how}
        if self._metrics:
            body["metrics"] = self._metrics
        if self._attributes:
            body["attributes"] = self._attributes
        return {"tell": body}


class FinishedTrial:
    """What is known of a trial: `number`, `state` (complete, pruned, failed, running, waiting, discarded), `params`, `values` by metric,
    `steps` (step and values by metric), `cause` and `detail` of a failure, `started`, `seconds`, `attributes`, and `confirms`, the number of
    the finalist that it was run to confirm, None for a trial of the search."""

    def __init__(self, document: Mapping[str, Any], params: Dict[str, Any]):
        self.number: int = document["id"]
        self.state: str = document.get("state", "complete")
        self.params = params
        self.values: Dict[str, float] = document.get("values") or {}
        self.steps: List[Tuple[int, Dict[str, float]]] = [
            (step["step"], {name: float("nan") if value is None else value for name, value in step["values"].items()})
            for step in document.get("steps", ())
        ]
        self.cause: Optional[str] = document.get("cause")
        self.detail: Optional[str] = document.get("detail")
        self.started: Optional[str] = document.get("started")
        self.seconds: Optional[float] = document.get("seconds")
        self.confirms: Optional[int] = document.get("confirms")
        self.attributes: Dict[str, Any] = dict(document.get("attributes", {}))
        self.metrics: Dict[str, float] = dict(self.attributes.pop("metrics", {}) or {})

    @property
    def value(self) -> float:
        """That of the only objective."""
        if len(self.values) != 1:
            raise AssayError(
                "The trial has no single value.", f"trial {self.number}: {self.state}, {self.values}", "Look at its values."
            )
        return next(iter(self.values.values()))

    def __repr__(self) -> str:
        return f"FinishedTrial({self.number}, {self.state}, {self.params}, {self.values})"
