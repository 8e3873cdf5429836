// The page of a comparison of samplers, drawn from its document: ComparisonDocument says what is in it.

const comparison = JSON.parse(document.getElementById("study-data").textContent);

const AXES = {trials: "trials", seconds: "wall time", simulated: "simulated time", cost: "cost"};

/** Lines differ by dash as well as by colour. */
const DASHES = ["solid", "dashed", "dotted", [8, 3, 2, 3], [2, 4], [12, 4]];

function lineColours() {
  const c = look.colours;
  return [c.best, c.trial, c.running, c.failed, c.pruned, c.ink];
}

/** The band between low and high around a median line. */
function band(points, colour) {
  const closed = points.filter(point => point.high !== null);
  return {
    type: "custom", silent: true, clip: true, z: 1, data: closed.length > 1 ? [[closed[0].at, closed[0].median]] : [],
    renderItem: (_, api) => ({
      type: "polygon",
      shape: {points: [...closed.map(p => api.coord([p.at, p.low])), ...[...closed].reverse().map(p => api.coord([p.at, p.high]))]},
      style: {fill: colour, opacity: 0.14},
    }),
  };
}

function axisName(axis, problem) {
  const names = {trials: "trials", seconds: "wall time, s", simulated: `simulated ${problem.clock}`, cost: problem.at?.unit};
  return names[axis];
}

/** Where runs are judged is what is looked at first. */
const firstAxis = problem => problem.at?.axis ?? "trials";

/** Logarithms end somewhere. */
const LEAST = 1e-9;

/** What the vertical axis can show. */
function scales(problem) {
  const values = problem.curves.flatMap(curve => curve.bands.flatMap(one => one.points.flatMap(point => [point.median, point.low, point.high])));
  return [["value", "value"],
    ...(values.every(value => value === null || value > 0) ? [["log", "log scale"]] : []),
    ...(problem.optimum === null ? [] : [["gap", "gap to the optimum"]])];
}

/** Of a function only the gap shows what happens after the first trials. */
function firstScale(problem) {
  return problem.optimum !== null && !problem.share ? "gap" : "value";
}

/** Bands of the distance to the best value that there is. */
function gaps(bands, optimum) {
  const gap = value => (value === null ? null : Math.max(LEAST, Math.abs(value - optimum)));
  return bands.map(one => ({...one, points: one.points.map(point =>
    ({...point, median: gap(point.median), low: gap(point.low), high: gap(point.high)}))}));
}

/** A logarithmic axis from power of ten to power of ten. */
function decades(bands) {
  const values = bands.flatMap(one => one.points.flatMap(point => [point.median, point.low, point.high])).filter(value => value !== null);
  return {type: "log", min: 10 ** Math.floor(Math.log10(Math.min(...values))), max: 10 ** Math.ceil(Math.log10(Math.max(...values) * 1.0001))};
}

function problemFigure(problem, i) {
  const bandsOf = over => problem.curves.find(curve => curve.axis === over).bands;
  return {
    id: `problem-${i}`, title: problem.name, section: "problems", wide: comparison.problems.length === 1,
    missing: () => (bandsOf("trials").some(one => one.points.length) ? null : "No trial completed."),
    controls: () => [
      {key: "over", label: "over", value: firstAxis(problem), options: problem.curves.map(curve => [curve.axis, AXES[curve.axis]])},
      {key: "show", label: "show", value: firstScale(problem), options: scales(problem)},
    ],
    height: () => (comparison.problems.length === 1 ? 420 : 300),
    caption: (_, {over = firstAxis(problem), show = firstScale(problem)}) =>
      `${show === "gap" ? `How far the best ${problem.metric} so far is from the best that there is (${number(problem.optimum)}; closer than ${number(LEAST)} is drawn there)`
        : `The best ${problem.metric} so far (${problem.direction})`}, median of ${plural(comparison.seeds, "seed")} with its 95 % bootstrap band, over ${AXES[over]}. `
      + problem.verdict.join(" "),
    chart(_, {over = firstAxis(problem), show = firstScale(problem)}) {
      const colours = lineColours();
      const bands = show === "gap" ? gaps(bandsOf(over), problem.optimum) : bandsOf(over);
      const ends = bands.flatMap(one => one.points.map(point => point.at)).filter(at => at > 0);
      const wide = over !== "trials" && Math.max(...ends) > 50 * Math.min(...ends);
      return {
        grid: {left: 12, right: 20, top: 58, bottom: 34, containLabel: true},
        legend: {itemWidth: 30, itemStyle: {opacity: 0}},
        tooltip: {trigger: "axis", valueFormatter: value => number(value)},
        xAxis: {type: wide ? "log" : "value", ...(wide ? {min: Math.min(...ends)} : {}), splitLine: {show: false}, ...xName(axisName(over, problem))},
        yAxis: {...(show === "value" ? {type: "value", scale: true} : decades(bands)), axisLabel: {formatter: value => number(value), hideOverlap: true}, ...yName(show === "gap" ? `${problem.metric} from the optimum` : problem.metric)},
        series: bands.flatMap((one, k) => [
          {name: one.sampler, type: "line", step: "end", symbol: "none", z: 3,
            data: one.points.map(point => [point.at, point.median]),
            lineStyle: {color: colours[k % 6], width: 2, type: DASHES[k % 6]}, itemStyle: {color: colours[k % 6]}},
          band(one.points, colours[k % 6]),
        ]),
      };
    },
  };
}

