// Light or dark, and the colours that charts take from the style sheet.

const look = {
  chosen: null,
  colours: {},

  /** Follows the system until somebody chooses. */
  apply() {
    const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    document.documentElement.dataset.look = this.chosen ?? system;
    const style = getComputedStyle(document.documentElement);
    for (const name of ["paper", "sheet", "ink", "soft", "line", "wash", "trial", "best", "pruned",
      "failed", "running", "model"]) {
      this.colours[name] = style.getPropertyValue("--" + name).trim();
    }
    this.colours.font = style.getPropertyValue("--sans").trim();
    const dark = document.documentElement.dataset.look === "dark";
    this.colours.scale = dark ? SCALE_ON_DARK : SCALE_ON_LIGHT;
    document.getElementById("look").textContent = dark ? "Light" : "Dark";
  },

  start(redraw) {
    const asked = /look=(light|dark)/.exec(location.hash);
    this.chosen = asked ? asked[1] : null;
    this.apply();
    document.getElementById("look").addEventListener("click", () => {
      this.chosen = document.documentElement.dataset.look === "dark" ? "light" : "dark";
      this.apply();
      redraw();
    });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      this.apply();
      redraw();
    });
  },
};

// From best to worst: the better, the further from the paper. One hue, told apart by lightness.
const SCALE_ON_LIGHT = ["#0b2748", "#1f4e7d", "#3f74a3", "#6f9cc0", "#a6c0d6", "#d3dfe9"];
const SCALE_ON_DARK = ["#eaf5ff", "#b3d6f3", "#7fb2dc", "#5286b0", "#355c7c", "#29425a"];
