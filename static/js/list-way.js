/* The way back to a list: its view in the breadcrumb, its records for [ and ], its row for j and k.
   Kept in this tab alone. */

import { isTyping, openDialog, store } from "./dom.js";
import { current, go, href, rows } from "./lists.js";

const KEY = "klientura:list";
const PLACE = "klientura:row";
const here = () => window.location.pathname + window.location.search;

/** Keep the order of the records for [ and ], and the address of the view for the way back. */
function rememberList() {
  if (document.querySelector("[data-list-path]")) {
    sessionStorage.removeItem(KEY);
    return;
  }
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
  if (document.querySelector('[data-shortcut="BracketLeft"], [data-shortcut="BracketRight"]')) return;
  const list = knownList();
  const place = list ? list.hrefs.indexOf(window.location.pathname) : -1;
  if (place < 0 || openDialog() || !store.get("shortcuts", true)) return;
  const neighbour = list.hrefs[place + by] || (by > 0 ? list.next : "");
  if (neighbour) window.location.assign(neighbour);
});

document.body.addEventListener("htmx:afterSettle", (event) => {
  const { target } = event.detail;
  if (target.closest?.("[data-list]") || target.querySelector?.("[data-list]")) rememberList();
});

/** Back from a record that a row opened: j and k go on from that row. */
function restoreRow() {
  const [, kept] = (sessionStorage.getItem(PLACE) || "").split("\n");
  const isBack = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
  if (isBack && sessionStorage.getItem(PLACE) === `${here()}\n${kept}`) go(rows().find((row) => href(row) === kept));
}

window.addEventListener("pagehide", () => {
  if (current()) sessionStorage.setItem(PLACE, `${here()}\n${href(current())}`);
});

rememberList();
restoreCrumb();
restoreRow();
