/* The list of goods under a product field of the lines editor: asked for while one types, walked by
   arrows, read out as a combobox. Whoever uses it says what happens with the chosen one. */
import { make } from "./dom.js";

const WAIT = 150;
let timer;
let asked;

export function close(field) {
  clearTimeout(timer);
  asked?.abort();
  document.getElementById("goods-list")?.remove();
  field?.setAttribute("aria-expanded", "false");
  field?.removeAttribute("aria-activedescendant");
}

function activate(field, option) {
  for (const other of option.parentElement.children) other.setAttribute("aria-selected", String(other === option));
  field.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

/** With `take` (Enter came before the list) the only one that was found is taken at once. */
export async function ask(field, take = null) {
  clearTimeout(timer);
  const form = field.form;
  const text = field.value.trim();
  if (!text) return close(field);
  asked?.abort();
  asked = new AbortController();
  const query = new URLSearchParams({ q: text, kind: form.elements.price_kind.value });
  try {
    const answer = await fetch(`${form.dataset.linesEditor}?${query}`, { signal: asked.signal });
    const found = answer.ok ? await answer.json() : null;
    if (!found || document.activeElement !== field) return;
    show(field, found);
    if (take && found.goods.length === 1) take(field, document.getElementById("goods-0"));
  } catch (error) {
    if (error.name !== "AbortError") close(field);
  }
}

function optionOf(goods, place) {
  const option = make("li", {
    role: "option", id: `goods-${place}`, "aria-selected": "false", "data-value": goods.value, "data-price": goods.price,
  });
  const facts = make("span", { class: "goods-facts" });
  facts.append(make("span", {}, goods.sku), make("span", {}, goods.unit), make("b", {}, goods.shown));
  option.append(make("span", { class: "goods-name" }, goods.name), facts);
  return option;
}

function show(field, found) {
  document.getElementById("goods-list")?.remove();
  const list = make("ul", { id: "goods-list", role: "listbox", class: "goods-list", "aria-label": found.label });
  list.append(...found.goods.map(optionOf));
  if (!found.goods.length) {
    list.append(make("li", { role: "option", class: "goods-none", "aria-disabled": "true", "aria-selected": "false" }, found.none));
  }
  field.after(list);
  field.setAttribute("aria-expanded", "true");
  const first = list.querySelector("[data-value]");
  if (first) activate(field, first);
}

/** Ask when the typing pauses. */
export function askSoon(field) {
  clearTimeout(timer);
  timer = setTimeout(() => ask(field), WAIT);
}

/** A key in the open list; false for one that means nothing there. */
export function move(event, field, list, take) {
  const options = [...list.querySelectorAll("[data-value]")];
  const now = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    const step = event.key === "ArrowDown" ? 1 : -1;
    if (options.length) activate(field, options[(now + step + options.length) % options.length]);
  } else if (event.key === "Enter") {
    if (options[now]) take(field, options[now]);
  } else if (event.key === "Escape") {
    close(field);
  } else {
    return false;
  }
  return true;
}
