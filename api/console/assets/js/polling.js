// A task that runs is asked how far it is, as long as the page says that something is under way.

import { fetchPart } from "./parts.js";

const POLL_MS = 1000;

/** Asks again and again, then goes where the task is over. */
async function poll() {
  const running = document.querySelector("[data-poll]");
  if (!running) return;
  const url = running.dataset.poll;
  try {
    const { status, html } = await fetchPart(url);
    if (status !== 200) return location.reload();
    const found = new DOMParser().parseFromString(html, "text/html").querySelector("[data-poll]");
    if (!found) return location.replace(url);
    running.replaceChildren(...found.childNodes);
  } catch {
    // The server is away for a moment: it is asked again.
  }
  setTimeout(poll, POLL_MS);
}

/** Begins to ask, a moment after the page was opened. */
export function startPolling() {
  setTimeout(poll, POLL_MS);
}