/** A table: heads, then rows of texts; the first column names the row. */
function grid(label, heads, rows) {
  return el("div", {class: "card rows", style: "height: auto; margin-top: 1.25rem", tabindex: "0", role: "region", "aria-label": label},
    el("table", {},
      el("thead", {}, el("tr", {}, heads.map((head, i) => el("th", {scope: "col", class: i ? "number" : null, style: "padding: 0.5rem 0.9rem"}, head)))),
      el("tbody", {}, rows.map(row => el("tr", {}, row.map((cell, i) =>
        i ? el("td", {class: "number"}, cell) : el("th", {scope: "row", style: "position: static; padding: 0.5rem 0.9rem; font-weight: 600"}, cell)))))));
}

const fixed = (value, digits = 2) => value.toFixed(digits).replace("-", "−");
const inPercent = value => `${fixed(100 * value, 1)} %`;

function overallTables() {
  const several = comparison.problems.length > 1;
  const tables = several
    ? [grid("Ranks over all problems", ["sampler", "mean rank", "best on"],
      comparison.overall.standings.map(s => [s.sampler, fixed(s.meanRank), `${trimZeros(fixed(s.firsts, 1))} of ${comparison.problems.length}`]))]
    : [];
  for (const problem of comparison.problems) {
    tables.push(grid(`Ranks on ${problem.name}`,
      [problem.name, "mean rank", `median ${problem.metric}${problem.at ? ` at ${number(problem.at.spent)} ${problem.at.unit}` : ""}`, "95 %", "P(best)", "failed trials", "suggest, a trial"],
      problem.standings.map(s => [s.sampler, fixed(s.meanRank), number(s.median), `${number(s.low)} … ${number(s.high)}`,
        fixed(s.probabilityBest), inPercent(s.failed), duration(s.suggestMilliseconds / 1e3)])));
    if (problem.share) {
      tables.push(grid(`Share of the optimum on ${problem.name}`,
        [`${problem.name}: share of the optimum`, "at the end", "random search expects", "over all trials", "random expects", "beyond random", "90 % after"],
        problem.share.map(s => [s.sampler, inPercent(s.atEnd), inPercent(s.expectedAtEnd), inPercent(s.area), inPercent(s.expectedArea),
          fixed(s.beyondRandom), s.to90 === null ? "–" : plural(Math.round(s.to90), "trial")])));
    }
  }
  return tables;
}

function testsTable() {
  return grid("Tests of every pair", ["pair", "problem", "p", "uncorrected", "effect", "superiority", "equal runs", "difference"],
    comparison.problems.flatMap(problem => problem.pairs.map(pair => [
      `${pair.first} – ${pair.second}`, problem.name, number(pair.p, 3), number(pair.pUncorrected, 3), fixed(pair.rankBiserial),
      fixed(pair.superiority), String(pair.ties), pair.differs ? "significant" : "not shown"])));
}

function writePage() {
  const {samplers, seeds, provenance, problems} = comparison;
  document.getElementById("kind").textContent =
    `${plural(samplers.length, "sampler")}, ${plural(problems.length, "problem")}, ${plural(seeds, "seed")} each`;
  document.getElementById("title").textContent = samplers.map(s => s.label).join(", ");
  document.getElementById("words").replaceChildren(...comparison.verdict.map(sentence => el("p", {class: "lead"}, sentence)));
  document.getElementById("overall").replaceChildren(...overallTables());
  document.getElementById("tests-table").replaceChildren(testsTable());
  const facts = {...Object.fromEntries(samplers.map(s => [`sampler ${s.label}`, `${s.name} ${JSON.stringify(s.settings)}`])),
    seeds: `${comparison.firstSeed} to ${comparison.firstSeed + seeds - 1}`, ...provenance};
  document.getElementById("facts").replaceChildren(...Object.entries(facts).flatMap(([key, value]) =>
    [el("dt", {}, key), el("dd", {}, String(value))]));
  document.getElementById("sections").replaceChildren(...[["verdict", "Verdict"], ["problems", "Problems"], ["tests", "Tests"], ["made", "How it was made"]]
    .map(([id, text]) => el("li", {}, el("a", {href: "#" + id}, text))));
}

function drawPage() {
  figures.show(comparison, () => {
    const status = document.getElementById("status");
    status.dataset.charts = figures.charts.size;
    status.dataset.errors = figures.errors.join("; ");
    status.textContent = plural(figures.charts.size, "chart") + " drawn.";
  });
}

comparison.problems.forEach((problem, i) => figures.add(problemFigure(problem, i)));
look.start(drawPage);
let resizing;
addEventListener("resize", () => {
  clearTimeout(resizing);
  resizing = setTimeout(() => figures.resize(comparison), 150);
});
writePage();
drawPage();
