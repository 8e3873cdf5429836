// How far the model behind slices and contours can be believed: each trial, foretold from all others.

/** Of trials that the page has: [row, value, mean, deviation]. */
const checkOf = (study, {objective = 0} = {}) => (study.surfaces[Number(objective)]?.check ?? [])
  .map(([id, ...rest]) => [study.rowOf(id), ...rest]).filter(([row]) => row !== undefined);
const residual = ([, value, mean, deviation]) => (value - mean) / deviation;
const WITHIN = 2;

figures.add({
  id: "leave-one-out",
  title: "The model, checked",
  section: "parameters",
  applies: study => study.surfaces.some(surface => surface?.check.length),
  missing: study => (study.surfaces.some(surface => surface?.check.length) ? null : "There are too few trials for a model."),
  controls: study => [
    ...objectiveControl(study),
    {key: "show", label: "show", value: "values", options: [["values", "expected and observed"], ["residuals", "standardised residuals"]]},
  ],

  caption(study, chosen) {
    const check = checkOf(study, chosen);
    if (!check.length) {
      return "Of this objective there is no model.";
    }
    const within = check.filter(one => Math.abs(residual(one)) <= WITHIN).length;
    const mean = check.reduce((sum, [, value]) => sum + value, 0) / check.length;
    const explained = 1 - check.reduce((sum, [, value, expected]) => sum + (value - expected) ** 2, 0) / check.reduce((sum, [, value]) => sum + (value - mean) ** 2, 0);
    const worst = check.reduce((a, b) => (Math.abs(residual(b)) > Math.abs(residual(a)) ? b : a));
    const {regret} = study;
    return `Each of ${plural(check.length, "trial")}, foretold from all others: ${percent(within / check.length)} lie within two standard deviations (95 % would, were the model right), `
      + (explained > 0 ? `${percent(explained)} of the variance is foretold` : "the mean of all foretells as much")
      + `; trial ${study.id(worst[0])} surprises most, by ${number(Math.abs(residual(worst)), 3)} standard deviations.`
      + (regret ? ` By the stopping rule's model the best trial is at most ${number(regret.bound, 3)} from the best that there is; the noise of a trial is estimated at ${number(regret.noise, 3)}.` : "");
  },

  chart(study, chosen) {
    const c = look.colours;
    const check = checkOf(study, chosen);
    const {metric} = study.objectives[Number(chosen.objective ?? 0)];
    if (chosen.show === "residuals") {
      return {
        tooltip: trialTooltip(study),
        xAxis: {type: "value", minInterval: 1, splitLine: {show: false}, ...xName("trial")},
        yAxis: {type: "value", axisLabel: {formatter: value => number(value, 3)}, ...yName("standardised residual")},
        series: [{type: "scatter", symbolSize: 7, data: check.map(one => [study.id(one[0]), residual(one), one[0]]), itemStyle: {color: c.trial, opacity: 0.8},
          markLine: {silent: true, symbol: "none", label: {show: false}, lineStyle: {color: c.soft, type: "dashed"}, data: [{yAxis: -WITHIN}, {yAxis: WITHIN}]}}],
      };
    }
    const all = check.flatMap(([, value, mean]) => [value, mean]);
    const ends = [Math.min(...all), Math.max(...all)];
    return {
      tooltip: trialTooltip(study),
      xAxis: {type: "value", scale: true, splitLine: {show: false}, axisLabel: {hideOverlap: true, formatter: value => number(value, 3)}, ...xName(`${cut(metric, 40)}, expected`)},
      yAxis: {type: "value", scale: true, axisLabel: {formatter: value => number(value, 3)}, ...yName(`${cut(metric, 30)}, observed`)},
      series: [
        {type: "line", silent: true, symbol: "none", data: ends.map(value => [value, value]), lineStyle: {color: c.soft, type: "dashed", width: 1}},
        {type: "custom", silent: true, clip: true, z: 1, data: check.map(([, value, mean, deviation]) => [mean - WITHIN * deviation, value, mean + WITHIN * deviation]),
          renderItem: (_, api) => {
            const [from, to] = [api.coord([api.value(0), api.value(1)]), api.coord([api.value(2), api.value(1)])];
            return {type: "line", shape: {x1: from[0], y1: from[1], x2: to[0], y2: to[1]}, style: {stroke: c.model, opacity: 0.35}};
          }},
        {type: "scatter", symbolSize: 7, z: 3, data: check.map(([row, value, mean]) => [mean, value, row]), itemStyle: {color: c.trial, opacity: 0.9}},
      ],
    };
  },
});
