// Says what was done, at the bottom of the page, with a way to take it back.

import { token } from "./parts.js";

const SECONDS = 10;

function box() {
  return document.getElementById("toasts");
}

/** Shows a notice as the server gives it: `{text, tone, undo: {action, label, fields} | null}`. */
export function toast(notice, { onUndo = null } = {}) {
  const item = document.createElement("div");
  item.className = "toast";
  const text = document.createElement("span");
  text.textContent = notice.text;
  item.append(text);
  const tools = document.createElement("span");
  tools.className = "toast__tools";
  if (notice.undo) tools.append(undoForm(notice.undo, onUndo, item));
  tools.append(closeButton(item));
  item.append(tools);
  box().append(item);
  lingering(item);
  return item;
}

function undoForm(undo, onUndo, item) {
  const form = document.createElement("form");
  form.method = "post";
  form.action = undo.action;
  form.dataset.undo = "";
  for (const [name, value] of Object.entries({ csrf_token: token(), ...undo.fields })) {
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = name;
    field.value = value;
    form.append(field);
  }
  const button = document.createElement("button");
  button.className = "button";
  button.textContent = undo.label;
  form.append(button);
  if (onUndo) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      item.remove();
      onUndo(form);
    });
  }
  return form;
}

function closeButton(item) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.setAttribute("aria-label", "关闭提示");
  button.textContent = "×";
  button.addEventListener("click", () => item.remove());
  return button;
}

/** Goes by itself, but not while somebody points at it or is in it. */
function lingering(item) {
  let timer = 0;
  const start = () => {
    timer = setTimeout(() => item.remove(), SECONDS * 1000);
  };
  const stop = () => clearTimeout(timer);
  item.addEventListener("pointerenter", stop);
  item.addEventListener("focusin", stop);
  item.addEventListener("pointerleave", start);
  item.addEventListener("focusout", start);
  start();
}

/** The notice that came with the page. */
export function enliven() {
  for (const item of box()?.querySelectorAll(".toast") ?? []) {
    item.querySelector(".toast__tools")?.append(closeButton(item));
    lingering(item);
  }
}
