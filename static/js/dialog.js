// Native dialogs and the side panel, filled by htmx. A form that is left with something typed in it
// can be had back for a while: Escape and a click beside the dialog are easily made.
import { goBack } from "./dom.js";
import { show } from "./toast.js";

const dialog = document.getElementById("dialog");
const panel = document.getElementById("panel");
const confirmation = document.getElementById("confirm");
const FIELDS = "input:not([type=hidden]):not([disabled]), select, textarea";
let opener = null;
let isPeek = false;
let isTouched = false; // something was typed in the dialog and not saved; drafts keep their own
let offer = null;

/** Open the dialog or the panel and move the focus to its first field or heading. */
function open(body) {
  if (body.id === "panel-body") {
    panel.hidden = false;
    // Whoever peeks goes on through the rows; whoever opened the panel works in it.
    if (!isPeek && !panel.contains(document.activeElement)) (body.querySelector(FIELDS) || body).focus();
    return;
  }
  offer?.remove();
  if (!dialog.open) dialog.showModal();
  const first = body.querySelector("[autofocus], [data-focus]") || body.querySelector(`${FIELDS}, button, a[href]`);
  first?.focus();
}

function closePanel() {
  if (!panel || panel.hidden) return false;
  panel.hidden = true;
  opener?.focus?.();
  return true;
}

function closeDialog() {
  isTouched = false;
  if (dialog?.open) dialog.close();
}

/** What fills the dialog anew; suggestions beside a field of a form leave what was typed there. */
function isWhole(part) {
  return dialog.contains(part) && !part.closest("form");
}

/** Say that what was typed is not saved, and open the dialog with it again when asked. */
function offerBack(parts) {
  const act = () => {
    if (dialog.open) return;
    const body = document.getElementById("dialog-body");
    body.replaceChildren(...parts);
    isTouched = true;
    open(body);
  };
  offer = show({ text: dialog.dataset.unsaved, tone: "warning", act, actText: dialog.dataset.reopen });
}

if (dialog && panel) {
  document.body.addEventListener("htmx:beforeRequest", (event) => {
    const target = event.detail.target;
    if (target?.matches?.("#dialog-body, #panel-body") && !target.contains(event.detail.elt)) {
      opener = document.activeElement;
      isPeek = event.detail.elt === document.body;
    }
  });
  document.body.addEventListener("htmx:afterSwap", (event) => {
    const body = event.detail.target;
    if (isWhole(body) && event.detail.xhr?.status < 300) isTouched = false;
    if (body?.matches?.("#dialog-body, #panel-body") && body.textContent.trim()) open(body);
  });
  for (const name of ["input", "change"]) {
    dialog.addEventListener(name, (event) => {
      const form = event.target.closest("form[method=post]");
      if (form && !form.matches("[data-draft-key]")) isTouched = true;
    });
  }
  dialog.addEventListener("close", () => {
    const body = document.getElementById("dialog-body");
    const parts = [...body.childNodes];
    body.replaceChildren();
    if (opener?.isConnected) opener.focus();
    if (isTouched) offerBack(parts);
    isTouched = false;
  });
  document.body.addEventListener("dialog-close", closeDialog);
  document.body.addEventListener("panel-close", closePanel);
}

// A form that is a page of its own is opened to write at once, as in the dialog.
const alone = document.querySelector("main form.dialog-form");
if (alone && document.activeElement === document.body) alone.querySelector(`[autofocus], ${FIELDS}`)?.focus();

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-dialog-close]")) leave(event.target.closest("dialog"));
  if (event.target.closest("[data-panel-close]")) closePanel();
  if (event.target instanceof HTMLDialogElement && outside(event)) event.target.close();
});

/** Close the dialog; a form that is a page of its own leads back, in a new tab to where it belongs. */
function leave(dialogAround) {
  if (dialogAround) dialogAround.close();
  else goBack();
}

/** A click on the backdrop is a click on the dialog outside its box. */
function outside(event) {
  const box = event.target.getBoundingClientRect();
  const { clientX: x, clientY: y, detail } = event;
  return detail > 0 && (x < box.left || x > box.right || y < box.top || y > box.bottom);
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !document.querySelector("dialog[open]") && closePanel()) {
    event.preventDefault();
  }
});

// hx-confirm asks in a dialog that can be read, styled and translated.
document.body.addEventListener("htmx:confirm", (event) => {
  if (!event.detail.question || !confirmation) return;
  event.preventDefault();
  document.getElementById("confirm-text").textContent = event.detail.question;
  confirmation.returnValue = "no";
  confirmation.addEventListener(
    "close",
    () => confirmation.returnValue === "yes" && event.detail.issueRequest(true),
    { once: true },
  );
  confirmation.showModal();
});
