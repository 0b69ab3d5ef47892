// One need: what is near to it is fetched after the page is there; what was typed on this machine and is stored by now is forgotten.

import { fetchPart, show } from "../parts.js";
import { forgetSent } from "./needs-drafts.js";

// Without a word that something was stored, it was not: somebody may have had to sign in again meanwhile.
if (document.querySelector(".toast")) forgetSent();

for (const place of document.querySelectorAll("[data-load]")) {
  place.setAttribute("aria-busy", "true");
  fetchPart(place.dataset.load)
    .then(({ status, html }) => {
      // Where it is too busy, the link stays.
      if (status === 200) show(place, html);
    })
    .catch(() => {})
    .finally(() => place.removeAttribute("aria-busy"));
}

for (const fold of document.querySelectorAll("details.need-step")) {
  fold.addEventListener("toggle", () => {
    if (!fold.open) return;
    for (const other of document.querySelectorAll("details.need-step[open]")) if (other !== fold) other.open = false;
    fold.querySelector("select, textarea")?.focus();
  });
}
