// Studies beside each other, drawn from their document: StudiesComparison says what is in it.

const compared = JSON.parse(document.getElementById("study-data").textContent);
const access = new URLSearchParams(location.search).get("token");
const withAccess = (path, more = {}) => {
  const query = String(new URLSearchParams({...more, ...(access ? {token: access} : {})}));
  return query ? `${path}?${query}` : path;
};

/** Lines differ by dash as well as by colour. */
const DASHES = ["solid", "dashed", "dotted", [8, 3, 2, 3], [2, 4], [12, 4]];

function lineColours() {
  const c = look.colours;
  return [c.best, c.trial, c.running, c.failed, c.pruned, c.ink];
}

/** Names that are told apart in a legend, however they are cut. */
const legendName = (study, i) => `${i + 1}  ${cut(study.name, 40)}`;

/** Whether all of them look for the same. */
function alike() {
  const [first] = compared.studies;
  return compared.studies.every(study => study.metric === first.metric && study.maximize === first.maximize);
}

function curveFigure(id, title, key, end, axis) {
  const [first] = compared.studies;
  return {
    id, title, section: "progress",
    missing: () => (compared.studies.some(study => study[key].length) ? null : "No trial of any is complete yet."),
    controls: () => (compared.studies.every(study => study[key].every(([, value]) => value > 0)) ? [{key: "log", label: "log scale", value: false}] : []),
    caption: () => `The best ${cut(first.metric, 60)} of each study so far (${first.maximize ? "larger" : "smaller"} is better), ${axis.caption}.`
      + (alike() ? "" : " They do not measure the same: the curves cannot be compared as they stand."),
    height: () => 360,
    chart(_, {log}) {
      const colours = lineColours();
      return {
        grid: {left: 12, right: 20, top: 30 + 24 * Math.ceil(compared.studies.length / 2), bottom: 34, containLabel: true},
        legend: {itemWidth: 30, itemStyle: {opacity: 0}},
        tooltip: {trigger: "item", formatter: event => el("div", {class: "tip"}, el("b", {}, event.seriesName), el("span", {}, `${axis.say(event.data[0])}: ${number(event.data[1], 6)}`))},
        xAxis: {type: "value", min: 0, splitLine: {show: false}, ...xName(axis.name)},
        yAxis: {type: log ? "log" : "value", scale: true, axisLabel: {formatter: value => number(value), hideOverlap: true}, ...yName(first.metric)},
        series: compared.studies.map((study, k) => ({
          name: legendName(study, k), type: "line", step: "end", symbolSize: 6, z: 3,
          data: study[key].length ? [...study[key], [study[end], study[key].at(-1)[1]]] : [],
          lineStyle: {color: colours[k % 6], width: 2, type: DASHES[k % 6]}, itemStyle: {color: colours[k % 6]},
        })),
      };
    },
  };
}

/** A table whose first column names the rows. */
function comparedTable(label, heads, rows) {
  return el("div", {class: "card wide-table compared", tabindex: "0", role: "region", "aria-label": `${label}, scrollable`},
    el("table", {"aria-label": label},
      el("thead", {}, el("tr", {}, heads.map(head => el("th", {scope: "col"}, head)))),
      el("tbody", {}, rows.map(row => el("tr", {}, row.map((cell, i) => (i ? el("td", {}, cell) : el("th", {scope: "row"}, cell))))))));
}

function resultTable() {
  const named = (study, i) => el("a", {href: withAccess("study", {name: study.name})}, legendName(study, i));
  return comparedTable("Results", ["study", "best", "trial", "completed", "pruned", "failed", "wall time", "configuration"],
    compared.studies.map((study, i) => [
      named(study, i),
      study.front > 1 ? plural(study.front, "trade-off") : `${cut(study.metric, 40)} ${number(study.best, 6)}`,
      study.trial === null ? "–" : String(study.trial),
      count(study.counts.completed), count(study.counts.pruned), count(study.counts.failed),
      study.wall > 0 ? duration(study.wall) : "–",
      study.params === null ? "–" : el("span", {class: "params"}, Object.entries(study.params).map(([name, value]) => `${cut(name, 30)} ${typeof value === "number" ? number(value) : cut(JSON.stringify(value), 60)}`).join(", ")),
    ]));
}

function words() {
  if (!alike()) {
    return "They do not look for the same metric in the same direction: what each found stands for itself.";
  }
  const found = compared.studies.filter(study => study.best !== null && study.front === 1);
  if (!found.length) {
    return "None of them has a single best trial yet.";
  }
  const [first] = found;
  const best = found.reduce((a, b) => ((first.maximize ? b.best > a.best : b.best < a.best) ? b : a));
  const equals = found.filter(study => study.best === best.best);
  return equals.length > 1
    ? `${plural(equals.length, "study", "studies")} reached the same best ${cut(first.metric, 80)}, ${number(best.best, 6)}. One run of each says little about which search is better: assay compare does, with seeds.`
    : `${cut(best.name, 80)} reached the best ${cut(first.metric, 80)}, ${number(best.best, 6)}. One run of each says little about which search is better: assay compare does, with seeds.`;
}

function writePage() {
  document.getElementById("home").href = withAccess("./");
  document.getElementById("title").textContent = compared.studies.map(study => cut(study.name, 60)).join(", ");
  document.getElementById("words").textContent = words();
  document.getElementById("result-table").replaceChildren(resultTable());
  document.getElementById("differences-table").replaceChildren(compared.differences.length
    ? comparedTable("Differences", ["what", ...compared.studies.map(legendName)],
      compared.differences.map(({key, values}) => [key, ...values.map(value => cut(value, 300))]))
    : el("p", {class: "nothing"}, "They are defined alike, but for their names."));
  document.getElementById("sections").replaceChildren(...[["result", "Result"], ["progress", "Best so far"], ["differences", "Differences"]]
    .map(([id, text]) => el("li", {}, el("a", {href: "#" + id}, text))));
}

function drawPage() {
  figures.show(compared, () => {
    const status = document.getElementById("status");
    status.dataset.charts = figures.charts.size;
    status.dataset.errors = figures.errors.join("; ");
    status.textContent = plural(figures.charts.size, "chart") + " drawn.";
  });
}

figures.add(curveFigure("by-trial", "By trial", "byTrial", "trials", {name: "trials ended", caption: "by how many trials had ended", say: at => `after ${plural(at, "trial")}`}));
figures.add(curveFigure("by-time", "By time", "bySeconds", "seconds", {name: "seconds since the first trial began", caption: "by the time since the first trial began", say: at => `after ${duration(at)}`}));
look.start(drawPage);
let resizing;
addEventListener("resize", () => {
  clearTimeout(resizing);
  resizing = setTimeout(() => figures.resize(compared), 150);
});
writePage();
drawPage();
