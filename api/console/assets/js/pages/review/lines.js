// The queue on the left: which lines there are, which one is open, what was decided, what is picked.

export const queue = document.getElementById("queue");

export function lines() {
  return [...queue.querySelectorAll(".line")];
}

export function lineOf(id) {
  return lines().find((line) => line.dataset.case === id) ?? null;
}

export function isDone(line) {
  return line.classList.contains("line--done");
}

/** The next line on which nobody has decided yet, from the open one on, and from the top where there is none. */
export function nextAfter(id) {
  const all = lines();
  const place = all.findIndex((line) => line.dataset.case === id);
  return all.slice(place + 1).find((line) => !isDone(line)) ?? all.find((line) => !isDone(line)) ?? null;
}

export function beside(id, by) {
  const all = lines();
  return all[all.findIndex((line) => line.dataset.case === id) + by] ?? null;
}

export function currentId() {
  return queue.querySelector(".line__open[aria-current]")?.closest(".line").dataset.case ?? "";
}

/** The line that is open: its box is what X ticks. */
export function mark(id) {
  for (const link of queue.querySelectorAll(".line__open[aria-current]")) link.removeAttribute("aria-current");
  for (const box of queue.querySelectorAll(".line__pick[data-key]")) delete box.dataset.key;
  const line = lineOf(id);
  if (!line) return;
  line.querySelector(".line__open").setAttribute("aria-current", "true");
  const box = line.querySelector(".line__pick");
  if (box) Object.assign(box.dataset, { key: "x", keyLabel: "选中当前一条" });
  line.scrollIntoView({ block: "nearest" });
}

export function setDone(line, text, { wrong = false } = {}) {
  line.classList.add("line--done");
  line.classList.toggle("line--wrong", wrong);
  const done = line.querySelector(".line__done");
  done.textContent = text;
  done.hidden = false;
  const box = line.querySelector(".line__pick");
  if (box) Object.assign(box, { checked: false, disabled: true });
  countPicked();
}

export function setUndone(line) {
  line.classList.remove("line--done", "line--wrong");
  line.querySelector(".line__done").hidden = true;
  const box = line.querySelector(".line__pick");
  if (box) box.disabled = false;
}

/** How many the view still holds, where the figure is exact. */
export function count(by) {
  const badge = document.querySelector("[data-count]");
  const n = Number(badge?.textContent.replace(/,/g, ""));
  if (badge && Number.isInteger(n)) badge.textContent = Math.max(0, n + by).toLocaleString("en-US");
}

export function picked() {
  return [...queue.querySelectorAll(".line__pick:checked")];
}

export function countPicked() {
  const n = picked().length;
  for (const place of document.querySelectorAll("[data-n-picked]")) place.textContent = n ? ` ${n} 条` : "";
}

/** Adds lines that are not there yet. */
export function addLines(list) {
  const known = new Set(lines().map((line) => line.dataset.case));
  for (const item of [...list.children]) {
    if (!known.has(item.dataset.case)) queue.append(item);
  }
  queue.dataset.more = list.dataset.more;
}
