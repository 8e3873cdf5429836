// The first screen: what was found, how much was tried, what it cost.

function showSummary(study) {
  const kind = study.objectives.map(o => `${o.maximize ? "maximise" : "minimise"} ${o.metric}`).join(", ");
  document.getElementById("study-kind").textContent =
    [kind, plural(study.parameters.length, "parameter"), samplerName(study), trainedIn(study)].filter(Boolean).join(" · ");
  document.getElementById("study-name").textContent = study.name;
  document.getElementById("study-lead").replaceChildren(...lead(study), ...part(study), ...(study.facts.note ? [" ", el("em", {}, study.facts.note)] : []));
  document.getElementById("tiles").replaceChildren(bestTile(study), trialsTile(study), wallTile(study), searchTile(study));
  document.getElementById("best").replaceChildren(...(study.decisions.length ? [decisions(study)] : []), ...(study.best.length ? [bestConfiguration(study)] : []), ...(study.confirmed.length ? [finalists(study)] : []));
  document.getElementById("written").textContent = `Written by Assay, ${moment(Date.parse(study.written))}. This file is complete in itself: it loads nothing.`;
}

function samplerName(study) {
  const name = study.definition.sampler?.name;
  return typeof name === "string" ? `${name} sampler` : null;
}

/** Said where it is not what studies are unasked. */
function trainedIn(study) {
  const precision = study.definition.objective?.precision;
  return typeof precision === "string" && study.definition.objective.train ? `trained in ${precision.toUpperCase()}` : null;
}

function lead(study) {
  const {pruned, failed, running} = study.counts;
  const complete = study.completed;
  const verdict = study.seconds.wall > 0 || !running ? study.verdict[0].toUpperCase() + study.verdict.slice(1) + "." : "What the search cost is known when a run ends.";
  if (!study.size) {
    return ["Nothing has been tried yet."];
  }
  if (!complete) {
    const rest = running ? `${plural(running, "trial is", "trials are")} running` : "";
    const ended = failed + pruned ? `${plural(failed, "trial")} failed, ${count(pruned)} pruned` : "";
    return ["No trial has completed: ", [ended, rest].filter(Boolean).join(", ") || "all of them wait", ". ", verdict];
  }
  if (!study.feasible.length) {
    const nearest = study.best[0];
    return [`None of ${plural(complete, "completed trial")} keeps ${boundsInWords(study)}`,
      ...(nearest === undefined ? [] : ["; ", trialButton(study, nearest), " comes nearest"]), ". ", verdict];
  }
  if (study.objectives.length > 1) {
    return [el("strong", {}, plural(study.best.length, "trade-off")), ` that no other of ${plural(complete, "completed trial")} beats in every objective. `, verdict];
  }
  const [objective] = study.objectives;
  return [
    `The best of ${plural(complete, "completed trial")} reached ${cut(objective.metric, 200)} `,
    el("strong", {}, number(study.value(study.best[0]), 6)), `, with trial ${study.id(study.best[0])}. `,
    ...confirmation(study), verdict,
  ];
}

/** What is missing in a page of a study that is too large for one. */
function part(study) {
  return study.whole
    ? [` This page has ${count(study.size)} of ${plural(study.total, "trial")}: the best, those that bettered all before them, and others evenly spread. Figures, the table and groups of failures show these; counts by state ${study.whole.read < study.total ? `are of all, importances and models of an even sample of ${count(study.whole.read)}` : "and importances are of all"}.`]
    : [];
}

function confirmation(study) {
  if (!study.confirmed.length) {
    return [];
  }
  const [first] = study.confirmed;
  return [`Run again, trial ${study.id(first.row)} is confirmed as the best of ${plural(study.confirmed.length, "finalist")}: `,
    el("strong", {}, number(first.mean, 6)), `${interval(first)}. `];
}

function interval({low, high}) {
  return low === null ? "" : ` (${number(low, 4)} to ${number(high, 4)})`;
}

/** What the runs of each finalist came to. */
function finalists(study) {
  const values = one => one.runs.flatMap(row => (study.state(row) === "complete" ? [study.value(row)] : []));
  const heads = ["finalist", "mean", "95 % interval", "runs", "values"];
  return el("div", {class: "card best finalists"},
    el("header", {}, el("h3", {}, "Confirmation: the finalists, run again")),
    el("div", {class: "wide-table", tabindex: "0", role: "region", "aria-label": "Finalists, scrollable"},
      el("table", {"aria-label": "Finalists"},
        el("thead", {}, el("tr", {}, heads.map(head => el("th", {scope: "col"}, head)))),
        el("tbody", {}, study.confirmed.map((one, i) => el("tr", {class: i === 0 ? "top" : null},
          el("td", {}, trialButton(study, one.row)),
          el("td", {}, number(one.mean, 6)),
          el("td", {}, one.low === null ? "–" : `${number(one.low, 4)} to ${number(one.high, 4)}`),
          el("td", {}, count(one.runs.length) + (one.failed ? `, ${count(one.failed)} failed` : "")),
          el("td", {}, values(one).map(value => number(value, 4)).join(" · "))))))));
}

