// Two parameters against each other: the surface between the trials, and their ranks.

const MOST_PAIR_POINTS = 2000;

/** Controls that choose two different parameters, the most important ones first. */
function pairControls(study, allowed) {
  const order = study.byImportance(0).filter(p => !allowed || allowed.includes(p));
  const options = order.map(p => [p, study.axes[p].name]);
  return [
    {key: "x", label: "across", value: order[0], options},
    {key: "y", label: "up", value: order[1] ?? order[0], options},
  ];
}

const needsTwo = study =>
  study.axes.length < 2 ? "This needs a second parameter." : noneComplete(study);

function pairFrame(study, x, y) {
  return {
    grid: {left: 16, right: 24, top: 48, bottom: 40, containLabel: true},
    xAxis: {...x.option(), splitLine: {show: false}, ...xName(x.name)},
    yAxis: {...y.option(), splitLine: {show: false}, ...yName(y.name)},
    tooltip: trialTooltip(study),
  };
}

function pairRows(study, k, x, y) {
  return study.sample(MOST_PAIR_POINTS, k).filter(row => study.code(row, x.p) !== null && study.code(row, y.p) !== null);
}

/** Parameters that the embedded surface has in pairs. */
function pairedParameters(study, k) {
  return [...new Set(study.surfaces[k]?.contours.flatMap(contour => [contour.first, contour.second]) ?? [])];
}

figures.add({
  id: "contour",
  title: "Contour",
  section: "parameters",
  height: () => 400,
  missing: needsTwo,
  controls: study => {
    const paired = pairedParameters(study, 0);
    return [
      ...objectiveControl(study),
      ...pairControls(study, paired.length > 1 ? paired : null),
      ...(paired.length > 1 ? [{key: "show", label: "show", value: "means", options: [["means", "mean"], ["deviations", "deviation"]]}] : []),
    ];
  },

  caption(study, {objective = 0, show = "means", x, y}) {
    const surface = study.surfaces[objective];
    if (String(x) === String(y) && study.axes.length > 1) {
      return "Choose two different parameters.";
    }
    return surface
      ? `${show === "means" ? "Mean" : "Standard deviation"} of a Gaussian process fitted to ${plural(surface.trials, "trial")}, the other parameters as in the best. The points are trials.`
      : "Too few trials for a surface: the points are trials, the stronger the colour the better.";
  },

  chart(study, {objective = 0, show = "means", x, y}) {
    const k = Number(objective);
    const c = look.colours;
    const [across, up] = [study.axes[x], study.axes[y]];
    const contour = study.surfaces[k]?.contours.find(one =>
      [one.first, one.second].includes(across.p) && [one.first, one.second].includes(up.p) && across !== up);
    const frame = pairFrame(study, across, up);
    const rows = pairRows(study, k, across, up);
    const best = new Set(study.best);
    const place = row => [across.spread(study.code(row, across.p), row), up.spread(study.code(row, up.p), row + 7)];
    const points = {type: "scatter", z: 3, symbolSize: rows.length > 500 ? 4 : 6,
      data: rows.filter(row => !best.has(row)).map(row => [...place(row), row, study.value(row, k)])};
    const top = {type: "scatter", z: 4, symbolSize: 11, itemStyle: {color: c.best, borderColor: c.sheet, borderWidth: 2},
      data: rows.filter(row => best.has(row)).map(row => [...place(row), row, study.value(row, k)])};
    if (!contour) {
      return {...frame, visualMap: {...goodness(study, k, rows.map(row => study.value(row, k)), 3), seriesIndex: 0}, series: [points, top]};
    }
    const cells = contourCells(contour, across, up, contour[show]);
    const values = contour[show];
    const map = show === "means"
      ? goodness(study, k, values, 4)
      : {...goodness(study, k, values, 4), inRange: {color: [...c.scale].reverse()}, text: [number(Math.max(...values), 3), number(Math.min(...values), 3)]};
    return {...frame, visualMap: {...map, seriesIndex: 0}, series: [
      {type: "custom", data: cells, clip: true, silent: true, encode: {x: [0, 1], y: [2, 3]}, renderItem: (params, api) => {
        const [x1, y1] = api.coord([api.value(0), api.value(2)]);
        const [x2, y2] = api.coord([api.value(1), api.value(3)]);
        return {type: "rect", shape: {x: Math.min(x1, x2), y: Math.min(y1, y2), width: Math.abs(x2 - x1) + 0.6, height: Math.abs(y2 - y1) + 0.6}, style: {fill: api.visual("color")}};
      }},
      {...points, itemStyle: {color: c.sheet, opacity: 0.75, borderColor: c.ink, borderWidth: 0.8}}, top]};
  },
});

/** Rectangles [left, right, low, high, value] around the points of a surface. */
function contourCells(contour, across, up, values) {
  const swapped = contour.first !== across.p;
  const edges = (axis, codes) => {
    const places = codes.map(code => axis.place(code));
    return places.map((place, i) => axis.choice ? [place - 1, place + 1] : [
      i ? (place + places[i - 1]) / 2 : axis.min, i + 1 < places.length ? (place + places[i + 1]) / 2 : axis.max]);
  };
  const first = edges(swapped ? up : across, contour.firstCodes);
  const second = edges(swapped ? across : up, contour.secondCodes);
  return first.flatMap((a, i) => second.map((b, j) => {
    const [horizontal, vertical] = swapped ? [b, a] : [a, b];
    return [...horizontal, ...vertical, values[i * second.length + j]];
  }));
}

figures.add({
  id: "ranks",
  title: "Ranks",
  section: "parameters",
  height: () => 400,
  missing: needsTwo,
  controls: study => [...objectiveControl(study), ...pairControls(study, null)],

  caption(study, {x, y}) {
    const both = study.complete.filter(row => study.code(row, x) !== null && study.code(row, y) !== null).length;
    return `${plural(both, "completed trial")} by rank, the best first: outliers do not wash out the rest.`;
  },

  chart(study, {objective = 0, x, y}) {
    const k = Number(objective);
    const c = look.colours;
    const [across, up] = [study.axes[x], study.axes[y]];
    const rank = new Map(study.ranked(k).map((row, i) => [row, i + 1]));
    const rows = pairRows(study, k, across, up);
    return {
      ...pairFrame(study, across, up),
      visualMap: {type: "continuous", dimension: 3, min: 1, max: Math.max(2, study.complete.length), calculable: false, inRange: {color: c.scale},
        orient: "horizontal", right: 8, top: 0, itemWidth: 10, itemHeight: 90, text: ["last", "first"], textStyle: {color: c.soft, fontSize: 12}},
      series: [{type: "scatter", symbolSize: rows.length > 500 ? 6 : 10, itemStyle: {borderColor: c.soft, borderWidth: 0.4},
        data: [...rows].sort((a, b) => rank.get(b) - rank.get(a)).map(row => [across.spread(study.code(row, across.p), row), up.spread(study.code(row, up.p), row + 7), row, rank.get(row)])}],
    };
  },
});
