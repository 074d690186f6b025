// Small helpers that every module needs.

/** The person types here, so single keys mean letters. */
export function isTyping(element) {
  if (!(element instanceof Element)) return false;
  if (element.closest("[contenteditable=true], select, textarea")) return true;
  const input = element.closest("input");
  return Boolean(input) && !["checkbox", "radio", "button", "submit", "range", "file"].includes(input.type);
}

/** Shown on the page (a line of a closed menu is not, but its key works: see shortcuts.js). */
export function isShown(element) {
  return element.getClientRects().length > 0;
}

/** Storage that belongs to one person of this browser. */
export const store = {
  prefix: `klientura:${document.body.dataset.user || "visitor"}:`,
  get(key, fallback = null) {
    try {
      return JSON.parse(localStorage.getItem(this.prefix + key)) ?? fallback;
    } catch {
      return fallback;
    }
  },
  set(key, value) {
    try {
      localStorage.setItem(this.prefix + key, JSON.stringify(value));
    } catch {
      // A full or forbidden storage only costs comfort.
    }
  },
  remove(key) {
    try {
      localStorage.removeItem(this.prefix + key);
    } catch {
      // As above.
    }
  },
  keys() {
    return Object.keys(localStorage)
      .filter((key) => key.startsWith(this.prefix))
      .map((key) => key.slice(this.prefix.length));
  },
  forget() {
    Object.keys(localStorage)
      .filter((key) => key.startsWith("klientura:"))
      .forEach((key) => localStorage.removeItem(key));
    sessionStorage.clear();
  },
};

/** The session has ended: the answer (PageMiddleware) sends the page to the sign-in. */
export function leadsToSignIn(xhr) {
  return (xhr.getResponseHeader("HX-Redirect") || "").startsWith("/account/login/");
}

/** Back; in a new tab, which has nothing behind it, to the address or to where the page belongs. */
export function goBack(address) {
  if (window.history.length > 1) window.history.back();
  else window.location.assign(address || [...document.querySelectorAll(".breadcrumb a")].at(-1)?.href || "/");
}

/** The topmost open modal dialog, if any. */
export function openDialog() {
  return [...document.querySelectorAll("dialog[open]")].pop() || null;
}

/** An element with text (never markup) and attributes. */
export function make(tag, attributes = {}, text = "") {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  if (text) element.textContent = text;
  return element;
}
