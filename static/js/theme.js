// Light, dark, as in the system: repaints at once and tells the server.
const root = document.documentElement;

document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-theme-form]");
  if (!form || !event.submitter) return;
  event.preventDefault();
  const choice = event.submitter.value;
  root.dataset.themeChoice = choice;
  const dark = window.matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.bsTheme = choice === "auto" ? (dark ? "dark" : "light") : choice;
  for (const button of document.querySelectorAll("[data-theme-form] [name=theme]")) {
    button.setAttribute("aria-pressed", String(button.value === choice));
  }
  document.dispatchEvent(new CustomEvent("theme-changed"));
  const body = new FormData(form);
  body.set("theme", choice);
  fetch(form.action, { method: "POST", body, headers: { "HX-Request": "true" } });
});
