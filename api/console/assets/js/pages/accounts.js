// Accounts: shows what a role asks for, proposes enterprises while one is typed, copies what is shown once.

import { fetchPart } from "../parts.js";

const PAUSE_MS = 250;

function showWhatCounts(form) {
  const role = form.querySelector("[name=role]:checked")?.value ?? "";
  for (const part of form.querySelectorAll("[data-for]")) {
    part.hidden = !part.dataset.for.split(" ").includes(role);
  }
}

function followRole() {
  for (const form of document.querySelectorAll("form[data-roles]")) {
    form.addEventListener("change", () => showWhatCounts(form));
    showWhatCounts(form);
  }
}

/** The options come as markup of ours; a code is what is sent. */
function proposeEnterprises() {
  const field = document.getElementById("f-enterprise");
  if (!field) return;
  const list = document.createElement("datalist");
  list.id = "enterprises";
  field.after(list);
  field.setAttribute("list", list.id);
  let timer = 0;
  let asked = null;
  field.addEventListener("input", () => {
    clearTimeout(timer);
    asked?.abort();
    const text = field.value.trim();
    if (text.length < 2) return;
    timer = setTimeout(async () => {
      asked = new AbortController();
      try {
        const url = `/console/accounts/enterprises?q=${encodeURIComponent(text)}`;
        const found = await fetchPart(url, { signal: asked.signal });
        if (found.status === 200) list.innerHTML = found.html;
      } catch (error) {
        if (error.name !== "AbortError") list.replaceChildren();
      }
    }, PAUSE_MS);
  });
}

function offerCopies() {
  for (const button of document.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
      button.textContent = "已复制";
    });
  }
}

followRole();
proposeEnterprises();
offerCopies();
