// Lists that come anew by htmx: the keys stay where they were, the tab of the open view in sight.

// The twin of the link that was followed is in focus afterwards.
const FOLLOWED = [".list-views a", ".list-sort", ".list-sizes a", "[rel=next]", "[rel=prev]", ".pager-buttons a"];
let followed = null;
document.body.addEventListener("htmx:beforeSwap", (event) => {
  const link = document.activeElement;
  const list = link?.closest?.("[data-list]");
  const kind = list && event.detail.target === list ? FOLLOWED.find((selector) => link.matches(selector)) : "";
  followed = kind ? { id: list.id, kind, place: [...list.querySelectorAll(kind)].indexOf(link) } : null;
});
document.body.addEventListener("htmx:afterSettle", () => {
  const list = followed && document.getElementById(followed.id);
  const twins = list ? list.querySelectorAll(followed.kind) : [];
  if (list && document.activeElement === document.body) {
    (twins[Math.min(followed.place, twins.length - 1)] || list.querySelector(".table-responsive"))?.focus({ preventScroll: true });
  }
  followed = null;
  showOpenView();
});

/** The tab of the open view is in sight where the tabs are wider than the screen. */
function showOpenView() {
  const tab = document.querySelector(".list-views .active");
  const line = tab?.closest(".list-views");
  if (line) line.scrollLeft = tab.offsetLeft - (line.clientWidth - tab.offsetWidth) / 2;
}

showOpenView();
