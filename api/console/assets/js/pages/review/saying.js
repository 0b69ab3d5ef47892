// What was done, with the way back under one key.

import { toast } from "../../toasts.js";

/** Says what is being done before it is acknowledged, so that U takes back what was done last and nothing else. */
export function say(notice, onUndo) {
  for (const old of document.querySelectorAll("#toasts .toast")) old.remove();
  const undo = { action: "", label: "撤销", fields: {} };
  const item = toast({ ...notice, undo }, { onUndo });
  const button = item.querySelector("form[data-undo] button");
  button.dataset.key = "u";
  const cap = document.createElement("kbd");
  cap.setAttribute("aria-hidden", "true");
  cap.textContent = "U";
  button.append(" ", cap);
  return item;
}

/** The sentence with which a page says what stands in the way. */
export function problemIn(html) {
  const holder = document.createElement("div");
  holder.innerHTML = html;
  return (holder.querySelector(".notice--bad p") ?? holder.querySelector("p"))?.textContent ?? "";
}
