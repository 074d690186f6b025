/* Lists: rows <tr data-row data-href="/clients/1/" data-peek="…" data-edit="…"> inside [data-list];
   without data-href the row opens its a.list-link. j k move, Space peeks into the side panel, Enter
   opens, x selects, e edits. Selection: [data-select-all] in the head, a checkbox in each row,
   [data-selection-bar] with [data-selected-count].
   [data-list-path]: links to that path change only the list; [data-list-file] downloads. A list
   without ?from= is remembered in this tab: its breadcrumb leads back, [ ] go to the neighbours. */
import { isTyping, openDialog, store } from "./dom.js";

const SELECTABLE = "[data-row] input[type=checkbox][data-select]";
let lastChecked = null;

export const rows = () => [...document.querySelectorAll("[data-list] [data-row]")].filter((row) => row.getClientRects().length);
export const current = () => document.querySelector("[data-list] .row-current");

export function go(row) {
  if (!row) return;
  current()?.classList.remove("row-current");
  row.classList.add("row-current");
  if (!row.hasAttribute("tabindex")) row.tabIndex = -1;
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
  const panel = document.getElementById("panel");
  if (panel && !panel.hidden) peek(row);
}

function step(by) {
  const all = rows();
  const place = all.indexOf(current());
  go(all[place < 0 ? 0 : Math.max(0, Math.min(all.length - 1, place + by))]);
}

/** Where the row leads. */
export function href(row) {
  return row?.dataset.href || row?.querySelector("a.list-link")?.getAttribute("href") || "";
}

function peek(row) {
  const url = row.dataset.peek;
  if (url) window.htmx.ajax("GET", url, { target: "#panel-body", swap: "innerHTML" });
}

const KEYS = {
  KeyJ: () => step(1),
  KeyK: () => step(-1),
  Space: (row) => row && peek(row),
  Enter: (row) => href(row) && window.location.assign(href(row)),
  KeyE: (row) => row?.dataset.edit && window.location.assign(row.dataset.edit),
  KeyX: (row) => row?.querySelector("input[type=checkbox][data-select]")?.click(),
};

function belongsToRow(target) {
  return !target.closest("a, button, input, select, textarea, summary, label, [data-inbox]");
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  if (!(event.code in KEYS) || isTyping(event.target) || openDialog()) return;
  if (!document.querySelector("[data-list]") || !store.get("shortcuts", true)) return;
  const isButtonKey = event.code === "Enter" || event.code === "Space";
  if (isButtonKey && (!belongsToRow(event.target) || !current())) return;
  event.preventDefault();
  KEYS[event.code](current());
});

// A click beside the links of a row opens it too; selecting text does not.
document.addEventListener("click", (event) => {
  const row = event.target.closest("[data-list] [data-row]");
  if (!row || !href(row) || !belongsToRow(event.target) || String(window.getSelection())) return;
  if (event.ctrlKey || event.metaKey) window.open(href(row), "_blank", "noopener");
  else window.location.assign(href(row));
});

/** A link to another view of the same list: only the list is fetched, the server names the URL. */
function isListLink(link) {
  const list = link?.closest("[data-list-path]");
  const path = list?.dataset.listPath || link?.closest("[data-list-link]")?.dataset.listLink;
  if (!path || link.matches("[data-list-file], [hx-get], [target]")) return null;
  return new URL(link.href).pathname === path ? link : null;
}

document.addEventListener("click", (event) => {
  const link = isListLink(event.target.closest("a[href]"));
  if (!link || event.defaultPrevented || event.button) return;
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const target = link.closest("[data-list-path]") || document.querySelector("[data-list-path]");
  if (!target || !window.htmx) return;
  event.preventDefault();
  const isPaging = Boolean(link.closest(".pager"));
  window.htmx.ajax("GET", link.getAttribute("href"), {
    source: target,
    target,
    swap: isPaging ? "outerHTML show:top" : "outerHTML",
  });
});

// What was typed into the search while its answer was on the way is kept and searched for again.
let typed = null;
document.body.addEventListener("htmx:beforeSwap", (event) => {
  const field = document.activeElement;
  const isReplaced = field?.matches?.("[data-list-search]") && event.detail.target?.contains(field);
  typed = isReplaced ? { field, text: field.value } : null;
});
document.body.addEventListener("htmx:afterSettle", () => {
  const field = typed && document.getElementById(typed.field.id);
  if (field && field !== typed.field && field.value.trim() !== typed.text.trim()) {
    field.value = typed.text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  typed = null;
});

function countSelected() {
  const boxes = [...document.querySelectorAll(SELECTABLE)];
  const chosen = boxes.filter((box) => box.checked).length;
  document.querySelectorAll("[data-selected-count]").forEach((place) => { place.textContent = chosen; });
  document.querySelectorAll("[data-selection-bar]").forEach((bar) => { bar.hidden = chosen === 0; });
  document.querySelectorAll("[data-select-all]").forEach((box) => {
    box.checked = chosen > 0 && chosen === boxes.length;
    box.indeterminate = chosen > 0 && chosen < boxes.length;
  });
}

function checkRange(box) {
  const boxes = [...document.querySelectorAll(SELECTABLE)];
  const [from, to] = [boxes.indexOf(lastChecked), boxes.indexOf(box)].sort((a, b) => a - b);
  boxes.slice(Math.max(from, 0), to + 1).forEach((other) => { other.checked = box.checked; });
}

document.addEventListener("click", (event) => {
  const box = event.target.closest(SELECTABLE);
  if (box) {
    if (event.shiftKey && lastChecked) checkRange(box);
    lastChecked = box;
    countSelected();
  }
  const all = event.target.closest("[data-select-all]");
  if (all) {
    document.querySelectorAll(SELECTABLE).forEach((other) => { other.checked = all.checked; });
    countSelected();
  }
});

document.body.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target.closest?.("[data-list]") || event.detail.target.querySelector?.("[data-list]")) {
    countSelected();
  }
});
