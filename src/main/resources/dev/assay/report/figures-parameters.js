// One parameter at a time, and all of them at once: importances, parallel coordinates, slices.

/** A band between two curves; points are [x, low, high]. */
function bandSeries(points, colour, opacity, axes = {}) {
  return {
    type: "custom", ...axes, silent: true, clip: true, z: 1, data: points.length > 1 ? [[points[0][0], points[0][1]]] : [],
    renderItem: (params, api) => ({
      type: "polygon",
      shape: {points: [...points.map(p => api.coord([p[0], p[1]])), ...[...points].reverse().map(p => api.coord([p[0], p[2]]))]},
      style: {fill: colour, opacity},
    }),
  };
}

/** The colour at t from 0 (best) to 1. */
function shade(t) {
  const {scale} = look.colours;
  const place = Math.min(1, Math.max(0, t)) * (scale.length - 1);
  const i = Math.min(scale.length - 2, Math.floor(place));
  const part = (colour, at) => parseInt(colour.slice(1 + 2 * at, 3 + 2 * at), 16);
  const mixed = [0, 1, 2].map(at => Math.round(part(scale[i], at) + (place - i) * (part(scale[i + 1], at) - part(scale[i], at))));
  return `rgb(${mixed.join(", ")})`;
}

/** Bars of [name, share, colour], the largest first. */
function importanceBars(bars) {
  const c = look.colours;
  const upwards = [...bars].reverse();
  return {
    grid: {left: 8, right: 56, top: 8, bottom: 8, containLabel: true},
    tooltip: {trigger: "item", formatter: event => el("div", {class: "tip"}, `${event.name}: ${percent(event.value)}`)},
    xAxis: {type: "value", min: 0, axisLabel: {show: false}, splitLine: {show: false}},
    yAxis: {type: "category", data: upwards.map(bar => bar[0]), axisLine: {show: false}, axisLabel: {color: c.ink, fontSize: 12}},
    series: [{type: "bar", barMaxWidth: 16, data: upwards.map(bar => ({value: bar[1], itemStyle: {color: bar[2], borderRadius: [0, 3, 3, 0]}})),
      label: {show: true, position: "right", color: c.soft, formatter: event => percent(event.value)}}],
  };
}

const MOST_BARS = 20;
const MOST_PAIR_BARS = 5;

/** Less of a pair is what any sample has by chance. */
const LEAST_SHARE = 0.01;

function parameterBars(study, shares) {
  return study.axes.map(axis => [cut(axis.name, 26), shares[axis.p], look.colours.trial])
    .sort((a, b) => b[1] - a[1]).slice(0, MOST_BARS);
}

function pairBars(study, pairs) {
  return pairs.filter(([, , share]) => share >= LEAST_SHARE).slice(0, MOST_PAIR_BARS).map(([a, b, share]) =>
    [`${cut(study.axes[a].name, 16)} × ${cut(study.axes[b].name, 16)}`, share, look.colours.pruned]);
}

const importanceHeight = study => 40 + 27 * (Math.min(MOST_BARS, study.axes.length) + Math.max(...study.importances.map(found => pairBars(study, found.fanova.pairs).length)));

const nothingSaid = method => study =>
  study.importances.some(found => !found[method].note) ? null : `Nothing can be said: ${study.importances[0][method].note}.`;

figures.add({
  id: "importances",
  title: "Importance for being among the best",
  section: "parameters",
  height: importanceHeight,
  missing: nothingSaid("ped-anova"),
  controls: objectiveControl,

  caption(study, {objective = 0}) {
    const found = study.importances[objective]["ped-anova"];
    return found.note ? `Nothing can be said: ${found.note}.`
      : `PED-ANOVA: how far the best tenth of ${plural(found.trials, "completed trial")} differs from all of them in each parameter.`;
  },

  chart: (study, {objective = 0}) => importanceBars(parameterBars(study, study.importances[objective]["ped-anova"].parameters)),
});

