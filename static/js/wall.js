/* The dashboard on a wall: <body data-wall-leave="/address/">, a [data-wall-full] button.
   F fills the screen, Escape leaves; the first Escape of a filled screen belongs to the browser.
   A part that comes back as it was is not put in again: nothing flickers, no chart is redrawn. */
const { wallLeave } = document.body.dataset;
const shown = new WeakMap();

function fill() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen?.();
}

function keep(event) {
  const { target, xhr } = event.detail;
  if (xhr.status === 200 && shown.get(target) === xhr.responseText) event.detail.shouldSwap = false;
  else shown.set(target, xhr.responseText);
}

if (wallLeave) {
  document.body.addEventListener("htmx:beforeSwap", keep);
  document.querySelector("[data-wall-full]")?.addEventListener("click", fill);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || document.querySelector("dialog[open]")) return;
    if (event.code === "KeyF") fill();
    if (event.key === "Escape") window.location.assign(wallLeave);
  });
}
