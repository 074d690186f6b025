// Runs before the first paint: "auto" follows the system, so that no light page flashes at night.
(() => {
  const root = document.documentElement;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const paint = () => {
    if (root.dataset.themeChoice === "auto") {
      root.dataset.bsTheme = dark.matches ? "dark" : "light";
    }
  };
  dark.addEventListener("change", () => {
    paint();
    document.dispatchEvent(new CustomEvent("theme-changed"));
  });
  paint();
})();
