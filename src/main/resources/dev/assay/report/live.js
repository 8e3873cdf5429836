// Keeps a page up to date, and steers the study. Only in pages that a dashboard serves.

const live = {
  config: JSON.parse(document.getElementById("live-config").textContent),
  access: new URLSearchParams(location.search).get("token"),
  busy: false,
  again: false,

  /** @param path relative: a proxy may offer the dashboard below a path of its own. */
  address(path, more = {}) {
    const query = new URLSearchParams({name: this.config.study, ...more, ...(this.access ? {token: this.access} : {})});
    return `${path}?${query}`;
  },

  headers(more = {}) {
    return {...(this.access ? {Authorization: `Bearer ${this.access}`} : {}), ...more};
  },

  start() {
    document.getElementById("live").hidden = false;
    document.querySelector(".brand").replaceWith(el("a", {class: "brand", href: this.access ? `./?token=${encodeURIComponent(this.access)}` : "./"},
      el("span", {class: "mark", "aria-hidden": "true"}), "Assay"));
    const events = new EventSource(this.address("events"));
    events.addEventListener("changed", () => this.refresh());
    events.addEventListener("state", event => this.showState(JSON.parse(event.data)));
    setInterval(() => {
      document.getElementById("wall").textContent = spent(assay.study);
    }, 1000);
    events.onopen = () => this.say("");
    events.onerror = () => this.say("The dashboard does not answer; this is how things stood.");
  },

  say(text) {
    document.getElementById("live-message").textContent = text;
  },

  /** One fetch at a time; what changes meanwhile is fetched once more afterwards. */
  async refresh() {
    if (this.busy) {
      this.again = true;
      return;
    }
    this.busy = true;
    try {
      const since = assay.data.tag;
      const answer = await fetch(this.address("api/study", since ? {since} : {}), {headers: this.headers()});
      if (answer.ok) {
        const data = await answer.json();
        assay.update(data.since ? withIncrement(assay.data, data) : data);
      }
    } catch (error) {
      this.say("The dashboard does not answer; this is how things stood.");
    } finally {
      this.busy = false;
      if (this.again) {
        this.again = false;
        setTimeout(() => this.refresh(), 400);
      }
    }
  },

  showState({state, message, controls, workers}) {
    assay.state = state;
    const box = document.getElementById("live-state");
    box.textContent = state ?? "not running";
    box.className = "live-state " + (state ?? "ended");
    document.getElementById("live-controls").replaceChildren(...(controls && this.config.token ? this.buttons(state) : []));
    this.say(message ?? "");
    document.getElementById("live-workers").replaceChildren(...(workers.length > 1 || workers.some(worker => worker.state !== state) ? workers.map(worker => this.worker(worker)) : []));
  },

  /** One of the processes that have the study open: how each stands is shown where they are several. */
  worker({pid, host, here, state, since}) {
    const place = here ? "" : ` of ${host || "another machine or container"}`;
    const time = since ? `, since ${new Date(since).toLocaleTimeString()}` : "";
    return el("li", {}, el("span", {class: `live-state ${state ?? "ended"}`}, `process ${pid ?? "?"}${place}`),
      el("span", {class: "soft"}, `${state ?? "takes no commands"}${time}`));
  },

  buttons(state) {
    const button = (text, action) => el("button", {type: "button", onclick: action}, text);
    return [
      state === "paused" ? button("Resume", () => this.send({command: "resume"})) : button("Pause", () => this.send({command: "pause"})),
      button("Enqueue…", () => this.enqueue()),
      button("Stop", () => confirm("Stop the search? Trials under way go back to waiting; the same command goes on later.") && this.send({command: "stop"})),
    ];
  },

  async send(command) {
    const said = await this.post("control", command);
    if (said) {
      this.say(said);
    }
    return !said;
  },

  /** What is wrong, in words; null where it was done. */
  async post(path, body) {
    try {
      const answer = await fetch(this.address(path), {method: "POST", body: JSON.stringify(body),
        headers: this.headers({"X-Assay-Token": this.config.token, "Content-Type": "application/json"})});
      const {error} = await answer.json();
      return error ? `${error.what} ${error.value} ${error.mend}` : null;
    } catch (error) {
      return "The dashboard does not answer.";
    }
  },

  /** The answer to a question about a trial, or the words of what is wrong with it. */
  async ask(path, more) {
    try {
      const answer = await (await fetch(this.address(path, more), {headers: this.headers()})).json();
      return answer.error ? `${answer.error.what} ${answer.error.value} ${answer.error.mend}` : answer;
    } catch (error) {
      return "The dashboard does not answer.";
    }
  },

  /** A form with the best configuration to begin with. */
  enqueue() {
    const dialog = document.getElementById("trial");
    const text = el("textarea", {rows: 12, "aria-label": "Configuration as JSON", spellcheck: "false"}, JSON.stringify(assay.study.bestParams ?? {}, null, 2));
    const said = el("p", {class: "soft", role: "status"});
    const submit = async () => {
      try {
        const params = JSON.parse(text.value);
        if (await this.send({command: "enqueue", params})) {
          dialog.close();
        } else {
          said.textContent = document.getElementById("live-message").textContent;
        }
      } catch (error) {
        said.textContent = `This is not JSON: ${error.message}`;
      }
    };
    dialog.replaceChildren(el("div", {class: "inside"},
      el("header", {}, el("h2", {id: "trial-title"}, "Enqueue a configuration"), el("button", {type: "button", onclick: () => dialog.close()}, "Close")),
      el("p", {class: "soft"}, "It is tried before anything else is proposed. Parameters that are left out take their default."),
      text, el("p", {}, el("button", {type: "button", onclick: submit}, "Enqueue")), said));
    dialog.showModal();
  },
};

assay.live = live;
live.start();
