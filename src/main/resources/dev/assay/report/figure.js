// What all figures share: a frame with title, caption and controls, and the drawing of a chart.
//
// A figure is an object:
//   id, title, section   which container it stands in
//   wide                 over the whole width: a boolean, or wide(study)
//   height(study, width, chosen)   of the chart, in pixels
//   applies(study)       false: it has no place on this page; left out: always
//   missing(study)       a sentence that stands in for the chart where there is nothing to draw
//   controls(study)      [{key, label, options: [[value, text]...], value} or {key, label, value: bool}]
//   caption(study, chosen), chart(study, chosen, width)   a sentence, and an ECharts option
// chosen: what the controls say, by key.

const figures = {
  all: [],
  chosen: {},
  charts: new Map(),
  errors: [],

  add(figure) {
    this.all.push(figure);
  },

  /** Frames for all figures at once; charts one by one, so that the page stays responsive. */
  show(study, done) {
    this.charts.forEach(chart => chart.dispose());
    this.charts.clear();
    document.querySelectorAll(".figures").forEach(box => box.replaceChildren());
    const shown = this.all.filter(figure => figure.applies?.(study) ?? true);
    this.shownIds = this.identity(shown, study);
    shown.forEach(figure => this.frame(figure, study));
    const next = () => {
      const figure = shown.shift();
      if (figure) {
        this.draw(figure, study);
        setTimeout(next, 0);
      } else {
        done();
      }
    };
    next();
  },

  /** Which figures there are, and which of them have something to draw. */
  identity(shown, study) {
    return shown.map(figure => `${figure.id} ${Boolean(figure.missing?.(study))}`).join();
  },

  /** The same with newer data: frames stay, and only charts in sight are drawn at once. */
  update(study, done) {
    const shown = this.all.filter(figure => figure.applies?.(study) ?? true);
    if (this.shownIds !== this.identity(shown, study)) {
      this.show(study, done);
      return;
    }
    this.stale = new Set(shown);
    this.latest = study;
    this.observer ??= new IntersectionObserver(entries => entries.forEach(entry => {
      const figure = this.all.find(one => one.id === entry.target.id);
      entry.target.dataset.seen = entry.isIntersecting;
      if (entry.isIntersecting && this.stale.delete(figure)) {
        this.draw(figure, this.latest);
      }
    }), {rootMargin: "200px"});
    shown.forEach(figure => {
      const frame = document.getElementById(figure.id);
      this.observer.observe(frame);
      if (frame.dataset.seen === "true" && this.stale.delete(figure)) {
        this.draw(figure, study);
      }
    });
    done();
  },

  frame(figure, study) {
    const controls = el("div", {class: "controls"});
    document.querySelector(`#${figure.section} .figures`).append(
      el("figure", {id: figure.id, class: (typeof figure.wide === "function" ? figure.wide(study) : figure.wide) ? "wide" : null, "aria-labelledby": figure.id + "-title"},
        el("header", {},
          el("h3", {id: figure.id + "-title"}, figure.title),
          controls,
          el("figcaption", {})),
        el("div", {class: "body"})));
    if (!figure.missing?.(study)) {
      this.control(figure, study, controls);
    }
  },

  control(figure, study, box) {
    const chosen = (this.chosen[figure.id] ??= {});
    for (const control of figure.controls?.(study) ?? []) {
      chosen[control.key] ??= control.value;
      const changed = value => {
        chosen[control.key] = value;
        this.draw(figure, study);
      };
      box.append(control.options
        ? el("label", {}, control.label,
          el("select", {onchange: event => changed(event.target.value)},
            control.options.map(([value, text]) =>
              el("option", {value, selected: String(chosen[control.key]) === String(value)}, cut(text, 40)))))
        : el("label", {},
          el("input", {type: "checkbox", checked: chosen[control.key],
            onchange: event => changed(event.target.checked)}), control.label));
    }
  },

  draw(figure, study) {
    const frame = document.getElementById(figure.id);
    const body = frame.querySelector(".body");
    const chosen = this.chosen[figure.id] ?? {};
    const missing = figure.missing?.(study) ?? (window.echarts ? null : NO_CHARTS);
    if (missing) {
      body.replaceChildren(el("p", {class: "nothing"}, missing));
      return;
    }
    const caption = figure.caption?.(study, chosen) ?? "";
    frame.querySelector("figcaption").textContent = caption;
    const before = this.charts.get(figure.id);
    const height = figure.height?.(study, body.clientWidth, chosen) ?? 320;
    if (before && before.getWidth() === body.clientWidth && before.getHeight() === height) {
      // A new chart would flicker, and let go of what the mouse is at.
      before.getDom().setAttribute("aria-label", `${figure.title}. ${caption}`);
      this.fill(before, figure, study, chosen, body.clientWidth);
      return;
    }
    before?.dispose();
    const box = el("div", {class: "chart", role: "img", "aria-label": `${figure.title}. ${caption}`,
      style: `height: ${height}px`});
    body.replaceChildren(box);
    try {
      const chart = echarts.init(box, null, {renderer: "canvas"});
      this.charts.set(figure.id, chart);
      this.fill(chart, figure, study, chosen, body.clientWidth);
    } catch (error) {
      this.errors.push(`${figure.id}: ${error.message}`);
      body.replaceChildren(el("p", {class: "nothing"}, "This chart could not be drawn: " + error.message));
    }
  },

  fill(chart, figure, study, chosen, width) {
    chart.setOption(complete(figure.chart(study, chosen, width), chart.getDom()), true);
    chart.off("click");
    chart.on("click", event => {
      const row = event.data?.row ?? event.data?.[ROW];
      if (Number.isInteger(row)) {
        showTrial(study, row);
      }
    });
  },

  resize(study) {
    for (const figure of this.all) {
      const chart = this.charts.get(figure.id);
      const width = chart?.getDom().clientWidth;
      if (chart && width !== chart.getWidth()) {
        this.draw(figure, study);
      }
    }
  },
};