/** What is best for each value of the parameters that are given and not chosen. */
function decisions(study) {
  const given = study.given;
  const chosen = study.parameters.map(p => p.name).filter(name => !given.includes(name));
  const heads = [...given, study.objectives[0].metric, "trial", ...chosen];
  const title = `Best for each ${given.join(", ")}`;
  return el("div", {class: "card best finalists"},
    el("header", {}, el("h3", {}, title)),
    el("div", {class: "wide-table", tabindex: "0", role: "region", "aria-label": `${title}, scrollable`},
      el("table", {"aria-label": title},
        el("thead", {}, el("tr", {}, heads.map(head => el("th", {scope: "col"}, cut(head, 80))))),
        el("tbody", {}, study.decisions.map(one => el("tr", {},
          given.map(name => el("th", {scope: "row"}, one.params[name] ?? "–")),
          el("td", {}, number(one.value, 6)),
          el("td", {}, one.row === null ? count(one.trial) : trialButton(study, one.row)),
          chosen.map(name => el("td", {}, one.params[name] ?? "–"))))))));
}

function tile(title, figure, ...notes) {
  return el("div", {class: "tile"}, el("h2", {}, title), el("p", {class: "figure"}, figure), notes);
}

function bestTile(study) {
  const first = study.feasible.length
    ? study.objectives.length === 1
      ? tile(`Best ${cut(study.objectives[0].metric, 80)}`, number(study.value(study.best[0]), 6),
        el("p", {class: "note"}, trialButton(study, study.best[0]), ` of ${count(study.total)}`))
      : tile("Trade-offs", count(study.best.length), el("p", {class: "note"}, "on the Pareto front"))
    : tile(`Best ${cut(study.objectives[0].metric, 80)}`, "–", el("p", {class: "note"}, study.complete.length ? "no trial keeps the bounds" : "no trial is complete"));
  first.classList.add("first");
  return first;
}

function trialsTile(study) {
  const colours = {complete: "--trial", pruned: "--pruned", failed: "--failed", running: "--running", waiting: "--line", discarded: "--soft"};
  const some = Object.entries(study.counts).filter(([, n]) => n > 0);
  return tile("Trials", count(study.total),
    el("p", {class: "note"}, some.map(([state, n]) => `${count(n)} ${state === "complete" ? "completed" : state}`).join(", ") || "none yet"),
    study.confirms.size ? el("p", {class: "note"}, `${count(study.confirms.size)} of them to confirm`) : null,
    split(some.map(([state, n]) => [n, colours[state]])));
}

function split(parts) {
  return el("div", {class: "split", "aria-hidden": "true"},
    parts.filter(([n]) => n > 0).map(([n, colour]) => el("span", {style: `flex: ${n} 0 0; background: var(${colour})`})));
}

function wallTile(study) {
  const finished = study.trials.seconds.filter(s => s !== null).sort((a, b) => a - b);
  return tile("Wall time", el("span", {id: "wall"}, spent(study)),
    el("p", {class: "note"}, finished.length ? `a trial took ${duration(finished[Math.floor(finished.length / 2)])} (median)` : "nothing has finished"));
}

/** Of all runs; while one goes on under a dashboard, with its time up to now. */
function spent(study) {
  const began = assay.state ? Date.parse(study.facts.control?.began ?? "") : NaN;
  const running = (Date.parse(study.written) - began + performance.now() - study.received) / 1000;
  const seconds = study.seconds.wall + (running > 0 ? running : 0);
  return seconds > 0 ? duration(running > 0 ? Math.floor(seconds) : seconds) : "–";
}

function searchTile(study) {
  const {wall, suggest, storage, idle} = study.seconds;
  if (!(wall > 0)) {
    return tile("Cost of the search", "–", el("p", {class: "note"}, study.counts.running ? "known when a run ends" : study.verdict));
  }
  const share = Math.min(1, (suggest + storage) / wall);
  const rest = Math.max(0, wall - suggest - storage - idle);
  const item = (name, seconds, colour) => el("span", {class: "item"}, el("span", {class: "key", style: `background: var(${colour})`}), `${name} ${duration(seconds)}`);
  return tile("Cost of the search", percent(share),
    el("p", {class: "note"}, item("suggest", suggest, "--best"), " · ", item("storage", storage, "--failed"), " · ", item("idle", idle, "--pruned")),
    split([[suggest, "--best"], [storage, "--failed"], [idle, "--pruned"], [rest, "--trial"]]));
}

function trialButton(study, row) {
  return el("button", {type: "button", class: "quiet", onclick: () => showTrial(study, row)}, `trial ${study.id(row)}`);
}

/** The best configuration, and where in its range each value lies. */
function bestConfiguration(study) {
  const row = study.chosen();
  const text = JSON.stringify(study.bestParams, null, 2);
  const copy = el("button", {type: "button"}, "Copy as JSON");
  copy.addEventListener("click", async () => {
    await navigator.clipboard?.writeText(text);
    copy.textContent = navigator.clipboard ? "Copied" : "Not allowed here";
  });
  return el("div", {class: "card best"},
    el("header", {},
      el("h3", {}, !study.feasible.length ? `Nearest to the bounds: trial ${study.id(row)}` : study.confirmed.length ? `Confirmed configuration: trial ${study.id(row)}` : study.best.length > 1 ? `The first of the front: trial ${study.id(row)}` : "Best configuration"), copy),
    el("ol", {}, study.axes.filter(axis => study.code(row, axis.p) !== null).map(axis => {
      const code = study.code(row, axis.p);
      const range = axis.choice ? plural(axis.options.length, "option") : `${number(axis.low)} to ${number(axis.high)}${axis.log ? ", logarithmic" : ""}`;
      return el("li", {},
        el("span", {}, axis.name),
        el("span", {class: "track", title: range},
          el("i", {style: `left: ${(100 * axis.unit(code)).toFixed(1)}%`}), el("span", {class: "unseen"}, range)),
        el("span", {class: "value", tabindex: reachable(axis.words(code))}, axis.words(code)));
    })));
}
