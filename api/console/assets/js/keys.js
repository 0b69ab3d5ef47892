// Keys: whatever has data-key is pressed by that key, and `?` shows them all.

const NAMES = { Escape: "Esc", ArrowUp: "↑", ArrowDown: "↓", Enter: "Enter", " ": "空格" };

function isTyping(target) {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches("input:not([type=checkbox], [type=radio]), select, textarea"))
  );
}

/** What lies in closed details has a place, but is not seen. */
function isThere(element) {
  return !element.disabled && element.checkVisibility({ visibilityProperty: true });
}

function targetOf(key) {
  const wanted = key.toLowerCase();
  const scope = document.querySelector("dialog[open]") ?? document;
  return [...scope.querySelectorAll("[data-key]")].find(
    (element) => element.dataset.key.toLowerCase() === wanted && isThere(element),
  );
}

function press(element) {
  if (element.matches("input:not([type=checkbox], [type=radio]), select, textarea")) {
    element.focus();
    element.select?.();
  } else {
    element.click();
  }
}

function overlay() {
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-labelledby", "keys-title");
  const title = document.createElement("h2");
  title.id = "keys-title";
  title.textContent = "本页的按键";
  const list = document.createElement("dl");
  list.className = "keys";
  const seen = new Set();
  for (const element of document.querySelectorAll("[data-key]")) {
    const key = element.dataset.key;
    if (seen.has(key) || !isThere(element)) continue;
    seen.add(key);
    list.append(term(key), meaning(element));
  }
  list.append(term("?"), textOf("dd", "显示这张表"), term("Escape"), textOf("dd", "关闭"));
  const close = document.createElement("button");
  close.className = "button";
  close.textContent = "关闭";
  const form = document.createElement("form");
  form.method = "dialog";
  form.className = "row row--end";
  form.append(close);
  dialog.append(title, list, form);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

function term(key) {
  const item = document.createElement("dt");
  item.append(textOf("kbd", NAMES[key] ?? key.toUpperCase()));
  return item;
}

function meaning(element) {
  const label = element.dataset.keyLabel ?? element.getAttribute("aria-label") ?? textWithoutKeys(element);
  return textOf("dd", label || element.title);
}

function textWithoutKeys(element) {
  const copy = element.cloneNode(true);
  copy.querySelectorAll("kbd").forEach((key) => key.remove());
  return copy.textContent.replace(/\s+/g, " ").trim();
}

function textOf(tag, text) {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
}

/** Starts listening; pages need to do nothing but name keys. */
export function listen() {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (isTyping(event.target)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (event.key === "?") {
      event.preventDefault();
      if (!document.querySelector("dialog[open]")) overlay();
      return;
    }
    const target = targetOf(event.key);
    if (target) {
      event.preventDefault();
      press(target);
    }
  });
}
