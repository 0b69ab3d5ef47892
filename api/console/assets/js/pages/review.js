// The desk without page loads: the next case is there before it is asked for, a decision is sent while one reads on.
// Every button is a form that works without any of this.

import { fetchAhead, open, openId, pane, walkButtons } from "./review/cases.js";
import { decide, isSending } from "./review/deciding.js";
import { countPicked, queue } from "./review/lines.js";
import { decideMany, openBulk } from "./review/several.js";

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
    if (isSending()) event.preventDefault();
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
