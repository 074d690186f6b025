// Lists and cards that come anew by htmx: the keys stay where they were, the open tab is in sight.
const PLACES = "[data-list], .client-tabs";
const FOLLOWED = [".list-views a", ".client-tabs .nav-link", ".list-sort", ".list-sizes a", "[rel=next]", "[rel=prev]", ".pager-buttons a"];
let followed = null;

// The twin of the link that was followed is in focus afterwards.
document.body.addEventListener("htmx:beforeSwap", (event) => {
  const link = document.activeElement;
  const place = link?.closest?.(PLACES);
  const kind = place && event.detail.target === place ? FOLLOWED.find((selector) => link.matches(selector)) : "";
  followed = kind ? { id: place.id, kind, number: [...place.querySelectorAll(kind)].indexOf(link) } : null;
});
document.body.addEventListener("htmx:afterSettle", () => {
  const place = followed && document.getElementById(followed.id);
  const twins = place ? place.querySelectorAll(followed.kind) : [];
  if (place && document.activeElement === document.body) {
    (twins[Math.min(followed.number, twins.length - 1)] || place.querySelector(".table-responsive"))?.focus({ preventScroll: true });
  }
  followed = null;
  showOpenTabs();
});

/** The open tab is in sight where the tabs are wider than the screen. */
function showOpenTabs() {
  for (const tab of document.querySelectorAll(":is(.list-views, .client-tabs) .nav-link.active")) {
    const line = tab.closest("nav");
    line.scrollLeft += tab.getBoundingClientRect().x - line.getBoundingClientRect().x - (line.clientWidth - tab.offsetWidth) / 2;
  }
}

showOpenTabs();
