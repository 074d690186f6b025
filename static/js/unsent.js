/* A form that is sent after the session has ended is not lost: the same person, signed in again in
   this tab, finds it filled in. Passwords, files and hidden fields are not kept (drafts.js). */
import { leadsToSignIn } from "./dom.js";
import { putBack, values } from "./drafts.js";
import { show } from "./toast.js";
import { keepSent, lastSent, markLost } from "./unsent-mark.js";

const HOUR = 3600 * 1000;
const user = document.body.dataset.user;
const address = (form) => new URL(form.getAttribute("hx-post") || form.action, location).pathname;

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.getAttribute("method")?.toLowerCase() !== "post" && !form.hasAttribute("hx-post")) return;
  if (!user || form.hasAttribute("data-forget")) return;
  keepSent({ user, action: address(form), at: Date.now(), typed: values(form) });
});

document.body.addEventListener("htmx:beforeOnLoad", (event) => {
  if (event.detail.requestConfig?.verb === "get") return;
  if (leadsToSignIn(event.detail.xhr)) markLost();
  else keepSent(null);
});

function bring(root) {
  const sent = lastSent();
  if (!sent?.lost || sent.user !== user || Date.now() - sent.at > HOUR) return;
  const forms = root.matches?.("form") ? [root] : [...root.querySelectorAll("form")];
  const form = forms.find((one) => !one.hasAttribute("data-autosubmit") && address(one) === sent.action);
  if (!form) return;
  keepSent(null);
  putBack(form, sent.typed);
  form.dispatchEvent(new Event("change", { bubbles: true }));
  show({ text: document.getElementById("toasts")?.dataset.textUnsent, tone: "warning" });
}

// A page that is no sign-in page answered the form: it was taken, or shows itself what is wrong.
if (!lastSent()?.lost || lastSent().user !== user) keepSent(null);
document.body.addEventListener("htmx:load", (event) => queueMicrotask(() => bring(event.detail.elt)));
