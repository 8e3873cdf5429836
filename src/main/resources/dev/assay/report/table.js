// The trials as a table that sorts and filters; only the rows in sight exist as elements, so that
// ten thousand trials are as quick as ten.

const ROW_HEIGHT = 36;
const EXTRA_ROWS = 8;

class TrialsTable {
  constructor(box) {
    this.box = box;
    this.sort = {column: 0, descending: false};
    this.states = new Set(Object.values(STATES));
    this.query = "";
  }

  show(study) {
    this.study = study;
    this.columns = tableColumns(study);
    this.texts = [];
    this.body = el("tbody", {});
    this.head = el("tr", {"aria-rowindex": 1}, this.columns.map((column, i) => this.heading(column, i)));
    this.table = el("table", {"aria-label": "Trials", "aria-rowcount": study.size + 1}, el("thead", {}, this.head), this.body);
    this.rows = el("div", {class: "rows card", tabindex: "0", role: "region", "aria-label": "Trials, scrollable", onscroll: () => this.paint()}, this.table);
    this.prepare();
    this.said = el("span", {class: "soft", role: "status"});
    this.box.replaceChildren(...this.filterBar(), this.rows);
    this.filter();
  }

  /** Newer data of the same study: the place, the filter and the order stay. */
  update(study) {
    const columns = tableColumns(study);
    if (columns.length !== this.columns.length || Object.entries(study.counts).some(([state, n]) => (n > 0) !== (this.study.counts[state] > 0))) {
      const top = this.rows.scrollTop;
      this.show(study);
      this.rows.scrollTop = top;
      return;
    }
    this.study = study;
    this.columns = columns;
    this.texts = [];
    this.filter(true);
  }

  /** Makes the texts that a filter looks in while nobody waits for them. */
  prepare(from = 0) {
    const {texts} = this;
    (window.requestIdleCallback ?? (work => setTimeout(() => work({timeRemaining: () => 5}), 50)))(idle => {
      let row = from;
      while (texts === this.texts && row < this.study.size && idle.timeRemaining() > 1) {
        this.text(row++);
      }
      if (texts === this.texts && row < this.study.size) {
        this.prepare(row);
      }
    });
  }

  heading(column, i) {
    return el("th", {scope: "col", class: column.number ? "number" : null},
      el("button", {type: "button", title: column.name, onclick: () => {
        this.sort = {column: i, descending: this.sort.column === i && !this.sort.descending};
        this.filter();
      }}, column.name));
  }

  filterBar() {
    const hint = this.columns.find(column => column.number && column.name !== "id")?.name ?? "id";
    const input = el("input", {type: "search", placeholder: "Filter", "aria-label": "Filter the trials", "aria-describedby": "filter-hint", value: this.query,
      oninput: event => {
        this.query = event.target.value;
        this.filter();
      }});
    const states = Object.entries(this.study.counts).filter(([, n]) => n > 0).map(([state, n]) =>
      el("label", {}, el("input", {type: "checkbox", checked: this.states.has(state), onchange: event => {
        this.states[event.target.checked ? "add" : "delete"](state);
        this.filter();
      }}), `${state} ${count(n)}`));
    return [
      el("div", {class: "filter"}, input, el("fieldset", {}, el("legend", {class: "unseen"}, "States"), states), this.said),
      el("p", {class: "hint", id: "filter-hint"}, "Words must all appear in a row. ", el("code", {}, `${cut(hint, 40)}>0.5`), " compares a column."),
    ];
  }

  /** Filters and sorts, then paints. */
  filter(keep = false) {
    const tests = parseFilter(this.query, this.columns);
    const {study} = this;
    this.order = [];
    for (let row = 0; row < study.size; row++) {
      if (this.states.has(study.state(row)) && tests.every(test => test(row, () => this.text(row)))) {
        this.order.push(row);
      }
    }
    const {column, descending} = this.sort;
    const key = this.columns[Math.min(column, this.columns.length - 1)].key;
    const keys = this.order.map(key);
    const rank = this.order.map((_, i) => i).sort((a, b) => compare(keys[a], keys[b], descending));
    this.order = rank.map(i => this.order[i]);
    this.head.querySelectorAll("th").forEach((th, i) => {
      if (i === column) {
        th.setAttribute("aria-sort", descending ? "descending" : "ascending");
      } else {
        th.removeAttribute("aria-sort");
      }
    });
    this.said.textContent = `${count(this.order.length)} of ${plural(study.size, "trial")}`;
    if (!keep) {
      this.rows.scrollTop = 0;
    }
    this.paint();
  }

  /** What a word of the filter is looked for in. */
  text(row) {
    return (this.texts[row] ??= this.columns.map(column => column.text(row) ?? "").join("\n").toLowerCase());
  }