figures.add({
  id: "variance",
  title: "Share of the variance",
  section: "parameters",
  height: importanceHeight,
  missing: nothingSaid("fanova"),
  controls: objectiveControl,

  caption(study, {objective = 0}) {
    const found = study.importances[objective].fanova;
    return found.note ? `Nothing can be said: ${found.note}.`
      : `fANOVA: regression trees fitted to ${plural(found.trials, "completed trial")}, and how far each parameter moves what they predict` +
        (pairBars(study, found.pairs).length ? "; grey, what pairs do beyond their parts." : ". No pair does much beyond its parts.");
  },

  chart(study, {objective = 0}) {
    const found = study.importances[objective].fanova;
    return importanceBars([...parameterBars(study, found.parameters), ...pairBars(study, found.pairs)]);
  },
});

const MOST_LINES = 1500;

/** Below this width axes lie instead of standing. */
const NARROW = 560;

figures.add({
  id: "parallel",
  title: "Parallel coordinates",
  section: "parameters",
  wide: true,
  height: (study, width) => (width < NARROW ? 130 + 76 * Math.min(9, study.axes.length + 1) : 400),
  missing: noneComplete,
  controls: study => [
    ...objectiveControl(study),
    ...(study.axes.length > 8 ? [{key: "axes", label: "axes", value: "8", options: [["8", "8 most important"], ["all", "all " + study.axes.length]]}] : []),
  ],

  caption(study, {objective = 0}) {
    const part = study.complete.length > MOST_LINES ? `${count(MOST_LINES)} of ${count(study.complete.length)} trials are drawn, the best tenth of these first. ` : "";
    return part + `Each line is a trial, the stronger the colour the better. Drag along an axis to keep the lines that cross it there; click the axis to let go.`;
  },

  chart(study, {objective = 0, axes = "8"}, width) {
    const c = look.colours;
    const k = Number(objective);
    const shown = study.byImportance(k).slice(0, axes === "all" ? undefined : 8).map(p => study.axes[p]);
    const rows = study.sample(MOST_LINES, k);
    const losses = study.ranked(k);
    const rank = new Map(losses.map((row, i) => [row, i / Math.max(1, losses.length - 1)]));
    const values = study.complete.map(row => study.value(row, k));
    const range = valueRange(values, false);
    const narrow = width < NARROW;
    const label = {color: c.ink, fontSize: 11, backgroundColor: c.sheet, padding: [1, 3], borderRadius: 3};
    return {
      parallel: {...(narrow ? {layout: "vertical", left: 14, right: 24, top: 30, bottom: 40} : {left: 50, right: 90, top: 44, bottom: 24}), parallelAxisDefault: {
        z: 10, nameLocation: narrow ? "start" : "end", nameGap: narrow ? -4 : 14, nameTextStyle: narrow ? {color: c.ink, fontSize: 12, align: "left", verticalAlign: "bottom", padding: [0, 0, 8, 0]} : {color: c.ink, fontSize: 12}, nameTruncate: {maxWidth: narrow ? 220 : 110},
        axisLine: {lineStyle: {color: c.soft}}, axisTick: {show: false}, axisLabel: label,
        areaSelectStyle: {width: 18, borderColor: c.best, color: c.best, opacity: 0.25}}},
      parallelAxis: [
        ...shown.map((axis, dim) => ({dim, name: cut(axis.name, 18), ...(axis.choice
          ? {type: "category", data: axis.options.map(option => cut(option, 14)), axisLabel: label}
          : {...axis.option(), axisLabel: {...label, hideOverlap: true, formatter: place => axis.label(place)}})})),
        {dim: shown.length, name: cut(study.objectives[k].metric, 18), type: "value", min: range.min, max: range.max, interval: range.interval, nameTextStyle: {color: c.best, fontWeight: 600}, axisLabel: {...label, formatter: v => number(v, 3)}},
      ],
      tooltip: {...trialTooltip(study)},
      series: [{
        type: "parallel", smooth: 0, progressive: 0, inactiveOpacity: 0.03, activeOpacity: 0.8,
        // The best are drawn last, and so on top.
        data: [...rows].sort((a, b) => rank.get(b) - rank.get(a)).map(row => ({row,
          value: [...shown.map(axis => study.code(row, axis.p) === null ? "-" : axis.choice ? study.code(row, axis.p) : axis.place(study.code(row, axis.p))), study.value(row, k)],
          lineStyle: row === study.best[0] && study.objectives.length === 1
            ? {color: c.best, width: 3, opacity: 1}
            : {color: shade(rank.get(row)), width: 1.2, opacity: rows.length > 300 ? 0.35 : 0.6}})),
      }],
    };
  },
});

