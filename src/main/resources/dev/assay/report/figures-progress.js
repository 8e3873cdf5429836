// How the search went on: values by trial, intermediate values, their distribution, the front.

figures.add({
  id: "history",
  title: "Optimisation history",
  section: "progress",
  wide: true,
  missing: study => (study.size ? null : "There are no trials yet."),
  controls: study => [
    ...objectiveControl(study),
    {key: "log", label: "log scale", value: false},
  ],

  caption(study, {objective = 0}) {
    const {metric} = study.objectives[objective];
    if (!study.complete.length) {
      return "No trial is complete; the marks below show which were pruned or failed." + changesInWords(study);
    }
    if (!study.feasible.length) {
      return noneFeasible(study) + changesInWords(study);
    }
    const best = study.ranked(objective)[0];
    const since = study.complete.filter(row => row > best).length;
    const broken = study.complete.length - study.feasible.length;
    return `The best ${cut(metric, 60)}, ${number(study.value(best, objective), 6)}, came with trial ${study.id(best)}`
      + (since ? `; ${plural(since, "completed trial")} after it did not improve on it.` : ", the last one completed.")
      + (broken ? ` ${plural(broken, "completed trial breaks", "completed trials break")} ${boundsInWords(study)} and can be no best.` : "")
      + (study.trials.deviations[objective].length ? " The band is one standard deviation of the best trial's repeats." : "")
      + changesInWords(study);
  },

  chart(study, {objective = 0, log}) {
    const k = Number(objective);
    const c = look.colours;
    const usable = row => !log || study.value(row, k) > 0;
    const rows = study.complete.filter(usable);
    const kept = study.feasible.filter(usable);
    const broken = rows.filter(row => study.broken.has(row));
    const steps = [];
    let best = null;
    for (const row of kept) {
      if (best === null || study.better(study.value(row, k), study.value(best, k), k)) {
        best = row;
        steps.push([study.id(row), study.value(row, k), row]);
      }
    }
    const improvements = [...steps];
    const deviations = log ? [] : study.trials.deviations[k];
    if (kept.length) {
      steps.push([study.id(study.size - 1), study.value(best, k)]);
    }
    const marks = letter => [...study.trials.state].flatMap((state, row) =>
      state === letter ? [[study.id(row), 0, row]] : []);
    const rug = (name, letter, symbol, colour) => ({
      name, type: "scatter", xAxisIndex: 1, yAxisIndex: 1, data: marks(letter), symbol, symbolSize: 7,
      large: study.size > 4000, itemStyle: {color: colour, opacity: 0.8},
    });
    const confirming = [...study.confirms.keys()].filter(row => study.state(row) === "complete" && usable(row));
    const range = valueRange([...rows, ...confirming].map(row => study.value(row, k)), log);
    return {
      grid: [{left: 60, right: 20, top: 58, bottom: 62}, {left: 60, right: 20, bottom: 42, height: 14}],
      legend: {},
      tooltip: trialTooltip(study),
      xAxis: [
        {type: "value", minInterval: 1, min: 0, max: Math.max(1, study.id(study.size - 1)), splitLine: {show: false}, axisLabel: {margin: 26}, ...xName("trial"), nameGap: 44},
        {type: "value", gridIndex: 1, show: false, min: 0, max: Math.max(1, study.id(study.size - 1))},
      ],
      yAxis: [
        {...range, ...yName(study.objectives[k].metric)},
        {type: "value", gridIndex: 1, show: false, min: -1, max: 1},
      ],
      series: [
        {name: "completed", type: "scatter", data: kept.map(row => [study.id(row), study.value(row, k), row]), symbolSize: study.size > 2000 ? 4 : 7,
          large: study.size > 4000, itemStyle: {color: c.trial, opacity: study.size > 2000 ? 0.45 : 0.7}},
        ...(broken.length ? [{name: "breaks a bound", type: "scatter", data: broken.map(row => [study.id(row), study.value(row, k), row]), symbol: "emptyTriangle",
          symbolSize: study.size > 2000 ? 4 : 7, large: study.size > 4000, itemStyle: {color: c.failed, opacity: 0.7}}] : []),
        ...(confirming.length ? [{name: "confirmations", type: "scatter", symbol: "emptyCircle", symbolSize: 7, itemStyle: {color: c.best},
          data: confirming.map(row => [study.id(row), study.value(row, k), row])}] : []),
        {name: "best so far", type: "line", step: "end", data: steps, showSymbol: false, lineStyle: {color: c.best, width: 2.5}, itemStyle: {color: c.best}, z: 3,
          markLine: {silent: true, symbol: "none", lineStyle: {color: c.soft, type: "dotted"}, label: {formatter: "changed", color: c.soft},
            data: changes(study).map(change => ({xAxis: change.trial - 0.5}))}},
        ...(deviations.length ? [bandSeries(steps.flatMap((step, i) => {
          const sd = deviations[improvements[Math.min(i, improvements.length - 1)][2]] ?? 0;
          const until = steps[i + 1]?.[0] ?? step[0];
          return [[step[0], step[1] - sd, step[1] + sd], [until, step[1] - sd, step[1] + sd]];
        }), c.best, 0.14)] : []),
        {type: "scatter", data: improvements, symbolSize: 9, itemStyle: {color: c.best, borderColor: c.sheet, borderWidth: 1.5}, z: 4},
        ...(study.counts.pruned ? [rug("pruned", "p", "emptyDiamond", c.pruned)] : []),
        ...(study.counts.failed ? [rug("failed", "f", CROSS, c.failed)] : []),
      ],
    };
  },
});

/** Where the study went on under another definition. */
const changes = study => study.facts.changes ?? [];

