// The desk without page loads: the next case is there before it is asked for, a decision is sent while one reads on.
// Every button is a form that works without any of this.

import { fetchPart, send, show, token } from "../parts.js";
import { toast } from "../toasts.js";

const AHEAD = 2;
const FRESH_MS = 60_000;

const queue = document.getElementById("queue");
const pane = document.getElementById("case");
const cases = new Map();
const notes = new Map();
let sending = Promise.resolve();
let pending = 0;

/* Lines */

function lines() {
  return [...queue.querySelectorAll(".line")];
}

function lineOf(id) {
  return lines().find((line) => line.dataset.case === id) ?? null;
}

function openId() {
  return pane.querySelector(".case")?.dataset.case ?? "";
}

function isDone(line) {
  return line.classList.contains("line--done");
}

/** The next line on which nobody has decided yet, from the open one on, and from the top where there is none. */
function nextAfter(id) {
  const all = lines();
  const place = all.findIndex((line) => line.dataset.case === id);
  return all.slice(place + 1).find((line) => !isDone(line)) ?? all.find((line) => !isDone(line)) ?? null;
}

function beside(id, by) {
  const all = lines();
  return all[all.findIndex((line) => line.dataset.case === id) + by] ?? null;
}

/* Addresses */

function addressOf(path, changes) {
  const url = new URL(path, location.href);
  for (const [name, value] of new URLSearchParams(location.search)) url.searchParams.set(name, value);
  for (const [name, value] of Object.entries(changes)) {
    if (value) url.searchParams.set(name, value);
    else url.searchParams.delete(name);
  }
  return url;
}

/* Cases: fetched once, kept for a minute, forgotten when something is done to them. */

function fetchCase(id) {
  const kept = cases.get(id);
  if (kept && performance.now() - kept.at < FRESH_MS) return kept.part;
  const part = fetchPart(addressOf("/console/review/case", { case: id }));
  cases.set(id, { at: performance.now(), part });
  part.then(() => lineOf(id)?.setAttribute("data-ahead", "")).catch(() => forget(id));
  return part;
}

/** What something was done to is fetched anew. */
function forget(id) {
  cases.delete(id);
  lineOf(id)?.removeAttribute("data-ahead");
}

function fetchAhead(id) {
  let line = lineOf(id);
  for (let n = 0; n < AHEAD && line; n += 1) {
    line = nextAfter(line.dataset.case);
    if (line) fetchCase(line.dataset.case).catch(() => {});
  }
  const before = beside(id, -1);
  if (before) fetchCase(before.dataset.case).catch(() => {});
}

async function open(id, { focus = true, html = null } = {}) {
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

function currentId() {
  return queue.querySelector(".line__open[aria-current]")?.closest(".line").dataset.case ?? "";
}

/** The line that is open: its box is what X ticks. */
function mark(id) {
  for (const link of queue.querySelectorAll(".line__open[aria-current]")) link.removeAttribute("aria-current");
  for (const box of queue.querySelectorAll(".line__pick[data-key]")) delete box.dataset.key;
  const line = lineOf(id);
  if (!line) return;
  line.querySelector(".line__open").setAttribute("aria-current", "true");
  const box = line.querySelector(".line__pick");
  if (box) Object.assign(box.dataset, { key: "x", keyLabel: "选中当前一条" });
  line.scrollIntoView({ block: "nearest" });
}

/** A case that was fetched by itself knows no neighbours: the queue does. */
function walkButtons(id) {
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

/* More of the queue, before its end is reached. */

let loading = null;

function loadMore() {
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
      queue.dataset.more = list?.dataset.more ?? "";
      const known = new Set(lines().map((line) => line.dataset.case));
      for (const item of [...(list?.children ?? [])]) {
        if (!known.has(item.dataset.case)) queue.append(item);
      }
      walkButtons(openId());
    })
    .catch(() => {})
    .finally(() => {
      loading = null;
    });
  return loading;
}

/* Deciding */

function setDone(line, text, { wrong = false } = {}) {
  line.classList.add("line--done");
  line.classList.toggle("line--wrong", wrong);
  const done = line.querySelector(".line__done");
  done.textContent = text;
  done.hidden = false;
  const box = line.querySelector(".line__pick");
  if (box) Object.assign(box, { checked: false, disabled: true });
  countPicked();
}