const MOST_SLICE_POINTS = 1200;
const SLICE_HEIGHT = 210;

function sliceAxes(study, {objective = 0, axes = "6"}) {
  return study.byImportance(Number(objective)).slice(0, axes === "all" ? 40 : Number(axes));
}

function sliceColumns(width) {
  return Math.max(1, Math.min(3, Math.floor(width / 280)));
}

figures.add({
  id: "slices",
  title: "Slices",
  section: "parameters",
  wide: true,
  height: (study, width, chosen) => 20 + SLICE_HEIGHT * Math.ceil(sliceAxes(study, chosen).length / sliceColumns(width)),
  missing: noneComplete,
  controls: study => [
    ...objectiveControl(study),
    ...(study.axes.length > 6 ? [{key: "axes", label: "parameters", value: "6", options: [["6", "6 most important"], ["all", study.axes.length > 40 ? "40 most important" : "all " + study.axes.length]]}] : []),
  ],

  caption(study, {objective = 0}) {
    const surface = study.surfaces[objective];
    return "The value of every trial along each parameter, the most important first." + (surface
      ? ` The line is the mean of a Gaussian process fitted to ${plural(surface.trials, "trial")}, through the best of them; the band is one standard deviation.` : "");
  },

  chart(study, chosen, width) {
    const c = look.colours;
    const k = Number(chosen.objective ?? 0);
    const shown = sliceAxes(study, chosen).map(p => study.axes[p]);
    const columns = sliceColumns(width);
    const rows = study.sample(MOST_SLICE_POINTS, k);
    const best = new Set(study.best);
    const range = valueRange(central(study.complete.map(row => study.value(row, k))), false, 2.5);
    const option = {grid: [], xAxis: [], yAxis: [], series: [], tooltip: trialTooltip(study)};
    const cell = (width - 10) / columns;
    shown.forEach((axis, i) => {
      option.grid.push({left: 52 + (i % columns) * cell, width: cell - 72, top: 26 + Math.floor(i / columns) * SLICE_HEIGHT, height: SLICE_HEIGHT - 84});
      option.xAxis.push({...axis.option(), gridIndex: i, splitLine: {show: false}, ...xName(cut(axis.name, Math.floor(cell / 9))), nameTextStyle: {color: c.ink, fontSize: 12}});
      option.yAxis.push({...range, gridIndex: i, ...(i % columns ? {} : i ? {} : yName(study.objectives[k].metric))});
      const at = {xAxisIndex: i, yAxisIndex: i};
      option.series.push(
        {type: "scatter", ...at, symbolSize: rows.length > 400 ? 4 : 6, itemStyle: {color: c.trial, opacity: rows.length > 400 ? 0.35 : 0.55},
          data: rows.filter(row => study.code(row, axis.p) !== null && !best.has(row)).map(row => [axis.spread(study.code(row, axis.p), row), study.value(row, k), row])},
        {type: "scatter", ...at, symbolSize: 10, z: 4, itemStyle: {color: c.best, borderColor: c.sheet, borderWidth: 1.5},
          data: study.best.filter(row => study.code(row, axis.p) !== null).map(row => [axis.place(study.code(row, axis.p)), study.value(row, k), row])});
      const slice = study.surfaces[k]?.slices.find(s => s.parameter === axis.p);
      if (slice) {
        option.series.push(...sliceSeries(slice, axis, at));
      }
    });
    return option;
  },
});

/** The parameters along which the chance of success differs most. */
function chanceAxes(study) {
  const spread = one => Math.max(...one.chances) - Math.min(...one.chances);
  return [...study.success.along].sort((a, b) => spread(b) - spread(a)).slice(0, 6);
}

