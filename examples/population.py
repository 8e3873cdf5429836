"""The toy problem of Jaderberg et al. 2017 (figure 2): no fixed hyperparameter solves it, a schedule does.

theta climbs a surrogate that sees one of its two coordinates; what counts is the quality, which sees both.
"""

import json
import pathlib

import assay

p = assay.params(surrogate="first", rate=0.02)
saved = pathlib.Path(assay.checkpoint()) / "theta.json"
theta = json.loads(saved.read_text()) if saved.exists() else [0.9, 0.9]
for step in assay.steps(50):
    seen = 0 if p["surrogate"] == "first" else 1
    theta[seen] -= p["rate"] * 2 * theta[seen]
    assay.report(step, quality=1.2 - theta[0] ** 2 - theta[1] ** 2)
saved.write_text(json.dumps(theta))