  paint() {
    const seen = Math.ceil((this.rows.clientHeight || 600) / ROW_HEIGHT);
    const first = Math.max(0, Math.floor(this.rows.scrollTop / ROW_HEIGHT) - EXTRA_ROWS);
    const last = Math.min(this.order.length, first + seen + 2 * EXTRA_ROWS);
    const top = new Set(this.study.best);
    const space = rows => el("tr", {class: "space", "aria-hidden": "true"}, el("td", {colspan: this.columns.length, style: `height: ${rows * ROW_HEIGHT}px`}));
    const lines = this.order.slice(first, last).map((row, i) =>
      el("tr", {"aria-rowindex": first + i + 2, class: top.has(row) ? "top" : null}, this.columns.map(column => cell(this.study, column, row))));
    this.body.replaceChildren(
      ...(first > 0 ? [space(first)] : []), ...lines,
      ...(last < this.order.length ? [space(this.order.length - last)] : []),
      ...(this.order.length ? [] : [el("tr", {}, el("td", {colspan: this.columns.length}, this.study.size ? "No trial matches." : "There are no trials yet."))]));
  }
}

function cell(study, column, row) {
  if (column.name === "id" && column.first) {
    return el("td", {class: "number"}, el("button", {type: "button", class: "quiet", "aria-label": `Trial ${study.id(row)}, details`, onclick: () => showTrial(study, row)}, study.id(row)));
  }
  const text = column.text(row);
  if (column.state) {
    return el("td", {}, el("span", {class: `state ${text}`}, text));
  }
  return el("td", {class: column.number ? "number" : null, title: text && text.length > 24 ? cut(text, 400) : null}, text === null ? el("span", {class: "soft"}, "–") : cut(text, 60));
}

/** Columns: what they are called, how a row reads in them, and by what they sort. */
function tableColumns(study) {
  const {trials} = study;
  const show = value => (value === null ? null : number(value, 6));
  return [
    {name: "id", first: true, number: true, key: row => study.id(row), text: row => String(study.id(row))},
    {name: "state", state: true, key: row => study.state(row), text: row => study.state(row)},
    ...(study.confirms.size ? [{name: "confirms", number: true, key: row => study.confirms.get(row) ?? null, text: row => (study.confirms.has(row) ? String(study.confirms.get(row)) : null)}] : []),
    ...(study.broken.size ? [{name: "breaks", key: row => study.broken.get(row)?.join(", ") ?? null, text: row => study.broken.get(row)?.join(", ") ?? null}] : []),
    ...study.objectives.map((objective, k) => ({name: objective.metric, number: true, key: row => study.value(row, k), text: row => show(study.value(row, k))})),
    ...study.axes.map(axis => ({
      name: axis.name, number: !axis.choice,
      key: row => (axis.choice && !axis.ordered ? study.text(row, axis.p) : study.code(row, axis.p)),
      text: row => study.text(row, axis.p),
    })),
    {name: "time", number: true, key: row => trials.seconds[row], text: row => (trials.seconds[row] === null ? null : duration(trials.seconds[row]))},
    ...(study.counts.failed ? [{name: "cause", key: row => study.failureOf.get(row)?.cause ?? null, text: row => study.failureOf.get(row)?.cause ?? null}] : []),
  ];
}

/** Rows without a value come last, whatever the direction; equals keep their order. */
function compare(a, b, descending) {
  if (a === null || b === null) {
    return a === b ? 0 : a === null ? 1 : -1;
  }
  const order = typeof a === "string" ? a.localeCompare(b) : a - b;
  return descending ? -order : order;
}

/** One test for each word: `name>0.5`, `name=text`, or a text that appears somewhere in the row. */
function parseFilter(query, columns) {
  return query.trim().split(/\s+/).filter(Boolean).map(word => {
    const comparison = /^(.+?)(>=|<=|!=|=|>|<)(.+)$/.exec(word);
    const column = comparison && columns.find(c => c.name.toLowerCase() === comparison[1].toLowerCase());
    if (!column) {
      const text = word.toLowerCase();
      return (row, rowText) => rowText().includes(text);
    }
    const [, , operator, wanted] = comparison;
    const asNumber = Number(wanted.replace("−", "-"));
    return row => {
      const value = column.key(row);
      if (value === null) {
        return false;
      }
      const [a, b] = typeof value === "number" && !Number.isNaN(asNumber) ? [value, asNumber] : [(column.text(row) ?? "").toLowerCase(), wanted.toLowerCase()];
      switch (operator) {
        case ">": return a > b;
        case "<": return a < b;
        case ">=": return a >= b;
        case "<=": return a <= b;
        case "!=": return a !== b;
        default: return a === b;
      }
    };
  });
}