const NO_CHARTS = "Charts need ECharts beside Assay: put org.webjars:echarts on the class path and write the report again.";

/** In data arrays [x, y, row, ...]. */
const ROW = 2;

/** The parts of an option that are the same for every chart. */
function complete(option, box) {
  const c = look.colours;
  const axis = {
    axisLine: {onZero: false, lineStyle: {color: c.line}},
    axisTick: {show: false},
    axisLabel: {color: c.soft, fontSize: 12},
    nameTextStyle: {color: c.soft, fontSize: 12},
    splitLine: {lineStyle: {color: c.line, width: 1}},
  };
  const merged = {animation: false, backgroundColor: "transparent", textStyle: {fontFamily: c.font},
    grid: {left: 12, right: 20, top: 36, bottom: 34, containLabel: true}, ...option};
  for (const key of ["xAxis", "yAxis"]) {
    if (merged[key]) {
      merged[key] = [merged[key]].flat().map(one => deep(axis, one));
    }
  }
  merged.legend &&= {top: 0, left: 0, itemHeight: 10, itemWidth: 14, itemGap: 16, textStyle: {color: c.soft, fontSize: 12},
    inactiveColor: c.line, ...merged.legend};
  merged.tooltip &&= {confine: true, backgroundColor: c.sheet, borderColor: c.line, padding: [8, 12],
    textStyle: {color: c.ink, fontSize: 13}, transitionDuration: 0, appendTo: box, ...merged.tooltip};
  return merged;
}

function deep(base, over) {
  const result = {...base};
  for (const [key, value] of Object.entries(over)) {
    const plain = value && typeof value === "object" && !Array.isArray(value);
    result[key] = plain && result[key] ? deep(result[key], value) : value;
  }
  return result;
}

/** Names of axes stand at their ends, so that they take no width. */
function xName(name) {
  return {name: cut(name, 60), nameLocation: "middle", nameGap: 28};
}

function yName(name) {
  return {name: cut(name, 40), nameLocation: "end", nameGap: 14, nameTextStyle: {align: "left"}};
}

/** The tooltip of a trial: an element, not markup. */
function tip(study, row) {
  const values = study.objectives.map((objective, k) =>
    el("span", {}, `${cut(objective.metric, 60)}: ${number(study.value(row, k), 6)}`));
  const parameters = study.axes.filter(axis => study.code(row, axis.p) !== null);
  return el("div", {class: "tip"},
    el("b", {}, `Trial ${study.id(row)}`, study.state(row) === "complete" ? "" : `, ${study.state(row)}`,
      study.confirms.has(row) ? `, confirms trial ${study.confirms.get(row)}` : ""),
    study.state(row) === "complete" ? values : [],
    parameters.slice(0, 8).map(axis =>
      el("span", {class: "soft"}, `${cut(axis.name, 60)}: ${cut(study.text(row, axis.p), 100)}`)),
    parameters.length > 8 ? el("span", {class: "soft"}, `and ${parameters.length - 8} more`) : null);
}

/** For items whose data carry their row. */
function trialTooltip(study) {
  return {
    trigger: "item",
    formatter: event => {
      const row = event.data?.row ?? event.data?.[ROW];
      return Number.isInteger(row) ? tip(study, row) : "";
    },
  };
}

/** A control that chooses one of several objectives; none where there is one only. */
function objectiveControl(study) {
  return study.objectives.length < 2 ? [] : [{
    key: "objective", label: "of", value: 0,
    options: study.objectives.map((objective, k) => [k, objective.metric]),
  }];
}

const noneComplete = study =>
  study.complete.length ? null : study.size ? "No trial is complete yet." : "There are no trials yet.";

const boundsInWords = study => cut(study.bounds.join(" and "), 200);

const noneFeasible = study =>
  study.feasible.length ? null : `None of ${plural(study.complete.length, "completed trial")} keeps ${boundsInWords(study)}.`;

/** Colours points by how good they are: the value in dimension `dimension`, best first. */
function goodness(study, k, values, dimension) {
  const c = look.colours;
  const low = Math.min(...values);
  const high = Math.max(...values);
  return {
    type: "continuous", dimension, min: low, max: high > low ? high : low + 1, calculable: false,
    inRange: {color: study.objectives[k].maximize ? [...c.scale].reverse() : c.scale},
    orient: "horizontal", right: 8, top: 0, itemWidth: 10, itemHeight: 90,
    text: study.objectives[k].maximize ? ["best", ""] : ["", "best"],
    textStyle: {color: c.soft, fontSize: 12}, formatter: value => number(value),
  };
}
