// Where the time went: what ran when, and what a value cost.

/** Lanes: each trial goes to the first worker that is free when it starts. */
function lanes(study) {
  if (study.laneMemo) {
    return study.laneMemo;
  }
  // A trial that runs is shown up to the last moment of which anything is known.
  const now = study.trials.started.reduce((a, t, row) => Math.max(a, t + 1000 * (study.trials.seconds[row] ?? 0)), 0);
  const spans = [];
  for (let row = 0; row < study.size; row++) {
    const start = study.trials.started[row];
    const seconds = study.trials.seconds[row] ?? (study.state(row) === "running" ? Math.max(0, (now - start) / 1000) : null);
    if (start > 0 && seconds !== null) {
      spans.push({row, start: (start - study.firstStart) / 1000, end: (start - study.firstStart) / 1000 + seconds});
    }
  }
  spans.sort((a, b) => a.start - b.start);
  const free = [];
  const slack = 0.002; // clocks are read to the millisecond
  for (const span of spans) {
    let lane = free.findIndex(end => end <= span.start + slack);
    if (lane < 0) {
      lane = free.length;
    }
    free[lane] = span.end;
    span.lane = lane;
  }
  const end = spans.reduce((a, span) => Math.max(a, span.end), 0);
  const busy = spans.reduce((a, span) => a + span.end - span.start, 0);
  study.laneMemo = {spans, workers: free.length, end, busy: end > 0 ? busy / (end * free.length) : 0};
  return study.laneMemo;
}

const nothingRan = study => (lanes(study).spans.length ? null : study.size ? "No trial has run yet." : "There are no trials yet.");

figures.add({
  id: "timeline",
  title: "Workers over time",
  section: "time",
  wide: true,
  height: study => Math.min(460, 110 + 26 * lanes(study).workers),
  missing: nothingRan,

  caption(study) {
    const {workers, busy, end} = lanes(study);
    return `${plural(workers, "trial")} at once at most, over ${duration(end)}; the lanes were busy for ${percent(busy)} of that time, the gaps are idle.${study.best.length ? " The best stand out in orange." : ""} Scroll or drag below to look closer.`;
  },

  chart(study) {
    const c = look.colours;
    const {spans, workers, end} = lanes(study);
    const colours = {complete: c.trial, pruned: c.pruned, failed: c.failed, running: c.running, waiting: c.line, discarded: c.line};
    const states = Object.keys(colours).filter(state => spans.some(span => study.state(span.row) === state));
    const best = new Set(study.best);
    return {
      grid: {left: 12, right: 20, top: 34, bottom: 62, containLabel: true},
      legend: {data: states},
      tooltip: {...trialTooltip(study)},
      dataZoom: [{type: "inside", filterMode: "weakFilter"}, {type: "slider", height: 16, bottom: 6, filterMode: "weakFilter", showDataShadow: false, borderColor: c.line, textStyle: {color: c.soft}, labelFormatter: value => duration(value)}],
      xAxis: {type: "value", min: 0, max: end || 1, axisLabel: {formatter: duration, hideOverlap: true}, splitLine: {show: false}},
      yAxis: {type: "category", data: Array.from({length: workers}, (_, i) => String(i + 1)), inverse: true, splitLine: {show: false}},
      series: states.map(state => ({
        name: state, type: "custom", clip: true, itemStyle: {color: colours[state]}, encode: {x: [0, 1], y: 3},
        data: spans.filter(span => study.state(span.row) === state).map(span => [span.start, span.end, span.row, span.lane]),
        renderItem: (params, api) => {
          const [left, middle] = api.coord([api.value(0), api.value(3)]);
          const right = api.coord([api.value(1), api.value(3)])[0];
          const height = Math.max(2, api.size([0, 1])[1] * 0.7);
          const width = Math.max(1, right - left - (right - left > 4 ? 1 : 0));
          const shape = {x: left, y: middle - height / 2, width, height};
          return {type: "rect", shape: {...shape, r: width > 6 ? 2 : 0},
            style: {fill: best.has(api.value(2)) ? c.best : colours[state], opacity: state === "pruned" ? 0.6 : 1}};
        },
      })),
    };
  },
});

const nothingSpent = study => (study.spent.rows.some(row => row.spent.some(amount => amount > 0)) ? null : "Nothing that ended has cost anything yet.");

/** An amount of what the study counts: a duration, or a number with its unit. */
function amount(study, value) {
  const {metric, unit} = study.spent;
  return unit === "seconds" ? duration(value) : `${number(value)} ${unit ?? metric}`;
}

/** How far the trials of a row came, in steps. */
function reach({from, to}, only) {
  return from === null ? (only ? "all trials" : "no step") : from === to ? `step ${count(from)}` : `steps ${count(from)}–${count(to)}`;
}

