/* A form that is sent after the session has ended, or that gets no answer, is not lost: the same
   person, back at it in this tab, finds it filled in. Passwords, files and hidden fields are not kept
   (drafts.js) but for the key of the form: what was saved nevertheless is not saved twice. */
import { leadsToSignIn } from "./dom.js";
import { putBack, values } from "./drafts.js";
import { show } from "./toast.js";
import { keepSent, lastSent, markLost } from "./unsent-mark.js";

const HOUR = 3600 * 1000;
const user = document.body.dataset.user;
const keyOf = (form) => form.querySelector("input[type=hidden]:is([name=key], [name=once])");
const address = (form) => new URL(form.getAttribute("hx-post") || form.action, location).pathname;

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.getAttribute("method")?.toLowerCase() !== "post" && !form.hasAttribute("hx-post")) return;
  if (!user || form.matches("[data-forget], [data-again]")) return;
  const key = keyOf(form)?.value;
  keepSent({ user, action: address(form), at: Date.now(), typed: values(form), key });
});

document.body.addEventListener("htmx:beforeOnLoad", (event) => {
  if (event.detail.requestConfig?.verb === "get") return;
  if (leadsToSignIn(event.detail.xhr)) markLost();
  else keepSent(null);
});

/** What this person has sent in vain lately. */
function lostForm() {
  const sent = lastSent();
  return sent?.lost && sent.user === user && Date.now() - sent.at < HOUR ? sent : null;
}

function bring(root) {
  const sent = lostForm();
  if (!sent) return;
  const forms = root.matches?.("form") ? [root] : [...root.querySelectorAll("form")];
  const form = forms.find((one) => !one.hasAttribute("data-autosubmit") && address(one) === sent.action);
  if (!form) return;
  keepSent(null);
  putBack(form, sent.typed);
  if (sent.key && keyOf(form)) keyOf(form).value = sent.key;
  form.dispatchEvent(new Event("change", { bubbles: true }));
  const words = document.getElementById("toasts")?.dataset;
  const isTyped = Object.keys(sent.typed).length > 0;
  const text = { "signed out": isTyped ? words?.textUnsent : words?.textLost, failed: words?.textFailed };
  show({ text: text[sent.lost], tone: "warning" });
}

let isTold = false;

/** The form stood in a dialog of this page: say at once that it was not taken, and open it again. */
function offer() {
  const sent = isTold ? null : lostForm();
  if (sent?.lost === "failed") return; // that was told where it was sent
  const opens = (link) => new URL(link.getAttribute("hx-get"), location).pathname === sent.action;
  const opener = sent && [...document.querySelectorAll("main [hx-get]:is(a, button)")].find(opens);
  if (!opener) return;
  isTold = true;
  const { textLost, reopen } = document.getElementById("toasts").dataset;
  show({ text: textLost, tone: "warning", act: () => opener.click(), actText: reopen });
}

// A page that is no sign-in page answered the form: it was taken, or shows itself what is wrong. A
// page that one came back to is no answer: had there been one, it would have forgotten the form.
if (performance.getEntriesByType("navigation")[0]?.type === "back_forward") markLost("failed");
if (!lastSent()?.lost || lastSent().user !== user) keepSent(null);
document.body.addEventListener("htmx:load", (event) => queueMicrotask(() => {
  bring(event.detail.elt);
  offer();
}));
