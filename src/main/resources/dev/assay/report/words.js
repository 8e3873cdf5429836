// Elements and numbers, as people read them. Text only ever enters the page as text nodes.

/** An element; attributes that are null are left out, children may be text, elements or null. */
function el(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (name.startsWith("on")) {
      element.addEventListener(name.slice(2), value);
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? "" : value);
    }
  }
  element.append(...children.flat(Infinity).filter(child => child !== null && child !== undefined));
  return element;
}

function trimZeros(text) {
  return text.includes(".") ? text.replace(/0+$/, "").replace(/\.$/, "") : text;
}

/** Four significant digits, as on the command line: 0.9812, 12340, 1.3e-5. */
function number(value, digits = 4) {
  if (value === null || value === undefined || Number.isNaN(value)) {
    return "–";
  }
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e15) {
    return String(value).replace("-", "−");
  }
  let text;
  if (size < 1e-4 || size >= 1e7) {
    const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
    text = trimZeros(mantissa) + "e" + Number(exponent);
  } else {
    text = trimZeros(value.toFixed(Math.max(0, digits - 1 - Math.floor(Math.log10(size)))));
  }
  return text.replaceAll("-", "−");
}

function duration(seconds) {
  if (seconds === null || seconds === undefined) {
    return "–";
  }
  const digits = x => trimZeros(x.toFixed(x < 10 ? 2 : x < 100 ? 1 : 0));
  const pair = (a, unit, b, subunit) => `${a} ${unit}` + (b ? ` ${b} ${subunit}` : "");
  if (seconds === 0) {
    return "0 s";
  }
  if (seconds < 0.9995e-3) {
    return `${Math.round(seconds * 1e6)} µs`;
  }
  if (seconds < 0.9995) {
    return digits(seconds * 1e3) + " ms";
  }
  if (seconds < 59.95) {
    return digits(seconds) + " s";
  }
  const s = Math.round(seconds);
  if (s < 3600) {
    return pair(Math.floor(s / 60), "min", s % 60, "s");
  }
  return s < 86400
    ? pair(Math.floor(s / 3600), "h", Math.floor((s % 3600) / 60), "min")
    : pair(Math.floor(s / 86400), "d", Math.floor((s % 86400) / 3600), "h");
}

function percent(share) {
  const p = 100 * share;
  return p > 0 && p < 0.1 ? "less than 0.1 %" : trimZeros(p.toFixed(p < 9.95 ? 1 : 0)) + " %";
}

/** 10,000: a thin space between groups of three. */
function count(n) {
  return String(n).replace(/\B(?=(\d{3})+$)/g, "\u202f");
}

function plural(n, one, many = one + "s") {
  return `${count(n)} ${n === 1 ? one : many}`;
}

function moment(millis) {
  return new Date(millis).toLocaleString(undefined, {dateStyle: "medium", timeStyle: "medium"});
}

/** What may have to be scrolled can be reached by keyboard. */
function reachable(text) {
  return typeof text === "string" && text.length > 100 ? "0" : null;
}

/** A text that fits: 24 characters for an axis, 200 for a tooltip. */
function cut(text, longest) {
  const characters = text.length > longest ? Array.from(text.slice(0, 2 * longest)) : [];
  return characters.length > longest ? characters.slice(0, longest - 1).join("") + "…" : text;
}
