// Messages in the corner: from HX-Trigger, from the page itself, and for answers that failed.
import { make, openDialog } from "./dom.js";

const box = document.getElementById("toasts");
const SHORT = 6000;
const WITH_UNDO = 12000;
// What is said while the server cannot be reached.
const LINE = ["offline", "502", "503", "504"].map((name) => box?.getAttribute(`data-text-${name}`));

function close(toast) {
  toast.remove();
}

/** Disappears by itself unless the pointer or the focus rests on it. */
function arm(toast, delay) {
  let timer = setTimeout(() => close(toast), delay);
  const hold = () => clearTimeout(timer);
  const release = () => {
    clearTimeout(timer);
    timer = setTimeout(() => close(toast), delay);
  };
  toast.addEventListener("mouseenter", hold);
  toast.addEventListener("focusin", hold);
  toast.addEventListener("mouseleave", release);
  toast.addEventListener("focusout", release);
}

/** Show a message; with `undo` (an address) also the button that posts to it, with `act` one that does. */
export function show({ text, tone = "success", undo = "", link = "", linkText = "", act = null, actText = "" }) {
  if (!box || !text) return null;
  const toast = make("div", { class: `toast show tone-${tone}`, role: tone === "danger" ? "alert" : "status" });
  const body = make("div", { class: "toast-body" });
  body.append(make("span", { class: "toast-text" }, text));
  if (link) body.append(make("a", { class: "btn btn-sm", href: link }, linkText || link));
  if (undo) {
    const button = make("button", { class: "btn btn-sm", type: "button" }, box.dataset.undo);
    button.addEventListener("click", () => {
      close(toast);
      window.htmx.ajax("POST", undo, { source: document.body, target: document.body, swap: "none" });
    });
    body.append(button);
  }
  if (act) {
    const button = make("button", { class: "btn btn-sm", type: "button" }, actText);
    button.addEventListener("click", () => {
      close(toast);
      act();
    });
    body.append(button);
  }
  const cross = make("button", { class: "btn-close", type: "button", "aria-label": box.dataset.close });
  cross.addEventListener("click", () => close(toast));
  body.append(cross);
  toast.append(body);
  // A modal dialog makes the rest of the page inert: the message must stand inside it.
  (openDialog() || document.body).append(box);
  box.append(toast);
  if (tone !== "danger") arm(toast, undo || act ? WITH_UNDO : SHORT);
  return toast;
}

/** Say what failed, once: a poll that fails every second adds nothing, a press says it anew. */
function complain(text, config) {
  const said = [...box.querySelectorAll(".toast")].filter((one) => one.querySelector(".toast-text")?.textContent === text);
  if (said.length && !config?.triggeringEvent) return;
  said.forEach(close);
  const toast = show({ text, tone: "danger" });
  if (LINE.includes(text)) toast?.setAttribute("data-line", "");
}

function explains(xhr) {
  return (xhr.getResponseHeader("HX-Trigger") || "").includes('"toast"');
}

if (box) {
  document.addEventListener("close", () => document.body.append(box), true);
  box.querySelectorAll("[data-toast]").forEach((toast) => {
    toast.querySelector("[data-toast-close]").addEventListener("click", () => close(toast));
    if (!toast.classList.contains("tone-error")) arm(toast, SHORT);
  });
  document.body.addEventListener("toast", (event) => show(event.detail));
  document.body.addEventListener("htmx:responseError", (event) => {
    const { xhr, requestConfig } = event.detail;
    if (explains(xhr)) return;
    complain(box.getAttribute(`data-text-${xhr.status}`) || box.dataset.textError, requestConfig);
  });
  for (const name of ["htmx:sendError", "htmx:timeout"]) {
    document.body.addEventListener(name, ({ detail }) => complain(box.dataset.textOffline, detail.requestConfig));
  }
  // The server answers again: it is no longer true that it does not.
  document.body.addEventListener("htmx:afterOnLoad", ({ detail }) => {
    if (detail.xhr.status < 400) box.querySelectorAll("[data-line]").forEach(close);
  });
}
