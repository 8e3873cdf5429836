// Draws the page from its data. Whoever has newer data calls assay.show(data) again; what people
// have chosen, sorted and filtered stays.

const assay = {
  /** Of a study that somebody runs, as a dashboard knows: running, paused, stopping; otherwise null. */
  state: null,
  table: new TrialsTable(document.getElementById("trials-table")),

  show(data) {
    this.data = data;
    this.study = new StudyData(data);
    document.title = `${this.study.name} · Assay`;
    showSummary(this.study);
    showFailures(this.study);
    showProvenance(this.study);
    this.table.show(this.study);
    this.draw();
  },

  /** Newer data of the same study: what is seen stays where it is. */
  update(data) {
    this.data = data;
    this.study = new StudyData(data);
    showSummary(this.study);
    showFailures(this.study);
    showProvenance(this.study);
    this.table.update(this.study);
    figures.update(this.study, () => this.drawn());
    this.sections();
  },

  drawn() {
    const status = document.getElementById("status");
    status.dataset.charts = figures.charts.size;
    status.dataset.errors = figures.errors.join("; ");
    status.dataset.trials = this.study.size;
  },

  draw() {
    figures.show(this.study, () => {
      this.drawn();
      document.getElementById("status").textContent = plural(figures.charts.size, "chart") + " drawn.";
    });
    this.sections();
  },

  /** Links to the sections that have something to show. */
  sections() {
    const links = [...document.querySelectorAll("main > section")].flatMap(section => {
      const box = section.querySelector(".figures");
      section.hidden = section.id === "failures" ? section.hidden : box !== null && !box.children.length;
      const title = section.querySelector("h2[id]")?.textContent ?? "Summary";
      return section.hidden ? [] : [el("li", {}, el("a", {href: "#" + section.id}, section.id === "summary" ? "Summary" : title))];
    });
    document.getElementById("sections").replaceChildren(...links);
  },
};

window.assay = assay;
look.start(() => {
  assay.draw();
  redrawTrialCharts();
});
let resized;
addEventListener("resize", () => {
  clearTimeout(resized);
  resized = setTimeout(() => {
    figures.resize(assay.study);
    redrawTrialCharts();
  }, 150);
});
assay.show(JSON.parse(document.getElementById("study-data").textContent));