figures.add({
  id: "success",
  title: "Chance of success",
  section: "parameters",
  wide: true,
  applies: study => Boolean(study.success),
  height: (study, width) => 20 + SLICE_HEIGHT * Math.ceil(chanceAxes(study).length / sliceColumns(width)),

  caption(study) {
    const {trials, failed} = study.success;
    return `The probability that a trial brings a value, learned from ${count(failed)} of ${plural(trials, "trial")} that failed, along the parameters that matter most for it; `
      + "averaged over the values that the others had. Trials stand at their outcome: 1 where they brought a value, 0 where they failed.";
  },

  chart(study, chosen, width) {
    const c = look.colours;
    const columns = sliceColumns(width);
    const option = {grid: [], xAxis: [], yAxis: [], series: [], tooltip: trialTooltip(study)};
    const cell = (width - 10) / columns;
    const rows = [...study.trials.state].map((state, row) => ({state, row})).filter(({state}) => "cpf".includes(state));
    const marks = (axis, at, failed) => ({type: "scatter", ...at, symbol: failed ? CROSS : "circle", symbolSize: failed ? 8 : 5, itemStyle: {color: failed ? c.failed : c.trial, opacity: 0.6},
      data: rows.filter(({state, row}) => (state === "f") === failed && study.code(row, axis.p) !== null).map(({row}) => [axis.spread(study.code(row, axis.p), row), failed ? 0 : 1, row])});
    chanceAxes(study).forEach((along, i) => {
      const axis = study.axes[along.parameter];
      const at = {xAxisIndex: i, yAxisIndex: i};
      const points = along.codes.map((code, k) => [axis.place(code), along.chances[k]]);
      option.grid.push({left: 52 + (i % columns) * cell, width: cell - 72, top: 26 + Math.floor(i / columns) * SLICE_HEIGHT, height: SLICE_HEIGHT - 84});
      option.xAxis.push({...axis.option(), gridIndex: i, splitLine: {show: false}, ...xName(cut(axis.name, Math.floor(cell / 9))), nameTextStyle: {color: c.ink, fontSize: 12}});
      option.yAxis.push({type: "value", min: 0, max: 1, gridIndex: i, axisLabel: {formatter: percent}});
      option.series.push(marks(axis, at, false), marks(axis, at, true), axis.choice
        ? {type: "bar", ...at, silent: true, barWidth: "50%", data: points, itemStyle: {color: c.model, opacity: 0.35}, z: 1}
        : {type: "line", ...at, silent: true, showSymbol: false, data: points, lineStyle: {color: c.model, width: 2}, itemStyle: {color: c.model}});
    });
    return option;
  },
});

/** Without the outermost hundredth at either end, which would flatten everything else. */
function central(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const off = Math.floor(sorted.length / 100);
  return sorted.slice(off, sorted.length - off);
}

function sliceSeries(slice, axis, at) {
  const c = look.colours;
  const points = slice.codes.map((code, i) => [axis.place(code), slice.means[i], slice.deviations[i]]);
  if (axis.choice) {
    return [{type: "custom", ...at, silent: true, clip: true, z: 3, data: points, renderItem: (params, api) => {
      const [x, mean, sd] = [api.value(0), api.value(1), api.value(2)];
      const [left, y] = api.coord([x - 0.6, mean]);
      const right = api.coord([x + 0.6, mean])[0];
      const [top, bottom] = [api.coord([x, mean + sd])[1], api.coord([x, mean - sd])[1]];
      return {type: "group", children: [
        {type: "rect", shape: {x: left, y: top, width: right - left, height: bottom - top}, style: {fill: c.model, opacity: 0.18}},
        {type: "line", shape: {x1: left, y1: y, x2: right, y2: y}, style: {stroke: c.model, lineWidth: 2}}]};
    }}];
  }
  return [
    bandSeries(points.map(([x, mean, sd]) => [x, mean - sd, mean + sd]), c.model, 0.18, at),
    {type: "line", ...at, silent: true, showSymbol: false, clip: true, z: 3, data: points.map(p => [p[0], p[1]]), lineStyle: {color: c.model, width: 2}, itemStyle: {color: c.model}},
  ];
}
