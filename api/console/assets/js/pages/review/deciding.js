// One decision: sent while the next case is looked at already, and shown again where it could not be done.

import { send, token } from "../../parts.js";
import { toast } from "../../toasts.js";
import { forget, loadMore, open, pane, setNote } from "./cases.js";
import { count, lineOf, nextAfter, queue, setDone, setUndone } from "./lines.js";
import { problemIn, say } from "./saying.js";

let sending = Promise.resolve();
let pending = 0;

/** One thing after the other, so that taking back never overtakes what it takes back. */
export function inTurn(work) {
  sending = sending.then(work, work);
  return sending;
}

/** Sends what a button says about the open case, and goes on without waiting for the answer. */
export async function decide(form, submitter) {
  const id = form.elements.case.value;
  const data = new FormData(form, submitter);
  if (lacksNote(form, submitter, data)) return;
  const stays = "stay" in submitter.dataset;
  const line = lineOf(id);
  forget(id);
  if (form.elements.note) form.elements.note.value = "";
  setNote(id, "");
  if (line && !stays) setDone(line, submitter.dataset.done ?? "");
  pending += 1;
  const sent = inTurn(() => send(submitter.getAttribute("formaction") ?? form.action, data));
  const name = pane.querySelector("#case-title")?.textContent ?? "";
  const said = stays ? null : say({ text: `${submitter.dataset.done}：${name}` }, () => undoing(sent, [id]));
  if (!stays) await goOn(id);
  try {
    await hear(await sent, { id, line, sent, said, stays });
  } catch (error) {
    said?.remove();
    if (error.name !== "AbortError") await comeBack(id, null, data.get("note"));
  } finally {
    pending -= 1;
  }
}

/** Some steps need a word; where it is missing, the field is where one goes on. */
function lacksNote(form, submitter, data) {
  if (!("needsNote" in submitter.dataset) || data.get("note").trim()) return false;
  form.elements.note.focus();
  form.elements.note.setAttribute("aria-invalid", "true");
  toast({ text: "请先在备注中写明改了什么，再点一次。" });
  return true;
}

/** What the server says of a decision: done, overtaken by somebody else, or not possible. */
async function hear(answer, { id, line, sent, said, stays }) {
  if (!answer.ok) {
    said?.remove();
    await comeBack(id, answer.html);
  } else if (answer.notice.tone === "bad") {
    said?.remove();
    if (line) setDone(line, "没有执行，已有变化", { wrong: true });
    toast(answer.notice);
    if (stays) await goOn(id);
  } else if (stays) {
    say(answer.notice, () => undoing(sent, [id]));
    await open(id);
  } else {
    count(-1);
    if (said.isConnected) said.querySelector("span").textContent = answer.notice.text;
  }
}

/** The next case, at once; where none is left, where else to go. What was decided last can still be taken back. */
export async function goOn(id) {
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
  if (note) setNote(id, note);
  await open(id, { html });
  if (html !== null) return;
  toast({ text: "没有连上服务器，这一条的决定没有保存，已回到这一条。请检查网络后再决定。" });
}

/** Takes back what was acknowledged, and shows the case again. */
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

/** Takes back what `sent` is the answer to, once that has come. */
export function undoing(sent, ids) {
  return inTurn(() => takeBack(sent, ids));
}

/** Whether something is still on its way. */
export function isSending() {
  return pending > 0;
}
