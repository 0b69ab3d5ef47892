// The guided form: advice while one types, indicators row by row, drafts kept on this machine.

import { send, show, fetchPart } from "../parts.js";
import { forget, forgetOthers, keep, recall } from "./needs-drafts.js";

const PAUSE_MS = 900;
const KEEP_MS = 1500;
const OWN = new Set(["csrf_token", "opened", "record_version", "need_id"]);

const form = document.querySelector("[data-need-form]");
if (form) enliven(form);

function enliven(form) {
  const key = form.dataset.draft;
  forgetOthers(key.split(":")[0]);
  const clean = content(form);
  rows(form);
  lists(form);
  const advice = advising(form);
  buttons(form, advice);
  drafts(form, key, clean, advice);
  jumps(form);
  if (form.elements.title.value || form.elements.description.value) advice.soon(0);
}

/** What was typed, as pairs; what the page itself adds is left out. */
function fields(form) {
  return [...new FormData(form)].filter(([name, value]) => !OWN.has(name) && typeof value === "string");
}

function content(form) {
  return JSON.stringify(fields(form));
}

function advising(form) {
  const panel = form.querySelector("[data-panel]");
  let timer = 0;
  let turn = 0;
  async function refresh() {
    const mine = ++turn;
    panel.setAttribute("aria-busy", "true");
    try {
      const answer = await send(form.dataset.advice, new FormData(form));
      if (mine !== turn) return;
      if (answer.status === 200 || answer.status === 422) replace(panel, answer.html);
      else if (answer.status === 503 || answer.status === 429) soon(3000);
    } catch {
      // Without a connection the advice stays as it is; what is typed is kept on this machine.
    } finally {
      if (mine === turn) panel.removeAttribute("aria-busy");
    }
  }
  function soon(ms = PAUSE_MS) {
    clearTimeout(timer);
    timer = setTimeout(refresh, ms);
  }
  form.addEventListener("input", () => soon());
  form.addEventListener("change", () => soon());
  return { soon };
}

/** New advice in the place of the old; what was unfolded stays so. */
function replace(panel, html) {
  const open = new Set([...panel.querySelectorAll("details[open][data-keep]")].map((fold) => fold.dataset.keep));
  const place = panel.closest(".side--sticky");
  const top = place?.scrollTop ?? 0;
  show(panel, html);
  for (const fold of panel.querySelectorAll("details[data-keep]")) fold.open = open.has(fold.dataset.keep);
  if (place) place.scrollTop = top;
}

function rows(form) {
  const list = form.querySelector("[data-indicators]");
  const pattern = document.querySelector("[data-indicator-row]");
  let n = list.children.length;
  function add(values = {}) {
    n += 1;
    const part = pattern.content.cloneNode(true);
    for (const element of part.querySelectorAll("[id], [for]")) {
      if (element.id) element.id = element.id.replace("-N", `-${n}`);
      if (element.htmlFor) {
        element.htmlFor = element.htmlFor.replace("-N", `-${n}`);
        element.textContent = element.textContent.replace("N", n);
      }
    }
    const row = part.firstElementChild;
    for (const [name, value] of Object.entries(values)) row.querySelector(`[name=indicator_${name}]`).value = value;
    list.append(part);
    return row;
  }
  form.addIndicator = (values) => {
    const free = [...list.children].find((row) => [...row.querySelectorAll("input")].every((input) => !input.value));
    const row = free ?? add();
    for (const [name, value] of Object.entries(values)) row.querySelector(`[name=indicator_${name}]`).value = value;
  };
  form.addIndicatorRow = add;
  form.indicatorRows = list;
}

/** Buttons that need no page of their own when scripts run. */
function buttons(form, advice) {
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.name === "more") {
      event.preventDefault();
      form.addIndicatorRow().querySelector("input").focus();
    } else if (button.name === "add_indicator") {
      event.preventDefault();
      // A range has two bounds, each an indicator of its own.
      for (const text of button.value.split("；")) {
        const [, name, comparator, value, unit] = /^(.*) ([≥≤<>=]) (\S+)(?: (.*))?$/.exec(text) ?? [];
        if (name) form.addIndicator({ name, comparator, value, unit: unit ?? "" });
      }
      changed(form);
      advice.soon(0);
    } else if (button.name === "take_summary") {
      event.preventDefault();
      form.elements.public_summary.value = button.value;
      changed(form);
      advice.soon(0);
      form.elements.public_summary.focus();
    } else if (button.dataset.adopt) {
      form.elements[button.dataset.adopt].value = button.dataset.value;
      button.closest(".theirs").remove();
      changed(form);
    } else if (button.hasAttribute("data-check")) {
      event.preventDefault();
      advice.soon(0);
      form.querySelector("#advice-h").scrollIntoView({ block: "nearest" });
    }
  });
  // Enter in a line checks instead of sending the form half filled in.
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("input:not([type=checkbox], [type=radio])") && !event.isComposing) {
      event.preventDefault();
      advice.soon(0);
    }
  });
}

