// Ranked answers: what is said of somebody is sent at once, the list stays where it is; at most four are compared.

import { loadPart, sendForm, show } from "../parts.js";
import { toast } from "../toasts.js";

function main() {
  return document.getElementById("main");
}

/** Puts the present state of the page in place of the old one, with what is ticked and open left as it is. */
async function refresh() {
  const ticked = new Set([...document.querySelectorAll("input[name=compare]:checked")].map((box) => box.value));
  await loadPart(location.pathname + location.search, main());
  for (const box of document.querySelectorAll("input[name=compare]")) box.checked = ticked.has(box.value);
  count();
}

function focusOn(id) {
  const card = id && document.getElementById(id);
  const next = card?.querySelector(".result__state button, .result__state summary, .result__state a, h2 a");
  (next ?? document.querySelector("#results h2 a") ?? main()).focus({ preventScroll: Boolean(next) });
}

async function answer(form, submitter) {
  const card = form.closest(".result")?.id;
  submitter?.setAttribute("aria-busy", "true");
  try {
    const found = await sendForm(form, { submitter });
    if (!found.ok) {
      show(main(), found.html);
      main().querySelector("[role=alert]")?.scrollIntoView({ block: "center" });
      return;
    }
    await refresh();
    focusOn(card);
    if (found.notice) toast(found.notice, { onUndo: (undo) => answer(undo, null) });
  } finally {
    submitter?.removeAttribute("aria-busy");
  }
}

function count() {
  const bar = document.querySelector("[data-compare]");
  if (!bar) return;
  const most = Number(bar.dataset.compare);
  const boxes = [...document.querySelectorAll("input[name=compare]")];
  const n = boxes.filter((box) => box.checked).length;
  for (const box of boxes) box.disabled = !box.checked && n >= most;
  bar.querySelector("button").disabled = n < 2;
  bar.querySelector("[data-compare-count]").textContent =
    n === 0 ? `勾选 2 到 ${most} 个，并排比较` : n === 1 ? "已选 1 个，再选 1 个即可比较" : `已选 ${n} 个${n >= most ? "，最多" : ""}`;
}

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target.closest("form[data-answer]");
    if (!form) return;
    event.preventDefault();
    event.stopPropagation();
    answer(form, event.submitter);
  },
  true,
);
document.addEventListener("change", (event) => {
  if (event.target.matches("input[name=compare]")) count();
});
count();
