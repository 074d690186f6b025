/* The dashboard on a wall: <body data-wall-leave="/address/">, a [data-wall-full] button.
   F fills the screen, Escape leaves; the first Escape of a filled screen belongs to the browser. */
const { wallLeave } = document.body.dataset;

function fill() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen?.();
}

if (wallLeave) {
  document.querySelector("[data-wall-full]")?.addEventListener("click", fill);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || document.querySelector("dialog[open]")) return;
    if (event.code === "KeyF") fill();
    if (event.key === "Escape") window.location.assign(wallLeave);
  });
}
