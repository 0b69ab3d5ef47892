// The case on the right: fetched before it is asked for, kept for a minute, shown at once.

import { fetchPart, show } from "../../parts.js";
import { toast } from "../../toasts.js";
import { addLines, beside, currentId, lineOf, mark, nextAfter, queue } from "./lines.js";

const AHEAD = 2;
const FRESH_MS = 60_000;

export const pane = document.getElementById("case");
const cases = new Map();
const notes = new Map();
let loading = null;

export function openId() {
  return pane.querySelector(".case")?.dataset.case ?? "";
}

function addressOf(path, changes) {
  const url = new URL(path, location.href);
  for (const [name, value] of new URLSearchParams(location.search)) url.searchParams.set(name, value);
  for (const [name, value] of Object.entries(changes)) {
    if (value) url.searchParams.set(name, value);
    else url.searchParams.delete(name);
  }
  return url;
}

function fetchCase(id) {
  const kept = cases.get(id);
  if (kept && performance.now() - kept.at < FRESH_MS) return kept.part;
  const part = fetchPart(addressOf("/console/review/case", { case: id }));
  cases.set(id, { at: performance.now(), part });
  part.then(() => lineOf(id)?.setAttribute("data-ahead", "")).catch(() => forget(id));
  return part;
}

/** What something was done to is fetched anew. */
export function forget(id) {
  cases.delete(id);
  lineOf(id)?.removeAttribute("data-ahead");
}

export function fetchAhead(id) {
  let line = lineOf(id);
  for (let n = 0; n < AHEAD && line; n += 1) {
    line = nextAfter(line.dataset.case);
    if (line) fetchCase(line.dataset.case).catch(() => {});
  }
  const before = beside(id, -1);
  if (before) fetchCase(before.dataset.case).catch(() => {});
}

export async function open(id, { focus = true, html = null } = {}) {
  const began = performance.now();
  keepNote();
  mark(id);
  if (html === null) {
    const waiting = setTimeout(() => pane.setAttribute("aria-busy", "true"), 150);
    try {
      ({ html } = await fetchCase(id));
    } catch (error) {
      if (error.name !== "AbortError") toast({ text: "没有连上服务器，这一条没有打开。请检查网络后再试。" });
      return;
    } finally {
      clearTimeout(waiting);
      pane.removeAttribute("aria-busy");
    }
    if (currentId() !== id) return; // Somebody quicker than the network has gone on.
  }
  show(pane, html);
  walkButtons(id);
  if (notes.has(id)) noteField()?.replaceChildren(notes.get(id));
  pane.scrollTop = 0;
  if (focus) pane.querySelector("#case-title")?.focus({ preventScroll: true });
  history.replaceState(null, "", addressOf(location.pathname, { case: id }));
  pane.dataset.shownMs = (performance.now() - began).toFixed(1);
  document.dispatchEvent(new CustomEvent("review:shown", { detail: { id } }));
  fetchAhead(id);
  if (!beside(id, 5)) loadMore();
}

function noteField() {
  return pane.querySelector("[data-decide] [name=note]");
}

/** What was typed on a case waits there until one comes back. */
function keepNote() {
  const text = noteField()?.value ?? "";
  if (text.trim()) notes.set(openId(), text);
  else notes.delete(openId());
}

/** A case that was fetched by itself knows no neighbours: the queue does. */
export function walkButtons(id) {
  const nav = pane.querySelector(".case__walk");
  if (!nav) return;
  nav.replaceChildren();
  for (const [by, key, text] of [
    [-1, "k", "上一条"],
    [1, "j", "下一条"],
  ]) {
    const line = beside(id, by);
    if (!line) continue;
    const link = document.createElement("a");
    link.className = "button button--small";
    link.href = line.querySelector(".line__open").href;
    link.dataset.key = key;
    link.dataset.walk = line.dataset.case;
    const cap = document.createElement("kbd");
    cap.setAttribute("aria-hidden", "true");
    cap.textContent = key.toUpperCase();
    link.append(`${text} `, cap);
    nav.append(link);
  }
  const next = pane.querySelector("[data-decide] [name=next]");
  if (next) next.value = nextAfter(id)?.dataset.case ?? "";
}

export function loadMore() {
  const more = queue.dataset.more;
  if (!more || loading) return loading;
  const url = new URL(more, location.href);
  url.pathname = "/console/review/queue";
  const sources = queue.querySelectorAll("[data-source]");
  if (sources.length) url.searchParams.set("before", sources[sources.length - 1].dataset.source);
  loading = fetchPart(url)
    .then(({ html }) => {
      const holder = document.createElement("div");
      holder.innerHTML = html;
      const list = holder.querySelector(".lines");
      if (list) addLines(list);
      walkButtons(openId());
    })
    .catch(() => {})
    .finally(() => {
      loading = null;
    });
  return loading;
}

/** Keeps or forgets the note of a case without looking at its field. */
export function setNote(id, text) {
  if (text) notes.set(id, text);
  else notes.delete(id);
}