function setUndone(line) {
  line.classList.remove("line--done", "line--wrong");
  line.querySelector(".line__done").hidden = true;
  const box = line.querySelector(".line__pick");
  if (box) box.disabled = false;
}

/** How many the view still holds, where the figure is exact. */
function count(by) {
  const badge = document.querySelector("[data-count]");
  const n = Number(badge?.textContent.replace(/,/g, ""));
  if (badge && Number.isInteger(n)) badge.textContent = Math.max(0, n + by).toLocaleString("en-US");
}

/** One thing after the other, so that taking back never overtakes what it takes back. */
function inTurn(work) {
  sending = sending.then(work, work);
  return sending;
}

async function decide(form, submitter) {
  const id = form.elements.case.value;
  const line = lineOf(id);
  const data = new FormData(form, submitter);
  const action = submitter.getAttribute("formaction") ?? form.action;
  if ("needsNote" in submitter.dataset && !data.get("note").trim()) {
    form.elements.note.focus();
    form.elements.note.setAttribute("aria-invalid", "true");
    toast({ text: "请先在备注中写明改了什么，再点一次。" });
    return;
  }
  const stays = "stay" in submitter.dataset;
  forget(id);
  form.elements.note?.replaceChildren();
  if (form.elements.note) form.elements.note.value = "";
  notes.delete(id);
  pending += 1;
  if (line && !stays) setDone(line, submitter.dataset.done ?? "");
  const sent = inTurn(() => send(action, data));
  const name = pane.querySelector("#case-title")?.textContent ?? "";
  const said = stays ? null : say({ text: `${submitter.dataset.done}：${name}` }, sent, [id]);
  if (!stays) await goOn(id);
  try {
    const answer = await sent;
    if (!answer.ok) {
      said?.remove();
      await comeBack(id, answer.html);
    } else if (answer.notice?.tone === "bad") {
      said?.remove();
      if (line) setDone(line, "没有执行，已有变化", { wrong: true });
      toast(answer.notice);
      if (stays) await goOn(id);
    } else if (stays) {
      say(answer.notice, sent, [id]);
      await open(id);
    } else {
      count(-1);
      if (said.isConnected) said.querySelector("span").textContent = answer.notice.text;
    }
  } catch (error) {
    said?.remove();
    if (error.name !== "AbortError") await comeBack(id, null, data.get("note"));
  } finally {
    pending -= 1;
  }
}

/** The next case, at once; where none is left, where else to go. What was decided last can still be taken back. */
async function goOn(id) {
  let line = nextAfter(id);
  if (!line && queue.dataset.more) {
    await loadMore();
    line = nextAfter(id);
  }
  if (line) {
    await open(line.dataset.case);
    return;
  }
  const done = document.getElementById("all-done");
  pane.replaceChildren(done.content.cloneNode(true));
  pane.focus();
  for (const link of queue.querySelectorAll(".line__open[aria-current]")) link.removeAttribute("aria-current");
}

/** What could not be done is shown again with what was typed. */
async function comeBack(id, html, note = "") {
  const line = lineOf(id);
  if (line) setUndone(line);
  if (note) notes.set(id, note);
  await open(id, { html });
  if (html !== null) return;
  toast({ text: "没有连上服务器，这一条的决定没有保存，已回到这一条。请检查网络后再决定。" });
}

/**
 * Says what is being done before it is acknowledged, so that U takes back what was done last and nothing else.
 * `sent` is the answer on its way, whose notice knows how.
 */
function say(notice, sent, ids) {
  for (const old of document.querySelectorAll("#toasts .toast")) old.remove();
  const undo = { action: "", label: "撤销", fields: {} };
  const item = toast({ ...notice, undo }, { onUndo: () => inTurn(() => takeBack(sent, ids)) });
  const button = item.querySelector("form[data-undo] button");
  button.dataset.key = "u";
  const cap = document.createElement("kbd");
  cap.setAttribute("aria-hidden", "true");
  cap.textContent = "U";
  button.append(" ", cap);
  return item;
}

async function takeBack(sent, ids) {
  const undo = (await sent.catch(() => null))?.notice?.undo;
  if (!undo) return; // It was not done, which has been said.
  const data = new FormData();
  data.set("csrf_token", token());
  for (const [name, value] of Object.entries(undo.fields)) data.set(name, value);
  const answer = await send(undo.action, data);
  if (!answer.ok) {
    toast({ text: problemIn(answer.html) || "无法撤销。请刷新页面后再看。" });
    return;
  }
  for (const id of ids) {
    forget(id);
    const line = lineOf(id);
    if (line) setUndone(line);
  }
  count(ids.length);
  toast(answer.notice);
  await open(ids[0]);
}

