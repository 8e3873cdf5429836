// The start page: every study with a thumbnail of how its best value moved.

const access = new URLSearchParams(location.search).get("token");
// Relative paths only: a proxy may offer the dashboard below a path of its own.
const withToken = (path, more = {}) => {
  const query = String(new URLSearchParams({...more, ...(access ? {token: access} : {})}));
  return query ? `${path}?${query}` : path;
};

const config = JSON.parse(document.getElementById("live-config").textContent);

/** Names of studies to be compared, in the order in which they were chosen. */
const chosen = new Set();
const MOST_CHOSEN = 6;

function choose(name, on) {
  chosen[on ? "add" : "delete"](name);
  showChosen();
}

function showChosen() {
  document.getElementById("compare-bar").hidden = chosen.size === 0;
  const button = document.getElementById("compare");
  button.textContent = chosen.size < 2 ? "Compare" : `Compare ${chosen.size} studies`;
  button.disabled = chosen.size < 2 || chosen.size > MOST_CHOSEN;
  document.getElementById("chosen").textContent = chosen.size < 2 ? "Choose another one to compare it with."
    : chosen.size > MOST_CHOSEN ? `At most ${MOST_CHOSEN} can be told apart.` : "";
}

document.getElementById("compare").addEventListener("click", () => {
  const query = new URLSearchParams([...[...chosen].map(name => ["study", name]), ...(access ? [["token", access]] : [])]);
  location.href = `compare?${query}`;
});

/** What is wrong, in words; null where it was done. */
async function post(path, name, body) {
  try {
    const answer = await fetch(withToken(path, {name}), {method: "POST", body: JSON.stringify(body),
      headers: {...(access ? {Authorization: `Bearer ${access}`} : {}), "X-Assay-Token": config.token, "Content-Type": "application/json"}});
    const {error} = await answer.json();
    return error ? `${error.what} ${error.value} ${error.mend}` : null;
  } catch (error) {
    return "The dashboard does not answer.";
  }
}

/** A dialog that asks for a word before anything is done. */
function askFor(title, hint, label, value, doIt, action) {
  const dialog = document.getElementById("act");
  const input = el("input", {type: "text", id: "act-input", value, autocomplete: "off", spellcheck: "false"});
  const said = el("p", {class: "soft", role: "status"});
  const submit = async event => {
    event.preventDefault();
    const wrong = await action(input.value);
    if (wrong) {
      said.textContent = wrong;
    } else {
      dialog.close();
      load();
    }
  };
  dialog.replaceChildren(el("form", {class: "inside", onsubmit: submit},
    el("header", {}, el("h2", {id: "act-title"}, title), el("button", {type: "button", onclick: () => dialog.close()}, "Close")),
    el("p", {class: "soft"}, hint), el("p", {}, el("label", {for: "act-input"}, label)), input, el("p", {class: "buttons"}, el("button", {type: "submit"}, doIt)), said));
  dialog.showModal();
  input.focus();
}

function renaming({name}) {
  askFor(`Rename ${cut(name, 60)}`, "Change name: in its study file too, so that the same command goes on with it.", "New name", name, "Rename",
    to => post("rename", name, {to}));
}

function deleting({name, counts}) {
  askFor(`Delete ${cut(name, 60)}`, `Its ${plural(counts.completed, "completed trial")}, their files, its report and models are removed for good.`, "Its name, to confirm", "", "Delete for good",
    async confirm => (confirm === name ? post("delete", name, {confirm}) : "That is not its name."));
}

/** What can be done with a study from here. */
function deeds(study) {
  const box = el("input", {type: "checkbox", checked: chosen.has(study.name), onchange: event => choose(study.name, event.target.checked)});
  return el("p", {class: "deeds"}, el("label", {}, box, "compare", el("span", {class: "unseen"}, ` ${study.name}`)),
    ...(config.token && !study.state ? [
      el("button", {type: "button", class: "quiet", "aria-label": `Rename ${study.name}`, onclick: () => renaming(study)}, "Rename…"),
      el("button", {type: "button", class: "quiet", "aria-label": `Delete ${study.name}`, onclick: () => deleting(study)}, "Delete…"),
    ] : []));
}

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
      el("span", {class: `live-state ${study.state ?? "ended"}`}, study.state ?? "not running")),
    deeds(study));
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
    [...chosen].filter(name => !studies.some(study => study.name === name && !study.error)).forEach(name => chosen.delete(name));
    showChosen();
    const focused = document.activeElement?.closest("#studies") ? document.activeElement.getAttribute("aria-label") : null;
    document.getElementById("studies").replaceChildren(...studies.map(card));
    if (focused) {
      document.querySelector(`#studies [aria-label="${CSS.escape(focused)}"]`)?.focus();
    }
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
