// Several objectives: the trade-offs between them, and how the front moved.

const several = study => study.objectives.length > 1;

figures.add({
  id: "front",
  title: "Pareto front",
  section: "objectives",
  height: () => 400,
  applies: several,
  missing: noneComplete,
  controls: study => {
    const options = study.objectives.map((objective, k) => [k, objective.metric]);
    return study.objectives.length < 3 ? [] : [{key: "x", label: "across", value: 0, options}, {key: "y", label: "up", value: 1, options}];
  },

  caption(study) {
    const metrics = study.objectives.map(o => `${o.maximize ? "larger" : "smaller"} ${cut(o.metric, 40)}`).join(" and ");
    return `${plural(study.best.length, "trial")} that no other beats in every objective (better is ${metrics}).`;
  },

  chart(study, {x = 0, y = 1}) {
    const c = look.colours;
    const front = new Set(study.best);
    const point = row => [study.value(row, x), study.value(row, y), row];
    const best = study.best.map(point).sort((a, b) => a[0] - b[0]);
    const axis = k => ({...valueRange(study.complete.map(row => study.value(row, k)), false), axisLabel: {hideOverlap: true, formatter: v => number(v, 3)}});
    return {
      grid: {left: 12, right: 20, top: 58, bottom: 34, containLabel: true},
      legend: {},
      tooltip: trialTooltip(study),
      xAxis: {...axis(x), splitLine: {show: false}, ...xName(study.objectives[x].metric)},
      yAxis: {...axis(y), ...yName(study.objectives[y].metric)},
      series: [
        {name: "completed", type: "scatter", large: study.size > 4000, symbolSize: study.size > 2000 ? 4 : 7, itemStyle: {color: c.trial, opacity: 0.5}, data: study.complete.filter(row => !front.has(row)).map(point)},
        {name: "front", type: study.objectives.length === 2 ? "line" : "scatter", step: study.objectives[y].maximize === study.objectives[x].maximize ? "start" : "end", symbol: "circle", symbolSize: 9,
          lineStyle: {color: c.best, width: 1.5}, itemStyle: {color: c.best, borderColor: c.sheet, borderWidth: 1}, data: best, z: 3},
      ],
    };
  },
});

figures.add({
  id: "hypervolume",
  title: "Hypervolume history",
  section: "objectives",
  height: () => 400,
  applies: several,
  missing: study => noneComplete(study) ?? noneFeasible(study),

  caption(study) {
    const steps = hypervolumes(study);
    return `The volume that the front dominates, as a share of the box between the best and the worst values seen; now ${number(steps[steps.length - 1][1], 3)}.`;
  },

  chart(study) {
    const c = look.colours;
    const steps = hypervolumes(study);
    return {
      tooltip: trialTooltip(study),
      xAxis: {type: "value", minInterval: 1, min: 0, max: Math.max(1, study.id(study.size - 1)), splitLine: {show: false}, ...xName("trial")},
      yAxis: {type: "value", min: 0, max: 1, ...yName("share of the box")},
      series: [{type: "line", step: "end", showSymbol: steps.length < 60, symbolSize: 7, data: [...steps, [study.id(study.size - 1), steps[steps.length - 1][1]]], lineStyle: {color: c.best, width: 2.5}, itemStyle: {color: c.best}, areaStyle: {color: c.best, opacity: 0.1}}],
    };
  },
});

const MOST_VOLUMES = 150;

/** [trial, share, row] whenever the front changed; evenly thinned where that is often. */
function hypervolumes(study) {
  if (study.volumeMemo) {
    return study.volumeMemo;
  }
  const m = study.objectives.length;
  const lows = study.objectives.map((_, k) => study.complete.reduce((a, row) => Math.min(a, study.loss(row, k)), Infinity));
  const highs = study.objectives.map((_, k) => study.complete.reduce((a, row) => Math.max(a, study.loss(row, k)), -Infinity));
  // Gains in [0, 1] of each objective over the worst value.
  const gains = row => lows.map((low, k) => (highs[k] > low ? (highs[k] - study.loss(row, k)) / (highs[k] - low) : 1));
  let front = [];
  const changes = [];
  for (const row of study.feasible) {
    const gain = gains(row);
    if (!front.some(other => other.every((g, k) => g >= gain[k]))) {
      front = [...front.filter(other => !other.every((g, k) => g <= gain[k])), gain];
      changes.push({row, front});
    }
  }
  const step = Math.max(1, changes.length / MOST_VOLUMES);
  const shown = [];
  for (let i = 0; i < changes.length; i += step) {
    shown.push(changes[Math.floor(i)]);
  }
  if (shown[shown.length - 1] !== changes[changes.length - 1]) {
    shown.push(changes[changes.length - 1]);
  }
  study.volumeMemo = shown.map(change => [study.id(change.row), volume(change.front, m), change.row]);
  return study.volumeMemo;
}

/** The volume of the union of boxes from the origin to each point: slices along the last axis. */
function volume(points, m) {
  if (m === 1) {
    return points.reduce((a, point) => Math.max(a, point[0]), 0);
  }
  const sorted = [...points].sort((a, b) => b[m - 1] - a[m - 1]);
  let sum = 0;
  for (let i = 0; i < sorted.length; i++) {
    const below = i + 1 < sorted.length ? sorted[i + 1][m - 1] : 0;
    if (sorted[i][m - 1] > below) {
      sum += (sorted[i][m - 1] - below) * volume(sorted.slice(0, i + 1), m - 1);
    }
  }
  return sum;
}
