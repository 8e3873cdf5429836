from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any, List

if TYPE_CHECKING:
    from ._study import Study
    from ._trial import FinishedTrial

STYLE = "border-collapse:collapse;font-size:90%"
WIDTH, HEIGHT = 640, 200


def _text(value: Any) -> str:
    return html.escape(f"{value:.6g}" if isinstance(value, float) else str(value))


def _table(trials: List["FinishedTrial"], study: "Study") -> str:
    names = list(dict.fromkeys(name for trial in trials for name in trial.params))
    heads = ["trial", *study.directions, *names]
    rows = []
    for trial in trials:
        cells = [trial.number, *(trial.values.get(name, "") for name in study.directions)]
        cells += [trial.params.get(name, "") for name in names]
        rows.append("<tr>" + "".join(f"<td>{_text(cell)}</td>" for cell in cells) + "</tr>")
    head = "".join(f"<th>{html.escape(str(name))}</th>" for name in heads)
    return f'<table style="{STYLE}"><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table>'


def _chart(trials: List["FinishedTrial"], metric: str, minimize: bool) -> str:
    """The values of the trials, and the best so far as a line."""
    points = [(trial.number, trial.values[metric]) for trial in trials if metric in trial.values]
    if len(points) < 2:
        return ""
    low, high = min(value for _, value in points), max(value for _, value in points)
    last = max(number for number, _ in points) or 1
    span = (high - low) or 1.0

    def x(number: float) -> float:
        return round(70 + (WIDTH - 90) * number / last, 1)

    def y(value: float) -> float:
        return round(HEIGHT - 30 - (HEIGHT - 50) * (value - low) / span, 1)

    dots = "".join(f'<circle cx="{x(n)}" cy="{y(v)}" r="2.5" opacity="0.5"/>' for n, v in points[-2000:])
    best, path = points[0][1], []
    for number, value in points:
        better = min(best, value) if minimize else max(best, value)
        if not path or better != best:
            path.append(f"{'L' if path else 'M'}{x(number)} {y(best)}L{x(number)} {y(better)}" if path else f"M{x(number)} {y(value)}")
        best = better
    path.append(f"L{x(last)} {y(best)}")
    label = f"{html.escape(metric)} of {len(points)} complete trials; best {_text(best)}"
    texts = (
        f'<text x="64" y="{y(high) + 4}" text-anchor="end">{_text(high)}</text>'
        f'<text x="64" y="{y(low) + 4}" text-anchor="end">{_text(low)}</text>'
        f'<text x="70" y="{HEIGHT - 8}">trial 0</text><text x="{WIDTH - 20}" y="{HEIGHT - 8}" text-anchor="end">{last}</text>'
    )
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" width="100%" style="max-width:{WIDTH}px" role="img" aria-label="{label}" '
        f'fill="currentColor" font-size="11" font-family="sans-serif"><title>{label}</title>{texts}{dots}'
        f'<path d="{"".join(path)}" fill="none" stroke="currentColor" stroke-width="1.5"/></svg>'
    )


def page(study: "Study") -> str:
    trials = study.trials
    states = {state: sum(trial.state == state for trial in trials) for state in ("complete", "pruned", "failed", "running", "waiting", "discarded")}
    counts = ", ".join(f"{count} {state}" for state, count in states.items() if count) or "none yet"
    complete = [trial for trial in trials if trial.state == "complete"]
    metric, direction = next(iter(study.directions.items()))
    if len(study.directions) == 1:
        best = sorted(complete, key=lambda trial: trial.values[metric], reverse=direction == "maximize")[:5]
        chart = _chart(complete, metric, direction == "minimize")
    else:
        best, chart = study.pareto[:20], ""
    title = "Best trials" if len(study.directions) == 1 else "Pareto set"
    shown = f"<p>{title}</p>{_table(best, study)}" if best else ""
    goals = ", ".join(f"{direction} {name}" for name, direction in study.directions.items())
    return f"<div><p><b>{html.escape(study.name)}</b>: {html.escape(goals)}. Trials: {counts}.</p>{chart}{shown}</div>"


