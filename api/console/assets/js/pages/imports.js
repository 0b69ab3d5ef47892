// Imports: files are dropped and sent with their progress, and a task that runs is asked how far it is.

import { startPolling } from "../polling.js";

const PART = { "X-Console-Part": "1" };

function main() {
  return document.getElementById("main");
}

/** A file that is dropped on the page is chosen. */
function takeDrops(form) {
  const area = form.querySelector("[data-drop]");
  const input = form.querySelector("input[type=file]");
  for (const name of ["dragenter", "dragover"]) {
    area.addEventListener(name, (event) => {
      event.preventDefault();
      area.classList.add("is-over");
    });
  }
  for (const name of ["dragleave", "drop"]) {
    area.addEventListener(name, () => area.classList.remove("is-over"));
  }
  area.addEventListener("drop", (event) => {
    event.preventDefault();
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

/** What is too large is said at once, rather than after it was sent. */
function checkSize(form) {
  const input = form.querySelector("input[type=file]");
  input.addEventListener("change", () => {
    const isTooLarge = [...input.files].some((file) => file.size > Number(form.dataset.maxBytes));
    input.setCustomValidity(isTooLarge ? `文件超过上限 ${megabytes(form.dataset.maxBytes)} MB。请拆成几个文件分别导入。` : "");
    if (isTooLarge) input.reportValidity();
  });
}

function megabytes(bytes) {
  return Math.round((Number(bytes) / 1024 / 1024) * 10) / 10;
}

/** Sends the file and shows how much of it is there. */
function sendWithProgress(form) {
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    event.preventDefault();
    const request = new XMLHttpRequest();
    const shown = form.querySelector("[data-upload-progress]");
    const button = form.querySelector("button:not([type=button])");
    const bar = shown.querySelector("progress");
    const said = shown.querySelector("[data-upload-said]");
    shown.hidden = false;
    button.disabled = true;
    button.setAttribute("aria-busy", "true");
    request.upload.addEventListener("progress", ({ loaded, total, lengthComputable }) => {
      if (!lengthComputable) return;
      bar.value = Math.round((loaded / total) * 100);
      said.textContent = loaded < total ? `正在上传 ${bar.value}%` : "已上传，正在打开文件";
    });
    request.addEventListener("load", () => answered(request));
    request.addEventListener("error", () => {
      shown.hidden = true;
      button.disabled = false;
      button.removeAttribute("aria-busy");
      complain("无法上传：网络已断开，或文件超过服务的上限。请检查后重试。");
    });
    request.open("POST", form.action);
    for (const [name, value] of Object.entries(PART)) request.setRequestHeader(name, value);
    request.send(new FormData(form));
  });
}

function answered(request) {
  const isJson = (request.getResponseHeader("content-type") ?? "").startsWith("application/json");
  if (isJson && request.status === 200) {
    location.assign(JSON.parse(request.responseText).to);
  } else if (request.status === 401) {
    location.assign(`/console/sign-in?next=${encodeURIComponent(location.pathname)}`);
  } else {
    main().innerHTML = request.responseText;
    enliven();
    main().querySelector("[role=alert]")?.scrollIntoView({ block: "center" });
  }
}

function complain(text) {
  const notice = document.createElement("div");
  notice.className = "notice notice--bad";
  notice.setAttribute("role", "alert");
  const words = document.createElement("p");
  words.textContent = text;
  notice.append(words);
  document.getElementById("upload-problem").replaceChildren(notice);
}

function enliven() {
  for (const form of document.querySelectorAll("form[data-upload]")) {
    takeDrops(form);
    checkSize(form);
    sendWithProgress(form);
  }
}

enliven();
startPolling();
