// Several lines at once, in a dialog of its own.

import { send } from "../../parts.js";
import { toast } from "../../toasts.js";
import { forget, openId } from "./cases.js";
import { goOn, inTurn, undoing } from "./deciding.js";
import { count, lineOf, picked, setDone } from "./lines.js";
import { problemIn, say } from "./saying.js";

/** In a dialog of its own, so that its keys are the only ones. */
export function openBulk(bulk) {
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

/** Sends one decision for all that is picked: all of them or none. */
export async function decideMany(form, submitter) {
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
  say(answer.notice, () => undoing(sent, ids));
  if (ids.includes(openId())) await goOn(openId());
}