figures.add({
  id: "spent",
  title: "What was spent where",
  section: "time",
  height: study => Math.min(460, 130 + 30 * study.spent.rows.length),
  missing: nothingSpent,

  caption(study) {
    const {ends, rows} = study.spent;
    const sum = (list, k) => list.reduce((a, row) => a + row[k], 0);
    const spent = ends.map((_, k) => sum(rows.map(row => row.spent), k));
    const whole = spent.reduce((a, b) => a + b, 0);
    const parts = ends.map((end, k) =>
      `${amount(study, spent[k])} (${percent(spent[k] / whole)}) on ${plural(sum(rows.map(row => row.trials), k), "trial")} ${end === "confirming" ? "to confirm" : `that ${end === "complete" ? "completed" : end === "discarded" ? "were discarded" : end === "pruned" ? "were pruned" : "failed"}`}`);
    const byStep = rows.some(row => row.from !== null) ? " Rows: the last step that trials came to." : "";
    return `${parts.join(", ")}.${byStep}${study.spent.metric === "seconds" ? "" : ` By ${cut(study.spent.metric, 60)}, as trials say it.`}`;
  },

  chart(study) {
    const c = look.colours;
    const {ends, rows, metric, unit} = study.spent;
    const colours = {complete: c.trial, pruned: c.pruned, failed: c.failed, discarded: c.line, confirming: c.best};
    const only = rows.length === 1;
    return {
      grid: {left: 12, right: 20, top: 34, bottom: 34, containLabel: true},
      legend: {data: ends},
      tooltip: {trigger: "axis", axisPointer: {type: "shadow"}, formatter: items => el("div", {class: "tip"}, el("b", {}, reach(rows[items[0].dataIndex], only)),
        items.map(item => el("span", {}, `${item.seriesName}: ${amount(study, item.value)}, ${plural(rows[item.dataIndex].trials[item.seriesIndex], "trial")}`)))},
      xAxis: {type: "value", min: 0, axisLabel: {formatter: value => (unit === "seconds" ? duration(value) : number(value)), hideOverlap: true}, ...xName(metric === "seconds" ? "time of trials" : cut(unit ?? metric, 40))},
      yAxis: {type: "category", inverse: true, data: rows.map(row => reach(row, only)), splitLine: {show: false}},
      series: ends.map((end, k) => ({name: end, type: "bar", stack: "spent", data: rows.map(row => row.spent[k]), itemStyle: {color: colours[end]}, barMaxWidth: 26})),
    };
  },
});

figures.add({
  id: "cost",
  title: "Cost against value",
  section: "time",
  missing: noneComplete,
  controls: study => objectiveControl(study),

  caption(study, {objective = 0}) {
    const front = cheapest(study, Number(objective));
    const last = front[front.length - 1];
    return noneFeasible(study) ?? `The line joins trials that are better than every cheaper one; the cheapest takes ${duration(study.trials.seconds[front[0]])}, the best ${duration(study.trials.seconds[last])}.`;
  },

  chart(study, {objective = 0}) {
    const c = look.colours;
    const k = Number(objective);
    const seconds = row => Math.max(1e-6, study.trials.seconds[row] ?? 0);
    const costs = study.complete.map(seconds);
    const wide = Math.max(...costs) > 20 * Math.min(...costs);
    const range = valueRange(costs, wide);
    const front = cheapest(study, k);
    return {
      tooltip: trialTooltip(study),
      xAxis: {...range, ...(wide ? {} : {min: 0}), splitLine: {show: false}, axisLabel: {formatter: duration, hideOverlap: true}, ...xName("time of the trial")},
      yAxis: {...valueRange(central(study.complete.map(row => study.value(row, k))), false), ...yName(study.objectives[k].metric)},
      series: [
        {type: "scatter", data: study.complete.map(row => [seconds(row), study.value(row, k), row]), large: study.size > 4000,
          symbolSize: study.size > 2000 ? 4 : 7, itemStyle: {color: c.trial, opacity: study.size > 2000 ? 0.4 : 0.6}},
        {type: "line", step: "end", data: front.map(row => [seconds(row), study.value(row, k), row]), symbol: "circle", symbolSize: 8, lineStyle: {color: c.best, width: 2}, itemStyle: {color: c.best}, z: 3},
      ],
    };
  },
});

/** Complete trials that keep the bounds and are better than every cheaper one, the cheapest first. */
function cheapest(study, k) {
  const rows = [...study.feasible].sort((a, b) => (study.trials.seconds[a] ?? 0) - (study.trials.seconds[b] ?? 0));
  const front = [];
  for (const row of rows) {
    if (!front.length || study.loss(row, k) < study.loss(front[front.length - 1], k)) {
      front.push(row);
    }
  }
  return front;
}

figures.add({
  id: "progress-in-time",
  title: "Best value over time",
  section: "time",
  missing: study => noneComplete(study) ?? nothingRan(study) ?? noneFeasible(study),
  controls: study => objectiveControl(study),

  caption(study, {objective = 0}) {
    const steps = bestOverTime(study, Number(objective));
    const last = steps[steps.length - 1];
    return `The best value was there after ${duration(last[0])}, ${percent(last[0] / (lanes(study).end || 1))} of the time from the first start to the last end.`;
  },

  chart(study, {objective = 0}) {
    const c = look.colours;
    const k = Number(objective);
    const steps = bestOverTime(study, k);
    const end = lanes(study).end || 1;
    return {
      tooltip: trialTooltip(study),
      xAxis: {type: "value", min: 0, max: end, splitLine: {show: false}, axisLabel: {formatter: duration, hideOverlap: true}, ...xName("time since the start")},
      yAxis: {...valueRange(steps.map(step => step[1]), false), ...yName(study.objectives[k].metric)},
      series: [{type: "line", step: "end", data: [...steps, [end, steps[steps.length - 1][1]]], symbol: (value, {dataIndex}) => dataIndex < steps.length ? "circle" : "none", symbolSize: 8, lineStyle: {color: c.best, width: 2.5}, itemStyle: {color: c.best}}],
    };
  },
});

/** [seconds, value, row] of each improvement, by the ends of trials. */
function bestOverTime(study, k) {
  const ended = lanes(study).spans.filter(span => study.state(span.row) === "complete" && !study.confirms.has(span.row) && !study.broken.has(span.row)).sort((a, b) => a.end - b.end);
  const steps = [];
  for (const span of ended) {
    const value = study.value(span.row, k);
    if (!steps.length || study.better(value, steps[steps.length - 1][1], k)) {
      steps.push([span.end, value, span.row]);
    }
  }
  return steps;
}
