// What every page has: keys, notices, menus that close, buttons that are pressed once, colours that switch at once.

import { listen } from "./keys.js";
import { enliven } from "./toasts.js";

function closeMenus() {
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
}

/** A form is sent once, however often its button is pressed; a page that comes back from the cache is fresh. */
function sendOnce() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    event.submitter?.setAttribute("aria-busy", "true");
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
    for (const button of document.querySelectorAll("button[aria-busy]")) button.removeAttribute("aria-busy");
  });
}

/** Selects that are a question by themselves are asked as soon as they change. */
function askAtOnce() {
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-ask] select, [data-ask] input[type=checkbox], [data-ask] input[type=radio]")) {
      event.target.form.requestSubmit();
    }
  });
}

/** Ticks or clears all boxes of a table. */
function tickAll() {
  document.addEventListener("change", (event) => {
    const all = event.target.closest("[data-tick-all]");
    if (!all) return;
    for (const box of document.querySelectorAll(`input[name="${CSS.escape(all.dataset.tickAll)}"]`)) {
      box.checked = all.checked;
    }
  });
}

/** On a narrow screen the tab one is on is in sight. */
function showTab() {
  for (const tab of document.querySelectorAll(".tabs [aria-current]")) {
    const box = tab.parentElement;
    box.scrollLeft = tab.offsetLeft - box.offsetLeft - (box.clientWidth - tab.offsetWidth) / 2;
  }
}

function switchTheme() {
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-theme-form]");
    if (!form || event.defaultPrevented) return;
    event.preventDefault();
    const data = new FormData(form, event.submitter);
    document.documentElement.dataset.theme = data.get("theme");
    for (const button of form.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(button === event.submitter));
    }
    document.dispatchEvent(new CustomEvent("console:theme"));
    fetch(form.action, { method: "POST", body: data, credentials: "same-origin", redirect: "manual" });
  }, true);
}

document.documentElement.dataset.scripts = "on";
switchTheme();
sendOnce();
closeMenus();
askAtOnce();
tickAll();
showTab();
listen();
enliven();
