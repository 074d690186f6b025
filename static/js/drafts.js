/* <form data-draft-key="contact-12"> keeps what is typed until it is saved, for a week, in this
   browser and for this person only. Passwords, files and hidden fields are never kept. */
import { leadsToSignIn, store } from "./dom.js";

const WEEK = 7 * 24 * 3600 * 1000;
const PAUSE = 400;
const timers = new WeakMap();

const name = (form) => `draft:${form.dataset.draftKey}`;

function kept(field) {
  return field.name && !["hidden", "password", "file", "submit", "button"].includes(field.type)
    && field.name !== "csrfmiddlewaretoken";
}

/** What is typed in the form, by name; hidden fields, passwords and files are left out. */
export function values(form) {
  const found = {};
  for (const field of form.elements) {
    if (!kept(field)) continue;
    if (["radio", "checkbox"].includes(field.type)) {
      found[field.name] ??= [];
      if (field.checked) found[field.name].push(field.value);
    } else if (!(field instanceof HTMLSelectElement && field.multiple)) {
      found[field.name] = field.value;
    }
  }
  return found;
}

/** Fill the fields of the form for which `may(field)`; choices follow what was typed anyway. */
export function putBack(form, typed, may = () => true) {
  for (const field of form.elements) {
    if (!kept(field) || !(field.name in typed)) continue;
    const value = typed[field.name];
    if (Array.isArray(value)) field.checked = value.includes(field.value);
    else if (may(field)) field.value = value;
  }
}

function restore(form) {
  const draft = store.get(name(form));
  if (!draft) return;
  if (Date.now() - draft.at > WEEK) {
    store.remove(name(form));
    return;
  }
  putBack(form, draft.values, (field) => !field.value || field.matches("textarea, [type=text]"));
  form.querySelector("[data-draft-note]")?.removeAttribute("hidden");
}

function save(form) {
  store.set(name(form), { at: Date.now(), values: values(form) });
}

function changed(event) {
  const form = event.target.closest?.("form[data-draft-key]");
  if (!form) return;
  clearTimeout(timers.get(form));
  // A form that was swapped out meanwhile tells its last change too: that is not for its successor.
  timers.set(form, setTimeout(() => form.isConnected && save(form), PAUSE));
}

function drop(form) {
  clearTimeout(timers.get(form));
  store.remove(name(form));
}

document.addEventListener("input", changed);
document.addEventListener("change", changed);

// Saved by htmx: only a success drops the draft, before the next form is put in and would take it
// for its own. A plain form comes back with its values itself. Where the session has ended the
// answer leads to the sign-in page: nothing was saved.
document.body.addEventListener("htmx:beforeOnLoad", (event) => {
  const form = event.detail.elt.closest?.("form[data-draft-key]");
  const isWrite = event.detail.requestConfig?.verb !== "get";
  const { xhr } = event.detail;
  if (form && isWrite && xhr.status < 300 && !leadsToSignIn(xhr)) drop(form);
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-draft-key]")) return;
  clearTimeout(timers.get(form));
  if (form.matches("[hx-post]")) save(form); // the last words too, should it be refused
  else if (!event.defaultPrevented) drop(form);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-draft-drop]");
  if (!button) return;
  const form = button.closest("form");
  drop(form);
  form.reset();
  form.querySelector("[data-draft-note]")?.setAttribute("hidden", "");
});

document.body.addEventListener("htmx:load", (event) => {
  const root = event.detail.elt;
  const forms = root.matches?.("form[data-draft-key]") ? [root] : root.querySelectorAll("form[data-draft-key]");
  forms.forEach(restore);
});
