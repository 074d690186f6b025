/* Lists: <table data-list> with <tr data-row data-href="/clients/1/" data-peek="…" data-edit="…">.
   j k move, Space peeks into the side panel, Enter opens, x selects, e edits. The list that was
   left is remembered in this tab: its breadcrumb leads back to the same view, [ and ] go to the
   neighbours. Selection: [data-select-all] in the head, a checkbox in each row,
   [data-selection-bar] with [data-selected-count]; [data-select-filter] takes all rows found. */
import { isTyping, openDialog, store } from "./dom.js";

const KEY = "klientura:list";
const SELECTABLE = "[data-row] input[type=checkbox][data-select]";
let lastChecked = null;

const rows = () => [...document.querySelectorAll("[data-list] [data-row]")].filter((row) => row.getClientRects().length);
const current = () => document.querySelector("[data-list] .row-current");

function go(row) {
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

function peek(row) {
  const url = row.dataset.peek;
  if (url) window.htmx.ajax("GET", url, { target: "#panel-body", swap: "innerHTML" });
}

const KEYS = {
  KeyJ: () => step(1),
  KeyK: () => step(-1),
  Space: (row) => row && peek(row),
  Enter: (row) => row?.dataset.href && window.location.assign(row.dataset.href),
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
  const row = event.target.closest("[data-list] [data-row][data-href]");
  if (!row || !belongsToRow(event.target) || String(window.getSelection())) return;
  if (event.ctrlKey || event.metaKey) window.open(row.dataset.href, "_blank", "noopener");
  else window.location.assign(row.dataset.href);
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
  document.querySelectorAll("[data-all-rows]").forEach((field) => { field.value = ""; });
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
  const filter = event.target.closest("[data-select-filter]");
  if (filter) {
    document.querySelectorAll("[data-all-rows]").forEach((field) => { field.value = "1"; });
    document.querySelectorAll("[data-selected-count]").forEach((place) => { place.textContent = filter.dataset.selectFilter; });
  }
});

/** Keep the order of the records for [ and ], and the address of the view for the way back. */
function rememberList() {
  const hrefs = [...new Set(rows().map((row) => row.dataset.href).filter(Boolean))];
  if (!hrefs.length) return;
  const next = document.querySelector("[data-next-page]")?.getAttribute("href") || "";
  const url = window.location.pathname + window.location.search;
  sessionStorage.setItem(KEY, JSON.stringify({ url, path: window.location.pathname, hrefs, next }));
}

function knownList() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY)) || null;
  } catch {
    return null;
  }
}

/** The breadcrumb of the list leads to the view the person came from. */
function restoreCrumb() {
  const list = knownList();
  if (!list || list.path === window.location.pathname) return;
  for (const link of document.querySelectorAll(".breadcrumb a")) {
    if (new URL(link.href).pathname === list.path) link.href = list.url;
  }
}

document.addEventListener("keydown", (event) => {
  const by = { BracketRight: 1, BracketLeft: -1 }[event.code];
  if (!by || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const list = knownList();
  const place = list ? list.hrefs.indexOf(window.location.pathname) : -1;
  if (place < 0 || openDialog() || !store.get("shortcuts", true)) return;
  const neighbour = list.hrefs[place + by] || (by > 0 ? list.next : "");
  if (neighbour) window.location.assign(neighbour);
});

document.body.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target.closest?.("[data-list]") || event.detail.target.querySelector?.("[data-list]")) {
    rememberList();
    countSelected();
  }
});

rememberList();
restoreCrumb();
