// Facets and the order act at once; without scripts there is a button for each.

const facets = document.querySelector("form[data-facets]");
facets?.addEventListener("change", () => facets.requestSubmit());

const sort = document.querySelector("select[data-sort]");
sort?.addEventListener("change", () => sort.form.requestSubmit());

// The place in the facets stays where it was after the page comes back.
const side = document.querySelector(".library-side");
const PLACE = "library-side";
if (side) {
  const place = sessionStorage.getItem(PLACE);
  if (place) side.scrollTop = Number(place);
  sessionStorage.removeItem(PLACE);
  facets?.addEventListener("submit", () => sessionStorage.setItem(PLACE, String(side.scrollTop)));
}
