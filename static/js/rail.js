// Groups of the rail that the person leaves open are open on the next page too: the server reads
// the cookie, so nothing moves after the page is painted.
const YEAR = 365 * 24 * 3600;

document.addEventListener("click", (event) => {
  const clicked = event.target.closest("[data-rail-group] > summary")?.parentElement;
  if (!clicked) return;
  const open = [...document.querySelectorAll("[data-rail-group]")]
    .filter((group) => group.open !== (group === clicked)) // the click is about to turn it
    .map((group) => group.dataset.railGroup);
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `rail=${open.join(".")}; path=/; max-age=${YEAR}; samesite=lax${secure}`;
});

// The line of the page is in sight, however long the rail.
document.querySelector(".rail [aria-current=page]")?.scrollIntoView({ block: "nearest" });
