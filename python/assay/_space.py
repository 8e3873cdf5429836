from __future__ import annotations

import functools
import warnings
from typing import Any, Callable, Dict, Iterable, Mapping, Optional, Union

from ._errors import AssayError

Plain = (str, int, float, bool, type(None))


class _Parameter:
    default: Any
    prior: Any
    when: Optional[Mapping[str, Any]]

    def _ends(self, entry: Dict[str, Any]) -> Dict[str, Any]:
        if self.default is not None:
            entry["default"] = self.default
        if self.prior is not None:
            entry["prior"] = self._prior()
        if self.when is not None:
            entry["when"] = {
                name: list(value) if isinstance(value, (list, tuple, set)) else value for name, value in self.when.items()
            }
        return entry

    def _prior(self) -> Any:
        return self.prior


class Float(_Parameter):
    """A number from low to high, both included; searched by its logarithm with `log`, only low + k * step with `step`.

    `prior={"around": 1e-3, "spread": "3x"}` says where the best value is expected: give or take a factor with `log`, a number
    otherwise. `when={"optimizer": "sgd"}` lets it exist only where another parameter has one of these values."""

    def __init__(
        self,
        low: float,
        high: float,
        *,
        log: bool = False,
        step: Optional[float] = None,
        default: Optional[float] = None,
        prior: Optional[Mapping[str, Any]] = None,
        when: Optional[Mapping[str, Any]] = None,
    ):
        self.low, self.high, self.log, self.step, self.default, self.when = low, high, log, step, default, when
        self.prior = prior

    def _prior(self) -> Any:
        return dict(self.prior)

    _key = "float"

    def _entry(self) -> Dict[str, Any]:
        entry: Dict[str, Any] = {self._key: [self.low, self.high]}
        if self.log:
            entry["log"] = True
        if self.step is not None:
            entry["step"] = self.step
        return self._ends(entry)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._entry()})"


class Int(Float):
    """A whole number from low to high, both included; as Float otherwise."""

    _key = "int"


class Choice(_Parameter):
    """One of a list of options, or of a mapping from options to the parameters that exist only under them, to any depth:
    `Choice({"sgd": {"momentum": Float(0, 0.99)}, "adam": {}})`.

    Options that JSON does not have (functions, classes, tuples) go by their name, or else their repr. `ordered` says
    that their order means something. `prior={"adam": 3, "sgd": 1}` weighs options by how likely each is to be the best, the
    others having 1; a list weighs all of them in their order."""

    def __init__(
        self,
        options: Union[Iterable[Any], Mapping[Any, Mapping[str, Any]]],
        *,
        ordered: bool = False,
        default: Any = None,
        prior: Optional[Union[Mapping[Any, float], Iterable[float]]] = None,
        when: Optional[Mapping[str, Any]] = None,
    ):
        self.prior = prior
        self.options = dict(options) if isinstance(options, Mapping) else list(options)
        self.ordered, self.when = ordered, when
        self.default = default if default is None else _word(default)
        self._words = {}
        for option in self.options:
            word = _word(option)
            if word is not option:
                if word in self._words:
                    raise AssayError("Two options have one name.", f"{word!r}", "Give them as strings of your own.")
                self._words[word] = option

    def _entry(self) -> Dict[str, Any]:
        options: Any = [_word(option) for option in self.options]
        if isinstance(self.options, dict):
            options = {word: entries(inner) for word, inner in zip(options, self.options.values())}
        entry: Dict[str, Any] = {"choice": options}
        if self.ordered:
            entry["ordered"] = True
        return self._ends(entry)

    def _prior(self) -> Any:
        if not isinstance(self.prior, Mapping):
            return list(self.prior)
        options = [_word(option) for option in self.options]
        weights = [1.0] * len(options)
        for option, weight in self.prior.items():
            word = _word(option)
            if word not in options:
                raise AssayError(
                    "A prior weighs an option that the choice does not have.", f"{option!r}", f"The options are {options}."
                )
            weights[_index(options, word)] = weight
        return weights

    def __repr__(self) -> str:
        return f"Choice({self._entry()})"


def _index(options: Iterable[Any], word: Any) -> int:
    # True is equal to 1, but another option.
    found = [k for k, option in enumerate(options) if option == word]
    same = [k for k in found if type(list(options)[k]) is type(word)]
    return (same or found)[0]


def _word(option: Any) -> Any:
    if type(option) in Plain:
        return option
    if hasattr(option, "item") and type(option).__module__ == "numpy":
        return option.item()
    return getattr(option, "__name__", None) or repr(option)


def entries(space: Mapping[str, Any]) -> Dict[str, Any]:
    """The `space:` of a study file. Lists are choices; what is written as in a study file stays as it is."""
    result = {}
    for name, parameter in space.items():
        if isinstance(parameter, _Parameter):
            result[name] = parameter._entry()  # type: ignore[attr-defined]
        elif isinstance(parameter, (list, tuple)):
            if isinstance(parameter, tuple) and len(parameter) == 2 and all(type(bound) in (int, float) for bound in parameter):
                warnings.warn(
                    f"{name}: {parameter!r} is a choice of two values. Write assay.Float{parameter!r} or assay.Int{parameter!r} for the"
                    f" range between them, or {list(parameter)!r} for the two.",
                    RuntimeWarning,
                    stacklevel=2,
                )
            result[name] = Choice(parameter)._entry()
        elif isinstance(parameter, Mapping):
            result[name] = dict(parameter)
        else:
            raise AssayError(
                "This is no parameter.",
                f"{name}: {parameter!r}",
                "Give assay.Float(low, high), assay.Int(low, high) or assay.Choice([...]).",
            )
    return result


def _decoded(words: Mapping[Any, Any], value: Any) -> Any:
    return words.get(value, value)


def decoders(space: Mapping[str, Any]) -> Dict[str, Callable[[Any], Any]]:
    """What turns values from JSON into options that JSON does not have, by parameter."""
    result: Dict[str, Callable[[Any], Any]] = {}
    for name, parameter in space.items():
        if isinstance(parameter, (list, tuple)):
            parameter = Choice(parameter)
        if isinstance(parameter, Choice):
            if parameter._words:
                result[name] = functools.partial(_decoded, parameter._words)
            if isinstance(parameter.options, dict):
                for inner in parameter.options.values():
                    result.update(decoders(inner))
    return result


def encoded(params: Mapping[str, Any]) -> Dict[str, Any]:
    """Values of parameters as JSON has them."""
    return {name: _word(value) for name, value in params.items()}
