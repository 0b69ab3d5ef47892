// Fetches parts of pages and sends forms without leaving the page. Everything here also works without it.

const PART_HEADER = "X-Console-Part";

/** Somebody has to sign in again: go where that is done, and come back. */
function signInAgain() {
  const next = encodeURIComponent(location.pathname + location.search);
  location.assign(`/console/sign-in?next=${next}`);
}

/** Fetches a page's main block. Resolves to `{status, html}`; rejects where the server cannot be reached. */
export async function fetchPart(url, { signal } = {}) {
  const response = await fetch(url, { headers: { [PART_HEADER]: "1" }, credentials: "same-origin", signal });
  if (response.status === 401) {
    signInAgain();
    throw new DOMException("signed out", "AbortError");
  }
  return { status: response.status, html: await response.text() };
}

/** Replaces the content of an element by a page's main block and tells scripts about it. */
export async function loadPart(url, element, options = {}) {
  element.setAttribute("aria-busy", "true");
  try {
    const found = await fetchPart(url, options);
    show(element, found.html);
    return found;
  } finally {
    element.removeAttribute("aria-busy");
  }
}

/** Puts markup of ours into an element. */
export function show(element, html) {
  element.innerHTML = html;
  element.dispatchEvent(new CustomEvent("console:part", { bubbles: true }));
}

/**
 * Sends a form. Resolves to `{ok: true, to, notice}` when it was done, or `{ok: false, status, html}` with the
 * page that says what stands in the way.
 */
export async function sendForm(form, { submitter = null } = {}) {
  const action = submitter?.getAttribute("formaction") ?? form.getAttribute("action") ?? location.href;
  return send(action, new FormData(form, submitter));
}

/** Sends fields to an address of ours; see `sendForm`. */
export async function send(action, data) {
  const response = await fetch(action, {
    method: "POST",
    body: data,
    headers: { [PART_HEADER]: "1" },
    credentials: "same-origin",
  });
  if (response.status === 401) {
    signInAgain();
    throw new DOMException("signed out", "AbortError");
  }
  const isJson = (response.headers.get("content-type") ?? "").startsWith("application/json");
  if (response.ok && isJson) {
    return { ok: true, status: response.status, ...(await response.json()) };
  }
  return { ok: response.ok, status: response.status, html: await response.text() };
}

/** The token that forms of this page carry, for fields that a script puts together itself. */
export function token() {
  return document.querySelector("meta[name=csrf-token]")?.content ?? "";
}
