// Small comforts of forms: sent once, sent on choice, dates by a button, copying.
import { goBack, store } from "./dom.js";

const ONCE = 10_000; // afterwards a form that got no answer, or was stopped, may be sent again
// Forms that stay on the page after they were sent.
const RESENDABLE = "[hx-post], [hx-put], [data-theme-form], [data-again]";

// A second click while the first is on its way is none; htmx would send it afterwards. Forms that
// say themselves what becomes of it (hx-sync) are left alone.
const underWay = new WeakSet();
document.addEventListener("htmx:beforeSend", ({ detail }) => {
  if (detail.requestConfig.verb !== "get") underWay.add(detail.elt); // asking how many is no sending
});
document.addEventListener("htmx:afterRequest", ({ detail }) => underWay.delete(detail.elt));
document.addEventListener("submit", (event) => {
  if (!underWay.has(event.target) || event.target.closest("[hx-sync]")) return;
  event.preventDefault();
  event.stopPropagation();
}, true);

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("[data-forget]")) store.forget();
  if (event.defaultPrevented || form.method !== "post" || form.matches(RESENDABLE)) return;
  if (Date.now() - (form.dataset.sent || 0) < ONCE) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = Date.now();
});

// Back from the next page: the form may be sent again.
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});

document.addEventListener("change", (event) => {
  if (event.target.closest("[data-autosubmit]")) event.target.form?.requestSubmit();
});

document.addEventListener("click", async (event) => {
  const copied = event.target.closest("[data-copy]");
  if (copied) {
    await navigator.clipboard.writeText(copied.dataset.copy);
    document.body.dispatchEvent(new CustomEvent("toast", { detail: { text: copied.dataset.copied || copied.dataset.copy } }));
  }
  const back = event.target.closest("[data-back]");
  if (back && !event.ctrlKey && !event.metaKey) {
    event.preventDefault(); // a link leads back without scripts, and in a new tab
    goBack(back.href);
  }
  if (event.target.closest("[data-reload]")) window.location.reload();
  const login = event.target.closest("[data-login]");
  if (login) {
    document.getElementById("id_login").value = login.dataset.login;
    document.getElementById("id_password").value = login.dataset.password;
    document.getElementById("id_login").form.requestSubmit();
  }
});

// A refused form, which may have taken the place of itself or of the page: the first wrong field
// gets the focus, also where another one asks for it, and what is wrong can be read at once.
const WRONG = ".is-invalid, [aria-invalid=true]";
const REFUSED = [409, 422];

/** Whether the words are on the screen and nothing stands over them, as buttons at its edge do. */
function isClear(words) {
  const { left, bottom } = words.getBoundingClientRect();
  return words.contains(document.elementFromPoint(left + 1, bottom - 1));
}

function showWrong(root) {
  root.querySelector(WRONG)?.focus();
  const said = [...root.querySelectorAll(".invalid-feedback")].find((words) => words.checkVisibility());
  const words = said || root.querySelector("form .error-state") || root.querySelector(":scope > .error-state");
  if (words && !isClear(words)) words.scrollIntoView({ block: "center" });
}

document.body.addEventListener("htmx:afterSettle", ({ target, detail }) => {
  if (REFUSED.includes(detail.xhr?.status) && target.isConnected) showWrong(target);
});

// A page that shows a wrong field on its own account keeps its focus; an old browser cannot tell.
const { responseStatus = 422 } = performance.getEntriesByType("navigation")[0] || {};
const refused = document.querySelector(`main form :is(${WRONG})`)?.closest("form");
if (refused && REFUSED.includes(responseStatus)) showWrong(refused);