function changesInWords(study) {
  return changes(study).map(({trial, differences, fitting, left}) =>
    ` The dotted line before trial ${trial}: ${cut(differences.join("; "), 400)}; ${count(fitting)} of ${count(fitting + left)} earlier trials fitted and went on.`).join("");
}

/** Two crossed bars: told apart from other marks without colour. */
const CROSS = "path://M0,2 L2,0 L5,3 L8,0 L10,2 L7,5 L10,8 L8,10 L5,7 L2,10 L0,8 L3,5 Z";

/** An axis that fits values, with about so many steps; a constant stands in its middle. */
function valueRange(values, log, steps = 4) {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const formatter = value => number(value, 3);
  if (log) {
    return {type: "log", min: 10 ** Math.floor(Math.log10(low)), max: 10 ** Math.ceil(Math.log10(high * 1.0001)),
      axisLabel: {formatter, hideOverlap: true}};
  }
  if (!values.length) {
    return {type: "value", min: 0, max: 1, axisLabel: {show: false}};
  }
  const room = high > low ? 0.03 * (high - low) : Math.abs(low) || 1;
  const interval = step((high - low + 2 * room) / steps);
  const at = (end, round) => Number((round(end / interval) * interval).toPrecision(12));
  return {type: "value", scale: true, interval, min: at(low < 0 ? low - room : Math.max(0, low - room), Math.floor), max: at(high > 0 ? high + room : Math.min(0, high + room), Math.ceil), axisLabel: {formatter}};
}

/** 1, 2 or 5 times a power of ten, not far from a size. */
function step(size) {
  const power = 10 ** Math.floor(Math.log10(size));
  const digit = size / power;
  return Number(((digit < 1.5 ? 1 : digit < 3.5 ? 2 : digit < 7.5 ? 5 : 10) * power).toPrecision(1));
}

const hasCurves = study => study.curves.shown.some(curve => curve.values.some(values => values.some(value => value !== null)));

figures.add({
  id: "curves",
  title: "Intermediate values",
  section: "progress",
  applies: study => hasCurves(study),
  controls: study => [...objectiveControl(study)],

  caption(study) {
    const {total, shown} = study.curves;
    const part = shown.length < total ? ` ${count(shown.length)} of ${count(total)} curves are drawn.` : "";
    return `${plural(study.counts.pruned, "trial was", "trials were")} pruned: dashed, and ended by a diamond.` + part;
  },

  chart(study, {objective = 0}) {
    const c = look.colours;
    const best = new Set(study.feasible.length ? study.ranked(objective).slice(0, 1) : []);
    const line = curve => {
      const state = study.state(curve.row);
      const top = best.has(curve.row);
      const points = curve.steps.map((step, i) => [step, curve.values[objective][i], curve.row]).filter(p => p[1] !== null);
      const colour = top ? c.best : state === "pruned" ? c.pruned : state === "failed" ? c.failed : c.trial;
      return {
        type: "line", data: points.map((point, i) => ({value: point, row: curve.row,
          symbol: i < points.length - 1 ? "none" : state === "pruned" ? "diamond" : state === "failed" ? CROSS : "circle",
          symbolSize: top ? 9 : 6})),
        itemStyle: {color: colour}, z: top ? 5 : 2,
        lineStyle: {color: colour, width: top ? 2.5 : 1, opacity: top ? 1 : study.curves.shown.length > 60 ? 0.35 : 0.6,
          type: state === "pruned" ? "dashed" : "solid"},
      };
    };
    const values = study.curves.shown.flatMap(curve => curve.values[objective]).filter(v => v !== null).sort((a, b) => a - b);
    return {
      tooltip: trialTooltip(study),
      xAxis: {type: "value", minInterval: 1, splitLine: {show: false}, max: "dataMax", min: "dataMin", ...xName("step")},
      yAxis: {...valueRange(values.slice(Math.floor(values.length * 0.005), Math.ceil(values.length * 0.995)), false), ...yName(study.objectives[objective].metric)},
      series: study.curves.shown.map(line),
    };
  },
});

figures.add({
  id: "distribution",
  title: "Distribution of values",
  section: "progress",
  wide: study => !hasCurves(study),
  missing: noneComplete,
  controls: study => objectiveControl(study),

  caption(study, {objective = 0}) {
    const values = study.complete.map(row => study.value(row, objective)).sort((a, b) => a - b);
    const median = values[Math.floor(values.length / 2)];
    return `The share of completed trials up to each value; half of them ${study.objectives[objective].maximize ? "exceed" : "stay below"} ${number(median)}.`;
  },

  chart(study, {objective = 0}) {
    const c = look.colours;
    const k = Number(objective);
    const values = study.complete.map(row => study.value(row, k)).sort((a, b) => a - b);
    const stride = Math.max(1, Math.floor(values.length / 1000));
    const points = values.flatMap((value, i) =>
      i % stride === 0 || i === values.length - 1 ? [[value, (i + 1) / values.length]] : []);
    points.unshift([values[0], 0]);
    return {
      tooltip: {trigger: "axis", formatter: ([event]) =>
        el("div", {class: "tip"}, `${percent(event.data[1])} of trials: at most ${number(event.data[0])}`)},
      xAxis: {...valueRange(values, false), splitLine: {show: false}, ...xName(study.objectives[k].metric), axisLabel: {hideOverlap: true, formatter: v => number(v, 3)}},
      yAxis: {type: "value", min: 0, max: 1, ...yName("share of trials"), axisLabel: {formatter: percent}},
      series: [{type: "line", step: "end", data: points, showSymbol: points.length < 3, lineStyle: {color: c.trial, width: 2}, itemStyle: {color: c.trial}, areaStyle: {color: c.trial, opacity: 0.1}}],
    };
  },
});
