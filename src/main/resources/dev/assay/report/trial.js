// Everything about one trial, in a dialog.

function showTrial(study, row) {
  const dialog = document.getElementById("trial");
  const failure = study.failureOf.get(row);
  const facts = [["State", el("span", {class: `state ${study.state(row)}`}, study.state(row) + (failure ? `: ${causeWords(failure.cause)}` : ""))]];
  if (study.state(row) === "complete") {
    study.objectives.forEach((objective, k) => facts.push([objective.metric, number(study.value(row, k), 10)]));
  }
  if (study.confirms.has(row)) {
    facts.push(["Confirms", `trial ${study.confirms.get(row)}`]);
  }
  if (study.trials.started[row]) {
    facts.push(["Started", moment(study.trials.started[row])]);
  }
  if (study.trials.seconds[row] !== null) {
    facts.push(["Took", duration(study.trials.seconds[row])]);
  }
  if (study.trials.restarts[row]) {
    facts.push(["Started again", plural(study.trials.restarts[row], "time")]);
  }
  const parameters = study.axes.filter(axis => study.code(row, axis.p) !== null).map(axis => [axis.name, axis.choice ? study.text(row, axis.p) : String(study.code(row, axis.p))]);
  const attributes = study.trials.attributes[row];
  const note = study.facts[`note of trial ${study.id(row)}`];
  dialog.replaceChildren(el("div", {class: "inside"},
    el("header", {},
      el("h2", {id: "trial-title"}, `Trial ${study.id(row)}`),
      el("button", {type: "button", onclick: () => dialog.close()}, "Close")),
    note ? [el("h3", {}, "Note"), el("p", {}, note)] : [],
    facts.length ? [el("h3", {}, "Outcome"), list(facts)] : [],
    failure?.detail ? [el("h3", {}, "Its last words"), el("pre", {tabindex: "0"}, failure.detail)] : [],
    el("h3", {}, "Parameters"), list(parameters),
    attributes ? [el("h3", {}, "Attributes"), list(entries(attributes))] : []));
  if (!dialog.open) {
    dialog.showModal();
  }
}

function list(pairs) {
  return el("dl", {}, pairs.map(([name, value]) => [el("dt", {}, name), el("dd", {tabindex: reachable(value)}, value)]));
}

/** A map as pairs of texts; maps within maps get dotted names. */
function entries(map, prefix = "") {
  return Object.entries(map).flatMap(([key, value]) =>
    value !== null && typeof value === "object" && !Array.isArray(value)
      ? entries(value, prefix + key + ".")
      : [[prefix + key, typeof value === "string" ? value : Array.isArray(value) ? value.map(plain).join(", ") : plain(value)]]);
}

function plain(value) {
  return typeof value === "number" ? number(value, 6) : typeof value === "string" ? value : JSON.stringify(value);
}

function causeWords(cause) {
  return cause.replaceAll("_", " ");
}
