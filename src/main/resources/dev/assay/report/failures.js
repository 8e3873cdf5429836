// Failed trials, grouped by cause, the most frequent first, with the last words of a few.

const SAMPLES = 3;

function showFailures(study) {
  const section = document.getElementById("failures");
  section.hidden = study.counts.failed === 0;
  const groups = Map.groupBy ? Map.groupBy(study.trials.failures, f => f.cause) : groupByCause(study.trials.failures);
  const most = Math.max(...[...groups.values()].map(group => group.length));
  document.getElementById("failure-groups").replaceChildren(
    ...[...groups].sort((a, b) => b[1].length - a[1].length).map(([cause, group], i) =>
      el("details", {class: "group card", open: i === 0},
        el("summary", {},
          el("span", {}, causeWords(cause)),
          el("span", {class: "meter", "aria-hidden": "true"}, el("i", {style: `width: ${(100 * group.length) / most}%`})),
          el("span", {}, plural(group.length, "trial"))),
        el("div", {class: "samples"}, samples(study, group)))));
}

function groupByCause(failures) {
  const groups = new Map();
  failures.forEach(failure => groups.set(failure.cause, [...(groups.get(failure.cause) ?? []), failure]));
  return groups;
}

/** Different kinds first: the same message at three places teaches nothing. */
function samples(study, group) {
  const kinds = new Map();
  group.forEach(failure => kinds.set(failure.kind, [...(kinds.get(failure.kind) ?? []), failure]));
  const shown = [...kinds.values()].sort((a, b) => b.length - a.length).slice(0, SAMPLES);
  const rest = kinds.size - shown.length;
  return [
    ...shown.map(failures => [
      el("h3", {}, trialButton(study, failures[0].row), failures.length > 1 ? ` and ${count(failures.length - 1)} more like it` : ""),
      el("pre", {tabindex: "0"}, failures[0].detail || "It left no message."),
    ]).flat(),
    rest > 0 ? el("h3", {}, `${plural(rest, "other message")} in the table below.`) : null,
  ];
}