function changed(form) {
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

function drafts(form, key, clean, advice) {
  const said = form.querySelector("[data-saved]");
  let timer = 0;
  let leaving = false;
  const isDirty = () => content(form) !== clean;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (!isDirty()) return;
      if (keep(key, form.dataset.version, fields(form))) {
        const now = new Date();
        said.textContent = `已暂存在本机 ${String(now.getHours()).padStart(2, "0")}:${String(now.getMinutes()).padStart(2, "0")}`;
      }
    }, KEEP_MS);
  });
  form.addEventListener("submit", (event) => {
    leaving = true;
    clearTimeout(timer);
    const stores = !event.submitter?.hasAttribute("formaction");
    if (isDirty()) keep(key, form.dataset.version, fields(form), { sent: stores });
  });
  window.addEventListener("beforeunload", (event) => {
    if (leaving || !isDirty()) return;
    keep(key, form.dataset.version, fields(form));
    event.preventDefault();
  });
  window.addEventListener("pageshow", () => {
    leaving = false;
  });
  offer(form, key, clean, advice);
}

/** Offers what was typed here before and never stored. */
function offer(form, key, clean, advice) {
  const draft = recall(key);
  const place = form.querySelector("[data-restore]");
  // After a form came back with something to look at, it holds what was typed already.
  if (!draft || document.querySelector("[role=alert]") || JSON.stringify(draft.fields) === clean) return;
  const at = new Date(draft.at);
  const text = document.createElement("p");
  text.textContent = `这台电脑上有 ${at.getMonth() + 1} 月 ${at.getDate()} 日 ${at.toTimeString().slice(0, 5)} 填写、尚未保存的内容。`;
  if (draft.version !== form.dataset.version) text.textContent += "此后需求又有改动，恢复后请核对。";
  const row = document.createElement("div");
  row.className = "row";
  row.append(
    plain("恢复填写", () => {
      restore(form, draft.fields);
      place.hidden = true;
      changed(form);
      advice.soon(0);
    }),
    plain("不要了", () => {
      forget(key);
      place.hidden = true;
    }),
  );
  place.replaceChildren(text, row);
  place.hidden = false;
}

function plain(text, act) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button--small";
  button.textContent = text;
  button.addEventListener("click", act);
  return button;
}

function restore(form, pairs) {
  const indicators = [];
  const seen = new Map();
  for (const [name, value] of pairs) {
    if (name.startsWith("indicator_")) {
      const part = name.slice("indicator_".length);
      if (part === "name") indicators.push({});
      indicators.at(-1)[part] = value;
    } else {
      seen.set(name, [...(seen.get(name) ?? []), value]);
    }
  }
  form.indicatorRows.replaceChildren();
  for (const row of indicators) form.addIndicatorRow(row);
  for (const element of form.elements) {
    if (!element.name || OWN.has(element.name) || element.name.startsWith("indicator_") || element.type === "submit") continue;
    const values = seen.get(element.name) ?? [];
    if (element.type === "checkbox" || element.type === "radio") element.checked = values.includes(element.value);
    else if (values.length) element.value = values[0];
  }
}

/** Names to choose from while one types. */
function lists(form) {
  form.elements.industry_chain?.setAttribute("list", "chains");
  const owner = form.elements.owner;
  const owners = document.getElementById("owners");
  if (!owner || !owners) return;
  owner.setAttribute("list", "owners");
  let timer = 0;
  owner.addEventListener("input", () => {
    clearTimeout(timer);
    const text = owner.value.trim();
    if (!text) return;
    timer = setTimeout(async () => {
      const found = await fetchPart(`${owners.dataset.owners}?text=${encodeURIComponent(text)}`);
      if (found.status === 200 && owner.value.trim() === text) show(owners, found.html);
    }, 250);
  });
}

/** A question leads to its field, and the field is ready to be typed in. */
function jumps(form) {
  form.addEventListener("click", (event) => {
    const link = event.target.closest("a.advice__jump");
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    field.scrollIntoView({ block: "center" });
    (field.matches("fieldset") ? field.querySelector("input, select") : field).focus({ preventScroll: true });
  });
}
