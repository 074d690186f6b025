/* The 10-second composer: <form data-composer> with radio chips.
   1–6 choose the kind ([data-kind] radios in their order), Ctrl+Enter saves from any field.
   Saved: the server answers HX-Trigger: composer-saved; the dialog closes, the pinned composer is
   ready for the next contact with the focus where it was.
   <div data-combobox><input role="combobox"><div class="found-list">: ↓ ↑ choose, Enter opens. */
import { isTyping, openDialog, store } from "./dom.js";

function active() {
  const layer = openDialog() || document;
  return layer.querySelector("form[data-composer]");
}

document.addEventListener("keydown", (event) => {
  const form = active();
  if (!form || event.altKey) return;
  const isHere = form.contains(event.target) || (openDialog() && event.target === document.body);
  if (event.code === "Enter" && (event.ctrlKey || event.metaKey) && isHere) {
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

// `c` on a page with a pinned composer goes there; elsewhere it opens the dialog (shortcuts.js).
document.addEventListener("keydown", (event) => {
  if (event.code !== "KeyC" || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  if (event.repeat || isTyping(event.target) || openDialog() || !store.get("shortcuts", true)) return;
  const form = document.querySelector("main form[data-composer]");
  if (!form) return;
  event.preventDefault();
  const fold = form.closest("details");
  if (fold) fold.open = true;
  (form.querySelector("[data-kind]:checked") || form.querySelector("[data-kind]"))?.focus();
});

// A page of its own is opened to write at once, as the dialog is.
document.querySelector("main #composer-dialog [data-focus]")?.focus();

// The pinned composer takes one line until it is used.
document.addEventListener("focusin", (event) => {
  event.target.closest?.("form[data-composer]")?.classList.add("composer-open");
});

// Parts that belong to one choice only: <fieldset data-shown-for="promise"> with radios
// or checkboxes [data-shows="promise"] (several words show several parts).
function showParts(form) {
  const chosen = [...form.querySelectorAll("[data-shows]:checked")].flatMap((input) => input.dataset.shows.split(" "));
  for (const part of form.querySelectorAll("[data-shown-for]")) {
    const shown = chosen.includes(part.dataset.shownFor);
    part.hidden = !shown;
    part.disabled = !shown;
  }
}

function formsWithParts(root) {
  const parts = [...root.querySelectorAll("[data-shown-for]")];
  return new Set(parts.map((part) => part.closest("form")).filter(Boolean));
}

// A radio [data-ticks="name"] ticks that box; another one of its group takes that tick back, as
// long as nothing was typed under it.
function tickAlong(chosen, form) {
  const leader = chosen.type === "radio" && form.querySelector(`[name="${chosen.name}"][data-ticks]`);
  const box = leader && form.querySelector(`[name="${leader.dataset.ticks}"]`);
  if (!box) return;
  const part = form.querySelector(`[data-shown-for="${box.dataset.shows}"]`);
  const typed = [...part.querySelectorAll("input")].some((input) => input.value);
  if (chosen === leader && !box.checked) {
    box.checked = true;
    box.dataset.along = "yes";
  } else if (chosen !== leader && box.dataset.along) {
    box.checked = typed;
    delete box.dataset.along;
  }
}

document.addEventListener("change", (event) => {
  const form = event.target.closest("form");
  if (form && event.target !== form) tickAlong(event.target, form);
  if (form?.querySelector("[data-shown-for]")) showParts(form);
});

// After the draft was put back (drafts.js), which may have chosen something else.
document.body.addEventListener("htmx:load", (event) => {
  queueMicrotask(() => formsWithParts(event.detail.elt.parentElement || document).forEach(showParts));
});
queueMicrotask(() => formsWithParts(document).forEach(showParts));

document.body.addEventListener("composer-saved", () => {
  const dialog = openDialog();
  if (dialog) {
    dialog.close();
    return;
  }
  const form = document.querySelector("main form[data-composer]");
  const place = form?.closest("[hx-get]");
  const again = () => document.querySelector("main form[data-composer] [data-kind]")?.focus();
  if (place && form.querySelector("[aria-invalid], .invalid-feedback")) {
    // It was refused before: a reset would bring back the refused values.
    window.htmx.ajax("GET", place.getAttribute("hx-get"), place).then(again);
  } else if (form) {
    form.reset();
    showParts(form);
    again();
  }
});

// A field that searches: the first answer is chosen, the arrows choose another, Enter opens it.
const options = (box) => [...box.querySelectorAll("[role=option]")];

function choose(box, option) {
  for (const one of options(box)) one.setAttribute("aria-selected", String(one === option));
  const field = box.querySelector("[role=combobox]");
  if (option?.id) field.setAttribute("aria-activedescendant", option.id);
  else field.removeAttribute("aria-activedescendant");
  option?.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  const field = event.target.closest?.("[data-combobox] [role=combobox]");
  if (!field || event.isComposing) return;
  const box = field.closest("[data-combobox]");
  const all = options(box);
  const place = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
  if (event.code === "ArrowDown" || event.code === "ArrowUp") {
    event.preventDefault();
    const step = event.code === "ArrowDown" ? 1 : -1;
    if (all.length) choose(box, all[(place + step + all.length) % all.length]);
  } else if (event.code === "Enter" && !event.ctrlKey) {
    event.preventDefault();
    (all[place] || all[0])?.click();
  }
});

document.body.addEventListener("htmx:afterSwap", (event) => {
  const box = event.detail.target.closest?.("[data-combobox]");
  if (box && event.detail.target.matches(".found-list")) choose(box, options(box)[0]);
});
