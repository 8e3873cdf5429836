// The study's definition and everything needed to repeat it.

function showProvenance(study) {
  const {definition, facts} = study;
  const {sampler, pruner, seed, batch, ...others} = definition;
  const called = part => part && [part.name, ...entries(part.settings ?? {}).map(([key, value]) => `${key} ${value}`)].join(", ");
  const search = [
    ["Objective", study.objectives.map(o => `${o.maximize ? "maximise" : "minimise"} ${o.metric}`).join("\n")],
    ["Sampler", called(sampler)], ["Pruner", called(pruner)],
    ["Precision", definition.objective?.train ? definition.objective.precision ?? "fp32" : null],
    ["Seed", seed === undefined ? null : String(seed)],
    ["Batch", batch ? String(batch) : null],
    ["Constraints", study.constraints.join("\n") || null],
    ["Bounds on outcomes", study.bounds.join("\n") || null],
    ["Started", Number.isFinite(study.firstStart) ? moment(study.firstStart) : null],
    ...entries(others),
  ].filter(([, value]) => value !== null && value !== undefined && value !== "");
  const {seconds, provenance, control, ...rest} = facts; // control: how a dashboard steers it
  const made = entries({...(provenance ?? {}), ...rest});
  const space = study.axes.map(axis => [axis.name,
    (axis.choice
      ? `${axis.ordered ? "ordered choice" : "choice"}: ${axis.options.map(option => cut(option, 60)).slice(0, 30).join(", ")}${axis.options.length > 30 ? ", …" : ""}`
      : `${axis.kind}, ${number(axis.low, 6)} to ${number(axis.high, 6)}${axis.log ? ", logarithmic" : ""}`)
    + (axis.when ? `\nif ${axis.when}` : "")]);
  document.getElementById("provenance-facts").replaceChildren(
    el("div", {class: "columns"},
      el("div", {class: "card"}, el("h3", {}, "Search"), list(search)),
      el("div", {class: "card"}, el("h3", {}, "Machine and versions"),
        made.length ? list(made) : el("p", {class: "soft"}, "Nothing was recorded.")),
      el("div", {class: study.studyFile ? "card" : "card all"}, el("h3", {}, "Search space"), list(space)),
      study.studyFile ? el("div", {class: "card"}, el("h3", {}, "Study file"), el("pre", {tabindex: "0"}, study.studyFile)) : null));
}
