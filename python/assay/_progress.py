from __future__ import annotations

import sys
import threading
import time
from typing import TYPE_CHECKING, Any, Dict, Mapping, Optional

if TYPE_CHECKING:
    from ._study import Study


def _notebook() -> Any:
    """What shows HTML in the notebook that this runs in; None elsewhere."""
    if "IPython" not in sys.modules:
        return None
    try:
        from IPython import get_ipython
        from IPython.display import HTML, display
    except ImportError:
        return None
    shell = get_ipython()
    if shell is None or not hasattr(shell, "kernel"):
        return None
    return display, HTML


class Progress:
    """One line about the run, renewed at most four times a second: in a notebook below the cell, else on stderr."""

    def __init__(self, study: "Study", trials: Optional[int], wanted: Optional[bool]):
        self._notebook = None if wanted is False else _notebook()
        self._shown = bool(self._notebook) or sys.stderr.isatty() if wanted is None else wanted
        self._trials = trials
        self._lock = threading.Lock()
        self._begin = time.monotonic()
        self._last = 0.0
        self._handle: Any = None
        self._width = 0
        if not self._shown:
            return
        self._counts: Dict[str, int] = study.counts()
        self._metric, self._direction = next(iter(study.directions.items()))
        self._single = len(study.directions) == 1
        best = study._best(1) if self._single else []
        self._best: Optional[float] = best[0].value if best else None

    def ended(self, told: Mapping[str, Any]) -> None:
        if not self._shown:
            return
        with self._lock:
            value = told.get("values", {}).get(self._metric)
            state = "complete" if value is not None and value - value == 0 else "pruned" if "pruned" in told else "failed"
            self._counts[state] += 1
            if state == "complete" and self._single:
                better = self._best is None or (value < self._best if self._direction == "minimize" else value > self._best)
                self._best = value if better else self._best
            if time.monotonic() - self._last > 0.25:
                self._show()

    def line(self) -> str:
        counts = self._counts
        done = counts["complete"] + counts["pruned"] + counts["failed"]
        words = [f"{done} of {self._trials} trials" if self._trials else f"{done} trials"]
        words += [f"{counts[state]} {state}" for state in ("pruned", "failed") if counts[state]]
        if self._best is not None:
            words.append(f"best {self._metric} {self._best:.6g}")
        words.append(f"{time.monotonic() - self._begin:.1f} s")
        return ", ".join(words)

    def _show(self) -> None:
        self._last = time.monotonic()
        line = self.line()
        if self._notebook:
            import html

            display, markup = self._notebook
            shown = markup(f"<code>{html.escape(line)}</code>")
            if self._handle is None:
                self._handle = display(shown, display_id=True)
            else:
                self._handle.update(shown)
        else:
            print("\r" + line.ljust(self._width), end="", file=sys.stderr, flush=True)
            self._width = len(line)

    def end(self) -> None:
        if not self._shown:
            return
        with self._lock:
            self._show()
            if not self._notebook:
                print(file=sys.stderr, flush=True)
