// What a dashboard adds to a trial's dialog: every step, its files and log, a note, and what can be
// done with it.

/** The largest text that is opened without being asked for, and picture that is shown, in bytes. */
const SHOWN_TEXT = 20000;
const SHOWN_PICTURE = 8 * 1024 * 1024;
const SHOWN_FILES = 6;
const PICTURE = /\.(png|jpe?g|gif|webp)$/i;

const pictures = [];

document.getElementById("trial").addEventListener("close", () => {
  pictures.splice(0).forEach(url => URL.revokeObjectURL(url));
  live.shown = null;
});

live.showTrial = async function (study, row) {
  const id = study.id(row);
  const key = (this.shown = {});
  this.trialActions(study, row);
  const answer = await this.ask("api/trial", {trial: id});
  if (this.shown !== key) {
    return; // another one was opened meanwhile
  }
  const files = document.getElementById("trial-files");
  if (typeof answer === "string") {
    files.replaceChildren(el("p", {class: "soft", role: "status"}, answer));
    return;
  }
  const {steps} = answer.trial;
  const metrics = study.objectives.map(objective => objective.metric);
  drawTrialCurves(study, document.querySelector(".trial-curves"), steps.map(step => step.step), metrics.map(metric => steps.map(step => finite(step.values[metric]))), false);
  if (answer.files === null) {
    return;
  }
  const [logs, others] = [answer.files.filter(file => file.path === "log"), answer.files.filter(file => file.path !== "log")];
  files.replaceChildren(
    ...logs.map(file => this.textFile(id, file, true, "Log")),
    others.length ? el("h3", {}, "Files") : "",
    ...others.map((file, i) => this.file(id, file, i < SHOWN_FILES)));
};

const finite = value => (typeof value === "number" && Number.isFinite(value) ? value : null);

live.trialActions = function (study, row) {
  if (!this.config.token) {
    return;
  }
  const id = study.id(row);
  const state = study.state(row);
  const said = el("span", {class: "soft", role: "status"});
  const done = async (path, body, words) => {
    said.textContent = (await this.post(path, body)) ?? words;
    await this.refresh();
  };
  const params = study.axes.filter(axis => study.code(row, axis.p) !== null);
  const again = async () => {
    const answer = await this.ask("api/trial", {trial: id}); // the page's numbers are rounded
    said.textContent = typeof answer === "string" ? answer : (await this.post("control", {command: "enqueue", params: answer.trial.params})) ??
      (assay.state ? "It waits in line." : "It is tried first when the study goes on.");
  };
  const note = el("textarea", {rows: 2, maxlength: 10000, id: "trial-note"}, study.facts[`note of trial ${id}`] ?? "");
  const discarded = state === "discarded";
  const ended = !["running", "waiting"].includes(state);
  document.getElementById("trial-actions").replaceChildren(
    el("p", {class: "buttons"},
      params.length ? el("button", {type: "button", onclick: again}, "Enqueue again") : null,
      ended ? el("button", {type: "button", title: discarded ? "It counts again" : "It stays, marked, and nothing is learned from it",
        onclick: event => {
          event.target.disabled = true;
          done("control", {command: "discard", trial: id, discarded: !discarded}, discarded ? "It counts again." : "It is discarded: nothing is learned from it.");
        }}, discarded ? "Take back" : "Discard") : null,
      said),
    el("label", {for: "trial-note"}, "Note"), note,
    el("p", {class: "buttons"}, el("button", {type: "button", onclick: () => done("note", {trial: id, text: note.value}, note.value.trim() ? "The note is kept." : "There is no note.")}, "Keep the note")));
};

live.file = function (id, file, open) {
  return PICTURE.test(file.path) ? this.picture(id, file, open) : this.textFile(id, file, open && file.bytes <= SHOWN_TEXT, file.path);
};

/** A part that opens what stands behind it when it is first opened. */
function opened(title, bytes, open, fill) {
  const box = el("div", {class: "opened"});
  const details = el("details", {class: "file"}, el("summary", {}, title, el("span", {class: "soft"}, ` ${size(bytes)}`)), box);
  details.addEventListener("toggle", () => {
    if (details.open && !box.childNodes.length) {
      fill(box);
    }
  });
  details.open = open;
  return details;
}

function size(bytes) {
  return bytes < 1024 ? `${bytes} bytes` : bytes < 1024 * 1024 ? `${number(bytes / 1024, 3)} KiB` : `${number(bytes / 1024 / 1024, 3)} MiB`;
}

live.picture = function (id, file, open) {
  return opened(file.path, file.bytes, open && file.bytes <= SHOWN_PICTURE, async box => {
    box.append(el("p", {class: "soft"}, "…"));
    try {
      const answer = await fetch(this.address("file", {trial: id, path: file.path}), {headers: this.headers()});
      if (answer.ok) {
        const url = URL.createObjectURL(await answer.blob());
        pictures.push(url);
        box.replaceChildren(el("img", {src: url, alt: `${file.path}, left by trial ${id}`}));
      } else {
        const {error} = await answer.json();
        box.replaceChildren(el("p", {class: "soft"}, `${error.what} ${error.mend}`));
      }
    } catch (error) {
      box.replaceChildren(el("p", {class: "soft"}, "The dashboard does not answer."));
    }
  });
};

/** The end of a text, and more of it on request. */
live.textFile = function (id, file, open, title) {
  return opened(title, file.bytes, open, async box => {
    const pre = el("pre", {tabindex: "0", role: "region", "aria-label": title});
    const said = el("p", {class: "soft", role: "status"}, "…");
    const more = el("button", {type: "button", onclick: () => load()}, "More");
    let from = null;
    const load = async () => {
      more.disabled = true;
      const part = await this.ask("text", {trial: id, path: file.path, ...(from === null ? {} : {before: from})});
      more.disabled = false;
      if (typeof part === "string" || part.text === null) {
        said.textContent = typeof part === "string" ? part : "These bytes are no text.";
        more.hidden = true;
        pre.hidden = !pre.childNodes.length;
        return;
      }
      from = part.from;
      pre.prepend(part.text);
      if (pre.childNodes.length === 1) {
        pre.scrollTop = pre.scrollHeight;
      }
      more.hidden = from === 0;
      said.textContent = from > 0 ? `The last ${size(part.size - from)} of ${size(part.size)}.` : part.size ? "" : "It is empty.";
    };
    box.append(said, more, pre);
    await load();
  });
};
