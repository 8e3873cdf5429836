// The data of the page, with names for its columns. A row is the index of a trial; a code is a
// number, or the index of an option.

const STATES = {c: "complete", p: "pruned", f: "failed", r: "running", w: "waiting", d: "discarded"};

class StudyData {
  constructor(document) {
    Object.assign(this, document);
    this.received = performance.now();
    this.size = this.trials.id.length;
    this.complete = []; // of the search
    this.confirms = new Map(this.trials.confirming.map((row, i) => [row, this.trials.confirms[i]]));
    // Of complete trials that break bounds on outcomes: which ones.
    this.broken = new Map(this.trials.infeasible.map((row, i) => [row, this.trials.breaks[i].map(k => this.bounds[k])]));
    this.counts = {complete: 0, pruned: 0, failed: 0, running: 0, waiting: 0, discarded: 0};
    for (let row = 0; row < this.size; row++) {
      this.counts[this.state(row)]++;
      if (this.trials.state[row] === "c" && !this.confirms.has(row)) {
        this.complete.push(row);
      }
    }
    this.feasible = this.complete.filter(row => !this.broken.has(row));
    // Of a study that is too large for a page some trials are here; counts are of all.
    this.total = this.whole?.trials ?? this.size;
    this.completed = this.whole?.completed ?? this.complete.length;
    Object.assign(this.counts, this.whole?.counts);
    this.failureOf = new Map(this.failureList().map(failure => [failure.row, failure]));
    this.axes = this.parameters.map((parameter, p) => new ParameterAxis(parameter, p));
    this.firstStart = this.trials.started.reduce((a, t) => (t > 0 && t < a ? t : a), Infinity);
  }

  failureList() {
    return this.trials.failures;
  }

  /** The row of a trial; undefined where the page does not have it. */
  rowOf(id) {
    this.rows ??= new Map(this.trials.id.map((one, row) => [one, row]));
    return this.rows.get(id);
  }

  state(row) {
    return STATES[this.trials.state[row]];
  }

  id(row) {
    return this.trials.id[row];
  }

  value(row, k = 0) {
    return this.trials.values[k][row];
  }

  code(row, p) {
    return this.trials.params[p][row];
  }

  /** The value of a parameter as text; null where it does not exist. */
  text(row, p) {
    const code = this.code(row, p);
    return code === null ? null : this.axes[p].words(code);
  }

  /** Smaller is better. */
  loss(row, k = 0) {
    return this.objectives[k].maximize ? -this.value(row, k) : this.value(row, k);
  }

  better(a, b, k = 0) {
    return this.objectives[k].maximize ? a > b : a < b;
  }

  /** The row of the configuration to use: confirmed as the best, else the best. */
  chosen() {
    return this.confirmed.length ? this.confirmed[0].row : this.best[0];
  }

  /** Complete trials, best first, by one objective; those that break a bound come after all others. */
  ranked(k = 0) {
    this.rankings ??= [];
    this.rankings[k] ??= [...this.complete].sort((a, b) => this.broken.has(a) - this.broken.has(b) || this.loss(a, k) - this.loss(b, k));
    return this.rankings[k];
  }

  /** At most n of the complete trials: the best tenth of them, and others evenly spread. */
  sample(n, k = 0) {
    if (this.complete.length <= n) {
      return this.complete;
    }
    const chosen = new Set(this.ranked(k).slice(0, Math.ceil(n / 10)));
    const step = this.complete.length / (n - chosen.size);
    for (let i = 0; i < this.complete.length; i += step) {
      chosen.add(this.complete[Math.floor(i)]);
    }
    return [...chosen].sort((a, b) => a - b);
  }

  /** Parameters, the most important first where that is known. */
  byImportance(k = 0) {
    const found = this.importances[k];
    const shares = (found["ped-anova"].note ? found.fanova : found["ped-anova"]).parameters;
    return this.parameters.map((_, p) => p).sort((a, b) => shares[b] - shares[a]);
  }
}

/** Where the values of a parameter stand on an axis: decades where it is logarithmic. */
class ParameterAxis {
  constructor(parameter, p) {
    Object.assign(this, parameter);
    this.p = p;
    this.choice = parameter.kind === "choice";
    if (this.choice) {
      this.min = -1;
      this.max = 2 * parameter.options.length - 1;
    } else {
      this.min = this.place(parameter.low);
      this.max = this.place(parameter.high);
    }
  }

  /** Options stand at even places, their bounds at odd ones. */
  place(code) {
    return this.choice ? 2 * code : this.log ? Math.log10(code) : code;
  }

  /** As place, but options of a choice are spread a little, always in the same way. */
  spread(code, row) {
    return this.choice ? 2 * code + 1.2 * (((row * 0.618034) % 1) - 0.5) : this.place(code);
  }

  /** From 0 to 1. */
  unit(code) {
    if (this.choice) {
      return (code + 0.5) / this.options.length;
    }
    return this.max > this.min ? (this.place(code) - this.min) / (this.max - this.min) : 0.5;
  }

  words(code) {
    return this.choice ? this.options[code] : number(code, 6);
  }

  /** The label at a place of the axis. */
  label(place) {
    if (this.choice) {
      return place % 2 === 0 ? cut(this.options[place / 2] ?? "", 16) : "";
    }
    return number(this.log ? Number((10 ** place).toPrecision(6)) : place, 3);
  }

  /** What ECharts needs to know of this axis. */
  option() {
    const span = this.max - this.min;
    // Decades where there are some; otherwise whole numbers double from label to label.
    const steps = !this.log ? undefined : span >= 2 ? Math.ceil(span / 6) : this.kind === "int" && span >= 0.6 ? Math.log10(2) : undefined;
    return {
      type: "value",
      min: this.min,
      max: this.max > this.min ? this.max : this.min + 1,
      interval: this.choice ? 1 : steps,
      axisLabel: {
        hideOverlap: true,
        showMinLabel: this.choice ? undefined : true,
        formatter: place => this.label(place),
      },
    };
  }
}
