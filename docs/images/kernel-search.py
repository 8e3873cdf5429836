"""The picture of a search in docs/kernels.md, of the trials that `assay trials STUDY --format json` prints:

    ./assay tune examples/kernel-replay.yaml --trials 100 --seed 0
    ./assay trials kernel-replay --format json | python3 docs/images/kernel-search.py > docs/images/kernel-search.svg
"""

import json
import sys

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 760, 330, 56, 744, 34, 286
FIRST = 10  # trials at powers of two, where a size is a multiple of 8

trials = sorted(json.load(sys.stdin), key=lambda trial: trial["id"])
times = {trial["id"]: trial["values"]["time_ms"] for trial in trials if trial["state"] == "complete"}
low, high = 0.5, sorted(times.values())[int(0.95 * (len(times) - 1))] * 1.05
step = next(step for step in (0.1, 0.2, 0.25, 0.5, 1, 2, 5, 10, 1e9) if (high - low) / step <= 6)


def x(number):
    return LEFT + (RIGHT - LEFT) * number / max(1, len(trials) - 1)


def y(time):
    return BOTTOM - (BOTTOM - TOP) * (min(time, high) - low) / (high - low)


lines = [
    f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
    f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fcfbf8"/>',
    f'<text x="{LEFT}" y="20" fill="#1d2b36">Convolution on an A100, as recorded: time of each trial in ms, and the best so far</text>',
    f'<rect x="{LEFT - 4}" y="{TOP}" width="{x(FIRST) - LEFT + 1:.1f}" height="{BOTTOM - TOP}" fill="#efe9dc"/>',
    f'<text x="{LEFT}" y="{BOTTOM - 28}" fill="#6b7780">at powers of two</text>',
]
tick = low
while tick <= high:
    lines.append(f'<path d="M{LEFT} {y(tick):.1f}H{RIGHT}" stroke="#ddd8cc"/>')
    lines.append(f'<text x="{LEFT - 8}" y="{y(tick) + 4:.1f}" text-anchor="end" fill="#6b7780">{tick:g}</text>')
    tick = round(tick + step, 9)
for number in range(0, len(trials) + 1, 20):
    lines.append(f'<text x="{x(min(number, len(trials) - 1)):.1f}" y="{BOTTOM + 18}" text-anchor="middle" fill="#6b7780">{number}</text>')
lines.append(f'<text x="{(LEFT + RIGHT) / 2}" y="{BOTTOM + 36}" text-anchor="middle" fill="#6b7780">trial</text>')

best, path = None, ""
for place, trial in enumerate(trials):
    time = times.get(trial["id"])
    if time is None:
        lines.append(f'<path d="M{x(place) - 3:.1f} {TOP + 3} l6 6 m0 -6 l-6 6" stroke="#9b2f6b" stroke-width="1.5"/>')
        continue
    lines.append(f'<circle cx="{x(place):.1f}" cy="{y(time):.1f}" r="3" fill="#3d74a8" fill-opacity=".65"/>')
    if best is None or time < best:
        best = time
        path += f"{'H' if path else 'M'}{x(place):.1f}{'V' if path else ' '}{y(time):.1f}"
lines.append(f'<path d="{path}H{RIGHT}" fill="none" stroke="#b5520a" stroke-width="2"/>')
lines.append(f'<text x="{RIGHT}" y="{y(best) - 6:.1f}" text-anchor="end" fill="#b5520a">best {best:.3g}</text>')
print("\n".join(lines + ["</svg>"]))
