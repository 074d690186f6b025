/* Decisions: <div data-inbox> with links [data-inbox-item] on the left, the evidence of the open
   one on the right. J and K open the next and the previous request; A approves, T and R return and
   refuse (buttons with data-shortcut; with data-needs-comment the focus goes to the comment first,
   then Ctrl+Enter sends). X ticks the current one, B approves all ticked. Below 992 px a link leads to a page of its own. */
import { isTyping, openDialog, store } from "./dom.js";

const wide = window.matchMedia("(min-width: 992px)");
const items = () => [...document.querySelectorAll("[data-inbox] [data-inbox-item]")];
const current = () => document.querySelector('[data-inbox-item][aria-current="true"]');

function mark(item) {
  current()?.setAttribute("aria-current", "false");
  item.setAttribute("aria-current", "true");
  item.scrollIntoView({ block: "nearest" });
}

function step(by) {
  const all = items();
  const place = all.indexOf(current());
  const item = all[place < 0 ? 0 : place + by];
  if (!item) return;
  item.focus({ preventScroll: true });
  item.click();
}

document.addEventListener("click", (event) => {
  const item = event.target.closest("[data-inbox] [data-inbox-item]");
  if (item && wide.matches) mark(item);
});

// On a phone the evidence has a page of its own.
document.body.addEventListener("htmx:confirm", (event) => {
  const item = event.target.closest?.("[data-inbox-item]");
  if (!item || wide.matches) return;
  event.preventDefault();
  window.location.assign(item.href);
});

// How many are ticked stands on the button that approves them.
document.addEventListener("change", (event) => {
  if (!event.target.matches?.("[data-inbox-check]")) return;
  const count = document.querySelectorAll("[data-inbox-check]:checked").length;
  const place = document.querySelector("[data-bulk-count]");
  if (place) place.textContent = count || "";
});

document.addEventListener("keydown", (event) => {
  const by = { KeyJ: 1, KeyK: -1, KeyX: 0 }[event.code];
  if (by === undefined || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!document.querySelector("[data-inbox]") || isTyping(event.target) || openDialog()) return;
  if (!store.get("shortcuts", true)) return;
  event.preventDefault();
  if (by) step(by);
  else current()?.parentElement.querySelector("[data-inbox-check]")?.click();
});

// The second click of a double click was meant for the request that has gone, not for the next one.
document.addEventListener("click", (event) => {
  if (event.detail > 1 && event.target.closest("[data-decision-form] [type=submit]")) event.preventDefault();
});

// A no without words: the focus goes to the comment and the hint says what sends it.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-decision-form] [data-needs-comment]");
  const comment = button?.form.elements.comment;
  if (!comment || comment.value.trim()) return;
  event.preventDefault();
  button.form.dataset.intent = button.value;
  const hint = button.form.querySelector("[data-comment-hint]");
  hint.textContent = hint.dataset[button.value];
  comment.focus();
});

document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.("[data-decision-form]");
  if (!form || event.code !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const button = form.querySelector(`[name=decision][value="${form.dataset.intent || "none"}"]`);
  if (!button) return;
  event.preventDefault();
  button.click();
});

// Which request opens next is known here: the one below, else the one above.
document.body.addEventListener("htmx:configRequest", (event) => {
  if (!event.target.matches?.("[data-decision-form]")) return;
  const all = items();
  const place = all.indexOf(current());
  const next = place < 0 ? null : all[place + 1] || all[place - 1];
  if (next) event.detail.parameters.set("next", next.dataset.pk);
});

// After a decision the heading of the next request is read out; scrolled to its beginning.
document.body.addEventListener("htmx:afterSwap", (event) => {
  const panel = event.detail.target;
  if (panel?.id !== "decision-panel") return;
  const title = panel.querySelector("[data-decision-title]");
  if (event.detail.requestConfig.verb === "post" && event.detail.xhr.status < 400) {
    title?.focus({ preventScroll: true });
  }
  if (panel.getBoundingClientRect().top < 0) panel.scrollIntoView({ block: "start" });
});
