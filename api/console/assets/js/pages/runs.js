// Keeps the page of a run that is under way up to date.

import { fetchPart, show } from "../parts.js";

const SECONDS = 1000;

function waiting() {
  return document.querySelector("[data-refresh]");
}

/** Asks again after a while; not while nobody looks, nor while somebody reads with a selection or types. */
function later() {
  const element = waiting();
  if (element) setTimeout(again, Number(element.dataset.refresh) * SECONDS);
}

async function again() {
  const main = document.getElementById("main");
  if (document.hidden || main.contains(document.activeElement) || String(getSelection())) return later();
  try {
    const found = await fetchPart(location.href);
    if (found.status === 200) show(main, found.html);
  } catch {
    // The server cannot be reached for a moment: what is shown stays, and it is asked again.
  }
  later();
}

later();
