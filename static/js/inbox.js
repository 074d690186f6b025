/* Two panes: <div data-inbox> with links or buttons [data-inbox-item] on the left; J and K go to
   the next and the previous one and open it (the item's own hx-get does the loading). Approve and
   refuse are buttons of the evidence with data-shortcut="KeyA" and "KeyR". */
import { isTyping, openDialog, store } from "./dom.js";

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
  mark(item);
  item.focus({ preventScroll: true });
  item.click();
}

document.addEventListener("click", (event) => {
  const item = event.target.closest("[data-inbox] [data-inbox-item]");
  if (item) mark(item);
});

document.addEventListener("keydown", (event) => {
  const by = { KeyJ: 1, KeyK: -1 }[event.code];
  if (!by || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!document.querySelector("[data-inbox]") || isTyping(event.target) || openDialog()) return;
  if (!store.get("shortcuts", true)) return;
  event.preventDefault();
  step(by);
});

// After a decision the server answers HX-Trigger: inbox-next and the next request opens.
document.body.addEventListener("inbox-next", () => {
  const all = items();
  const place = Math.max(0, all.indexOf(current()));
  const next = all[place + 1] || all[place - 1];
  next?.click();
});
