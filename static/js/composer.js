/* The 10-second composer: <form data-composer> with radio chips.
   1–6 choose the kind ([data-kind] radios in their order), Ctrl+Enter saves from any field.
   Saved: the server answers HX-Trigger: composer-saved; the dialog closes, the pinned composer is
   ready for the next contact with the focus where it was. */
import { isTyping, openDialog } from "./dom.js";

function active() {
  const layer = openDialog() || document;
  return layer.querySelector("form[data-composer]");
}

document.addEventListener("keydown", (event) => {
  const form = active();
  if (!form || event.altKey) return;
  if (event.code === "Enter" && (event.ctrlKey || event.metaKey) && form.contains(event.target)) {
    event.preventDefault();
    form.requestSubmit();
    return;
  }
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code);
  if (!digit || event.ctrlKey || event.metaKey || event.shiftKey || isTyping(event.target)) return;
  const inDialog = Boolean(openDialog());
  if (!inDialog && !form.contains(event.target)) return;
  const kind = form.querySelectorAll("[data-kind]")[Number(digit[1]) - 1];
  if (!kind) return;
  event.preventDefault();
  kind.checked = true;
  kind.focus();
  kind.dispatchEvent(new Event("change", { bubbles: true }));
});

// Parts that belong to one choice only: <fieldset data-shown-for="promise"> with radios
// or checkboxes [data-shows="promise"].
function showParts(form) {
  const chosen = [...form.querySelectorAll("[data-shows]:checked")].map((input) => input.dataset.shows);
  for (const part of form.querySelectorAll("[data-shown-for]")) {
    const shown = chosen.includes(part.dataset.shownFor);
    part.hidden = !shown;
    part.disabled = !shown;
  }
}

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-composer]");
  if (form) showParts(form);
});

document.body.addEventListener("htmx:load", (event) => {
  const root = event.detail.elt;
  const forms = root.matches?.("form[data-composer]") ? [root] : root.querySelectorAll("form[data-composer]");
  forms.forEach(showParts);
});

document.body.addEventListener("composer-saved", () => {
  const dialog = openDialog();
  if (dialog) {
    dialog.close();
    return;
  }
  document.querySelector("main form[data-composer] [data-kind]")?.focus();
});

document.querySelectorAll("form[data-composer]").forEach(showParts);
