// Single keys by their place on the keyboard (event.code), so a Russian layout works.
import { isShown, isTyping, make, openDialog, store } from "./dom.js";

const SEQUENCE_MS = 1200;
const NAMES = { Slash: "/", BracketLeft: "[", BracketRight: "]", Enter: "Enter", Space: "Space", Escape: "Esc" };
const help = document.getElementById("help");
let started = "";
let startedAt = 0;

const singleKeysOn = () => store.get("shortcuts", true);

/** "Ctrl+Shift+KeyK": the same spelling as in data-shortcut. */
function pressed(event) {
  const parts = [];
  if (event.ctrlKey || event.metaKey) parts.push("Ctrl");
  if (event.altKey) parts.push("Alt");
  if (event.shiftKey) parts.push("Shift");
  const isQuestion = event.key === "?";
  const isSlash = event.key === "/" && !event.shiftKey;
  if (isQuestion) return "Shift+Slash";
  parts.push(isSlash ? "Slash" : event.code.replace("NumpadEnter", "Enter"));
  return parts.join("+");
}

/** Elements of the layer in front: the open dialog, else the page. The page wins over the shell. */
function candidates() {
  const layer = openDialog() || document;
  const all = [...layer.querySelectorAll("[data-shortcut]")].filter(
    (element) => !element.disabled && (isShown(element) || element.closest(".dropdown-menu")),
  );
  const inMain = (element) => Boolean(element.closest("main, dialog, #panel"));
  return all.sort((a, b) => Number(inMain(b)) - Number(inMain(a)));
}

function spellings(element) {
  return element.dataset.shortcut.split(" ");
}

function find(combination) {
  return candidates().find((element) => spellings(element).includes(combination));
}

function startsSequence(code) {
  return candidates().some((element) => spellings(element).some((keys) => keys.startsWith(`${code}>`)));
}

function run(element, event) {
  event.preventDefault();
  if (element.matches("input:not([type=radio]):not([type=checkbox]), select, textarea")) element.focus();
  else element.click();
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.repeat || event.isComposing) return;
  const combination = pressed(event);
  const withModifier = event.ctrlKey || event.metaKey || event.altKey;
  if (!withModifier && (isTyping(event.target) || !singleKeysOn())) return;
  const recent = event.timeStamp - startedAt < SEQUENCE_MS ? started : "";
  started = "";
  const target = (recent && find(`${recent}>${combination}`)) || find(combination);
  if (target) {
    run(target, event);
  } else if (!withModifier && startsSequence(combination)) {
    started = combination;
    startedAt = event.timeStamp;
    event.preventDefault();
  }
});

/** "Ctrl+KeyK" as a person reads it. */
function readable(keys) {
  const one = (part) => NAMES[part] || part.replace(/^(Key|Digit|Numpad)/, "");
  if (keys === "Shift+Slash") return ["?"];
  return keys.split(">").map((step) => step.split("+").map(one).join(" + "));
}

function line(keys, label) {
  const term = make("dt");
  keys.split(" ").forEach((spelling, place) => {
    if (place) term.append(" · ");
    readable(spelling).forEach((step, index) => {
      if (index) term.append(` ${help.dataset.then} `);
      term.append(make("kbd", {}, step));
    });
  });
  return [term, make("dd", {}, label)];
}

function openHelp() {
  const list = document.getElementById("help-list");
  const seen = new Set();
  list.replaceChildren();
  for (const element of candidates()) {
    const label = element.dataset.shortcutLabel || element.getAttribute("aria-label") || element.textContent.trim();
    if (seen.has(element.dataset.shortcut)) continue;
    seen.add(element.dataset.shortcut);
    list.append(...line(element.dataset.shortcut, label));
  }
  for (const extra of document.querySelectorAll("[data-keys]")) {
    list.append(...line(extra.dataset.keys, extra.dataset.keysLabel));
  }
  if (!openDialog() && document.querySelector("[data-list] [data-row]")) {
    const has = (what) => document.querySelector(`[data-list] [data-row]${what}`);
    list.append(...line("KeyJ KeyK", help.dataset.keyMove), ...line("Enter", help.dataset.keyOpen));
    if (has("[data-peek]")) list.append(...line("Space", help.dataset.keyPeek));
    if (has(" input[data-select]")) list.append(...line("KeyX", help.dataset.keyMark));
    if (has("[data-edit]")) list.append(...line("KeyE", help.dataset.keyEdit));
  }
  if (sessionStorage.getItem("klientura:list")) {
    list.append(...line("BracketRight", help.dataset.next), ...line("BracketLeft", help.dataset.previous));
  }
  list.append(...line("Escape", help.dataset.escape));
  document.getElementById("shortcuts-on").checked = singleKeysOn();
  help.showModal();
}

if (help) {
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-help-open]")) openHelp();
  });
  document.getElementById("shortcuts-on").addEventListener("change", (event) => {
    store.set("shortcuts", event.target.checked);
  });
}
