// What a dashboard answers to a page that has an earlier state of the study: only what changed since.

/** The whole document after an increment to an earlier one. Neither is changed. */
function withIncrement(before, increment) {
  const [old, fresh] = [before.trials, increment.trials];
  const gone = new Set([...fresh.dropped, ...fresh.id]);
  // Where each trial of the page stands: in the old columns or in the new ones.
  const places = [
    ...old.id.flatMap((id, row) => (gone.has(id) ? [] : [{id, from: old, row}])),
    ...fresh.id.map((id, row) => ({id, from: fresh, row})),
  ].sort((a, b) => a.id - b.id);
  const column = values => places.map(({from, row}) => values(from)[row] ?? null);
  const columns = name => fresh[name].map((_, k) => column(trials => trials[name][k]));
  /** Entries that name the rows that they are of: each with the row in which that trial stands now. */
  const rows = (list, rowOf) => {
    const at = new Map([old, fresh].map(from => [from, new Map(list(from).map(entry => [rowOf(entry), entry]))]));
    return places.flatMap(({from, row}, place) => (at.get(from).has(row) ? [[place, at.get(from).get(row)]] : []));
  };
  const confirming = rows(from => from.confirming.map((row, i) => [row, from.confirms[i]]), ([row]) => row);
  const infeasible = rows(from => from.infeasible.map((row, i) => [row, from.breaks[i]]), ([row]) => row);
  const trials = {
    id: places.map(place => place.id),
    state: places.map(({from, row}) => from.state[row]).join(""),
    confirming: confirming.map(([place]) => place),
    confirms: confirming.map(([, [, confirmed]]) => confirmed),
    infeasible: infeasible.map(([place]) => place),
    breaks: infeasible.map(([, [, broken]]) => broken),
    params: columns("params"),
    values: columns("values"),
    deviations: fresh.deviations.map((some, k) => (some.length || old.deviations[k].length ? column(from => from.deviations[k]) : [])),
    seconds: column(from => from.seconds),
    started: column(from => from.started),
    restarts: column(from => from.restarts),
    failures: rows(from => from.failures, failure => failure.row).map(([row, failure]) => ({...failure, row})),
    attributes: column(from => from.attributes),
    attributesCut: old.attributesCut || fresh.attributesCut,
  };
  const curves = new Map(before.curves.shown.map(curve => [old.id[curve.row], curve]));
  const shown = increment.curves.shown.map(curve => (curve.steps ? curve : {...curves.get(trials.id[curve.row]), row: curve.row}));
  return {...before, ...increment, trials, curves: {...increment.curves, shown}};
}
