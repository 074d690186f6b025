// Ctrl+K: search by the server, recent records and commands by the browser; a combobox for readers.
import { make, store } from "./dom.js";

const RECENT = 8;
const PAUSE = 150;
const palette = document.getElementById("palette");
const input = document.getElementById("palette-input");
let timer = 0;

const options = () => [...palette.querySelectorAll(".palette-item")].filter((item) => item.getClientRects().length);
const chosen = () => palette.querySelector('.palette-item[aria-selected="true"]');

function choose(item) {
  // A list box without options is none.
  document.getElementById("palette-list").setAttribute("role", item ? "listbox" : "group");
  input.setAttribute("aria-expanded", String(Boolean(item)));
  chosen()?.setAttribute("aria-selected", "false");
  if (!item) {
    input.removeAttribute("aria-activedescendant");
    return;
  }
  if (!item.id) item.id = `palette-option-${options().indexOf(item)}`;
  item.setAttribute("aria-selected", "true");
  input.setAttribute("aria-activedescendant", item.id);
  item.scrollIntoView({ block: "nearest" });
}

function move(step) {
  const items = options();
  const place = items.indexOf(chosen());
  choose(items[(place + step + items.length) % items.length]);
}

function announce() {
  const status = document.getElementById("palette-status");
  status.textContent = status.dataset.found.replace("{n}", options().length);
}

/** Records this person has opened lately in this browser. */
function showRecent() {
  const group = document.getElementById("palette-recent");
  group.querySelectorAll(".palette-item").forEach((item) => item.remove());
  const records = input.value ? [] : store.get("recent", []);
  records.forEach(({ url, title }, place) => {
    const item = make("a", { class: "palette-item", role: "option", href: url, tabindex: "-1", id: `palette-recent-${place}`, "aria-selected": "false" });
    item.append(make("i", { class: "ti ti-history", "aria-hidden": "true" }), make("span", {}, title));
    group.append(item);
  });
  group.hidden = records.length === 0;
}

/** Case and accents (so also the two dots of yo) do not count. */
const plain = (text) => text.trim().toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");

// The same keys of the two layouts; the Russian letters by their codes, for no text stands in a script.
const LATIN = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`";
const RUSSIAN = [
  "\u0439\u0446\u0443\u043a\u0435\u043d\u0433\u0448\u0449\u0437\u0445\u044a\u0444\u044b\u0432\u0430",
  "\u043f\u0440\u043e\u043b\u0434\u0436\u044d\u044f\u0447\u0441\u043c\u0438\u0442\u044c\u0431\u044e",
  "\u0451",
].join("");
const other = (letter) => RUSSIAN[LATIN.indexOf(letter)] || LATIN[RUSSIAN.indexOf(letter)] || letter;
const inOtherLayout = (text) => [...text.toLowerCase()].map(other).join("");

function filterCommands() {
  const typed = [plain(input.value), plain(inOtherLayout(input.value))];
  const group = document.getElementById("palette-commands");
  let shown = 0;
  for (const item of group.querySelectorAll(".palette-item")) {
    const words = plain(item.textContent);
    item.hidden = !typed.some((text) => words.includes(text));
    shown += item.hidden ? 0 : 1;
  }
  group.hidden = shown === 0;
}

function refresh() {
  showRecent();
  filterCommands();
  choose(options()[0]);
}

function search() {
  clearTimeout(timer);
  const results = document.getElementById("palette-results");
  refresh();
  if (!input.value.trim()) {
    results.replaceChildren();
    refresh();
    return;
  }
  timer = setTimeout(() => window.htmx.trigger(input, "search-now"), PAUSE);
}

function open() {
  if (palette.open) return;
  input.value = "";
  document.getElementById("palette-results").replaceChildren();
  palette.showModal();
  refresh();
  input.focus();
}

function follow(item, event) {
  if (item.dataset.dialogUrl) {
    event.preventDefault();
    palette.close();
    window.htmx.ajax("GET", item.dataset.dialogUrl, { target: "#dialog-body", swap: "innerHTML" });
  } else if (event.type === "keydown") {
    event.preventDefault();
    if (item.type === "submit") item.click();
    else if (event.ctrlKey || event.metaKey) window.open(item.href, "_blank", "noopener");
    else window.location.assign(item.href);
  }
}

function remember() {
  const record = document.querySelector("[data-record]");
  if (!record) return;
  const entry = { url: window.location.pathname, title: record.dataset.record.slice(0, 120) };
  const others = store.get("recent", []).filter((known) => known.url !== entry.url);
  store.set("recent", [entry, ...others].slice(0, RECENT));
}

if (palette) {
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-palette-open]")) open();
    const item = event.target.closest(".palette-item");
    if (item && palette.contains(item)) follow(item, event);
  });
  input.addEventListener("input", search);
  input.addEventListener("keydown", (event) => {
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps) {
      event.preventDefault();
      move(steps[event.key]);
    } else if (event.key === "Enter" && chosen()) {
      follow(chosen(), event);
    } else if (event.key === "Escape") {
      event.preventDefault(); // a search field would only be emptied by the first Escape
      palette.close();
    }
  });
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id !== "palette-results") return;
    if (!input.value.trim()) event.detail.target.replaceChildren();
    choose(options()[0]);
    announce();
  });
}
remember();
