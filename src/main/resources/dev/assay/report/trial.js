// Everything about one trial, in a dialog. A dashboard adds what it knows besides: see live.js.

function showTrial(study, row) {
  const dialog = document.getElementById("trial");
  const failure = study.failureOf.get(row);
  const facts = [["State", el("span", {class: `state ${study.state(row)}`}, study.state(row) + (failure ? `: ${causeWords(failure.cause)}` : ""))]];
  if (study.state(row) === "complete") {
    study.objectives.forEach((objective, k) => facts.push([objective.metric, number(study.value(row, k), 10)]));
  }
  if (study.broken.has(row)) {
    facts.push(["Breaks", study.broken.get(row).join(", ")]);
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
  const started = entries(study.definition.objective ?? {});
  const curves = el("div", {class: "trial-curves"});
  dialog.replaceChildren(el("div", {class: "inside"},
    el("header", {},
      el("h2", {id: "trial-title"}, `Trial ${study.id(row)}`),
      el("button", {type: "button", onclick: () => dialog.close()}, "Close")),
    el("div", {id: "trial-actions"}),
    note ? [el("h3", {}, "Note"), el("p", {class: "written"}, note)] : [],
    facts.length ? [el("h3", {}, "Outcome"), list(facts)] : [],
    failure?.detail ? [el("h3", {}, "Its last words"), el("pre", {tabindex: "0"}, failure.detail)] : [],
    curves,
    el("h3", {}, "Parameters"), list(parameters),
    started.length ? [el("h3", {}, "Started with"), list(started)] : [],
    attributes ? [el("h3", {}, "Attributes"), list(entries(attributes))] : [],
    el("div", {id: "trial-files"})));
  if (!dialog.open) {
    dialog.showModal();
  }
  const curve = study.curves.shown.find(one => one.row === row);
  drawTrialCurves(study, curves, curve?.steps ?? [], curve?.values ?? [], study.curves.total > study.curves.shown.length && !curve);
  assay.live?.showTrial(study, row);
}

/** What the trial reported on its way, a chart for each metric. */
function drawTrialCurves(study, box, steps, values, left) {
  trialCharts.splice(0).forEach(({drawn}) => drawn.dispose());
  const reported = study.objectives.map((objective, k) => [objective.metric, (values[k] ?? []).map((value, i) => [steps[i], value]).filter(([, value]) => value !== null)])
    .filter(([, points]) => points.length);
  box.replaceChildren(...(left ? [el("h3", {}, "On its way"), el("p", {class: "soft"}, "This page carries the curves of some trials only, and not of this one.")] : []));
  for (const [metric, points] of reported) {
    const [, last] = points.at(-1);
    const words = `${plural(points.length, "value")} of ${cut(metric, 80)}, from ${number(points[0][1])} at step ${number(points[0][0])} to ${number(last)} at step ${number(points.at(-1)[0])}.`;
    const chart = el("div", {class: "chart", role: "img", "aria-label": words, style: "height: 200px"});
    box.append(el("h3", {}, `${cut(metric, 80)} on its way`), el("p", {class: "soft"}, words), chart);
    if (window.echarts && box.isConnected) {
      const drawn = echarts.init(chart, null, {renderer: "canvas"});
      const draw = () => drawn.setOption(complete({
        grid: {left: 8, right: 16, top: 26, bottom: 34, containLabel: true},
        tooltip: {trigger: "axis", formatter: ([event]) => el("div", {class: "tip"}, `step ${number(event.data[0])}: ${number(event.data[1], 6)}`)},
        xAxis: {type: "value", min: "dataMin", max: "dataMax", minInterval: 1, splitLine: {show: false}, ...xName("step")},
        yAxis: {type: "value", scale: true, axisLabel: {formatter: value => number(value, 3)}, ...yName(metric)},
        series: [{type: "line", data: points, showSymbol: points.length < 30, lineStyle: {color: look.colours.trial, width: 2}, itemStyle: {color: look.colours.trial}}],
      }, chart));
      draw();
      trialCharts.push({drawn, draw});
    }
  }
}

const trialCharts = [];

/** Those of an open dialog, in another window or other colours. */
function redrawTrialCharts() {
  for (const {drawn, draw} of trialCharts) {
    drawn.resize();
    draw();
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