/* Several at once */

function picked() {
  return [...queue.querySelectorAll(".line__pick:checked")];
}

function countPicked() {
  const n = picked().length;
  for (const place of document.querySelectorAll("[data-n-picked]")) place.textContent = n ? ` ${n} 条` : "";
}

/** In a dialog of its own, so that its keys are the only ones. */
function openBulk(bulk) {
  const panel = bulk.querySelector("[data-bulk-panel]");
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-labelledby", "bulk-title");
  dialog.append(panel);
  const close = document.createElement("button");
  close.type = "button";
  close.className = "button bulk__close";
  close.textContent = "取消 Esc";
  close.addEventListener("click", () => dialog.close());
  dialog.append(close);
  dialog.addEventListener("close", () => {
    bulk.append(panel);
    dialog.remove();
  });
  bulk.after(dialog);
  dialog.showModal();
}

async function decideMany(form, submitter) {
  const boxes = picked();
  if (!boxes.length) {
    toast({ text: "还没有选中任何一条。请先用 X 或方框选中。" });
    return;
  }
  const ids = boxes.map((box) => box.closest(".line").dataset.case);
  const data = new FormData(form, submitter);
  form.querySelector("dialog")?.close();
  const sent = inTurn(() => send(form.action, data));
  let answer;
  try {
    answer = await sent;
  } catch (error) {
    if (error.name !== "AbortError") toast({ text: "没有连上服务器，没有处理任何一条。请检查网络后再试。" });
    return;
  }
  if (!answer.ok) {
    toast({ text: problemIn(answer.html) || "无法处理选中的条目。请刷新页面后再试。" });
    return;
  }
  for (const id of ids) {
    forget(id);
    setDone(lineOf(id), submitter.dataset.done ?? "");
  }
  form.elements["bulk-note"].value = "";
  count(-ids.length);
  say(answer.notice, sent, ids);
  if (ids.includes(openId())) await goOn(openId());
}

/** The sentence with which a page says what stands in the way. */
function problemIn(html) {
  const holder = document.createElement("div");
  holder.innerHTML = html;
  return (holder.querySelector(".notice--bad p") ?? holder.querySelector("p"))?.textContent ?? "";
}

/* Listening */

function listen() {
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const link = event.target.closest(".line__open, [data-walk]");
    if (!link) return;
    event.preventDefault();
    open(link.closest(".line")?.dataset.case ?? link.dataset.walk);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !event.submitter) return;
    // Sent before this script was there: the page is on its way out.
    if (form.dataset.sent) return;
    if (form.matches("[data-decide]")) {
      event.preventDefault();
      decide(form, event.submitter);
    } else if (form.matches("[data-bulk]")) {
      event.preventDefault();
      decideMany(form, event.submitter);
    }
  }, true);
  document.addEventListener("change", (event) => {
    if (event.target.matches(".line__pick, [data-pick-all]")) setTimeout(countPicked);
  });
  document.addEventListener("keydown", closeReasons);
  document.addEventListener("keydown", sendFromNote);
  document.addEventListener("toggle", focusReasons, true);
  window.addEventListener("beforeunload", (event) => {
    if (pending) event.preventDefault();
  });
  const bulk = document.querySelector(".bulk");
  bulk?.querySelector("summary").addEventListener("click", (event) => {
    event.preventDefault();
    openBulk(bulk);
  });
}

/** Esc closes the reasons, wherever the focus is. */
function closeReasons(event) {
  if (event.key !== "Escape") return;
  for (const menu of pane.querySelectorAll("details.reasons-menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
}

/** Who has written a note decides without leaving it. */
function sendFromNote(event) {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.target.name !== "note") return;
  event.preventDefault();
  event.target.form.querySelector(".button--primary")?.click();
}

function focusReasons(event) {
  if (event.target.matches?.("details.reasons-menu[open]")) event.target.querySelector("button").focus();
}

if (queue && pane) {
  document.querySelector("[data-pages]")?.remove();
  const first = openId();
  if (first) walkButtons(first);
  countPicked();
  listen();
  fetchAhead(first);
}
