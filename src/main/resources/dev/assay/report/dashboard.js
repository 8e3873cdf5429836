// The start page: every study with a thumbnail of how its best value moved.

const access = new URLSearchParams(location.search).get("token");
// Relative paths only: a proxy may offer the dashboard below a path of its own.
const withToken = (path, more = {}) => {
  const query = String(new URLSearchParams({...more, ...(access ? {token: access} : {})}));
  return query ? `${path}?${query}` : path;
};

/** The curve of best values as a line in a box of 100 by 40. */
function sparkline(curve) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 100 40");
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("aria-hidden", "true");
  if (curve.length) {
    const low = Math.min(...curve);
    const high = Math.max(...curve);
    const y = value => (high > low ? 36 - (32 * (value - low)) / (high - low) : 20).toFixed(2);
    const step = 100 / Math.max(1, curve.length - 1);
    const points = curve.flatMap((value, i) => (i ? [`${(i * step).toFixed(2)},${y(curve[i - 1])}`] : []).concat(`${(i * step).toFixed(2)},${y(value)}`));
    const line = document.createElementNS("http://www.w3.org/2000/svg", "polyline");
    line.setAttribute("points", curve.length > 1 ? points.join(" ") : `0,20 100,20`);
    line.setAttribute("vector-effect", "non-scaling-stroke");
    svg.append(line);
  }
  return svg;
}

function card(study) {
  if (study.error) {
    return el("li", {class: "card study"}, el("h2", {}, study.name), el("p", {class: "soft"}, study.error));
  }
  const {completed, pruned, failed} = study.counts;
  const figure = study.objectives > 1 ? plural(study.front, "trade-off") : study.best === null ? "–" : number(study.best, 6);
  return el("li", {class: "card study"},
    el("a", {href: withToken("study", {name: study.name})},
      el("h2", {}, study.name),
      el("p", {class: "soft"}, `${study.maximize ? "maximise" : "minimise"} ${cut(study.metric, 60)}${study.objectives > 1 ? ` and ${study.objectives - 1} more` : ""}`),
      sparkline(study.curve),
      el("p", {class: "figure"}, figure),
      el("p", {class: "soft"}, [`${count(completed)} completed`, pruned ? `${count(pruned)} pruned` : null, failed ? `${count(failed)} failed` : null, study.running && study.state ? `${count(study.running)} running` : null].filter(Boolean).join(", ")),
      el("p", {class: "soft"}, `${study.verdict[0].toUpperCase()}${study.verdict.slice(1)}.`),
      el("span", {class: `live-state ${study.state ?? "ended"}`}, study.state ?? "not running")));
}

async function load() {
  const said = document.getElementById("said");
  try {
    const answer = await fetch(withToken("api/studies"), {headers: access ? {Authorization: `Bearer ${access}`} : {}});
    const studies = await answer.json();
    if (!Array.isArray(studies)) {
      said.textContent = `${studies.error.what} ${studies.error.mend}`;
      return;
    }
    studies.sort((a, b) => (b.state ? 1 : 0) - (a.state ? 1 : 0) || (b.started ?? 0) - (a.started ?? 0));
    said.textContent = studies.length ? `${plural(studies.length, "study", "studies")}, ${studies.filter(s => s.state).length} running.` : "There are no studies here yet: assay tune FILE makes one.";
    document.getElementById("studies").replaceChildren(...studies.map(card));
    document.documentElement.dataset.studies = studies.length;
  } catch (error) {
    said.textContent = "The dashboard does not answer; this is how things stood.";
  }
}

look.start(() => {});
let due = null;
const events = new EventSource(withToken("events"));
events.addEventListener("changed", () => {
  due ??= setTimeout(() => {
    due = null;
    load();
  }, 300);
});
events.onerror = () => {
  document.getElementById("said").textContent = "The dashboard does not answer; this is how things stood.";
};
load();
