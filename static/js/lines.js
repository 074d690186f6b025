/* Lines of an order by the keyboard alone: <form data-lines-editor="/address/of/goods/">.
   A product field [data-goods] asks for articles and names while one types: arrows choose, Enter
   takes one and goes to its quantity; Enter in another field of the line goes to the next line and
   makes one where there is none; Ctrl+Enter sends the order in. Sums are counted in kopecks, half up
   as the server does. Without this script the buttons of the form do the same. */
import { ask, askSoon, close, move } from "./goods.js";

const FIELD = "[data-lines-editor] [data-line] input";

/** «1 234,5» as a whole number of parts (100: kopecks); null for what is no number. */
function read(text, parts) {
  const plain = text.replace(/[\s\u00a0\u202f₽%]/g, "").replace(",", ".");
  const found = /^(\d{1,13})(?:\.(\d*))?$/.exec(plain);
  if (!found) return null;
  const places = String(parts).length - 1;
  return BigInt(found[1] + (found[2] || "").slice(0, places).padEnd(places, "0"));
}

const half = (whole, part) => (whole + part / 2n) / part;
const shown = (kopecks) =>
  `${new Intl.NumberFormat("ru").format(kopecks / 100n)},${String(kopecks % 100n).padStart(2, "0")} ₽`;
const fieldOf = (line, name) => line.querySelector(`input[name$="-${name}"]`);

function amountOf(line) {
  const quantity = read(fieldOf(line, "quantity").value, 1000);
  const price = read(fieldOf(line, "price").value, 100);
  const discount = read(fieldOf(line, "discount_pct").value || "0", 100);
  if (quantity === null || price === null || discount === null || discount > 10000n) return null;
  return half(quantity * half(price * (10000n - discount), 10000n), 1000n);
}

function count(form) {
  let total = 0n;
  let filled = 0;
  for (const line of form.querySelectorAll("[data-line]")) {
    const amount = amountOf(line);
    line.querySelector("[data-line-amount]").textContent = amount === null ? "" : shown(amount);
    if (amount !== null) {
      total += amount;
      filled += 1;
    }
  }
  const place = form.querySelector("[data-lines-total]");
  place.textContent = `${place.dataset.words}: ${filled} · ${place.dataset.total}: ${shown(total)}`;
}

function take(field, option) {
  const line = field.closest("[data-line]");
  field.value = option.dataset.value;
  const price = fieldOf(line, "price");
  if (option.dataset.price || price.dataset.taken) price.value = option.dataset.price;
  price.dataset.taken = "yes";
  close(field);
  const quantity = fieldOf(line, "quantity");
  quantity.focus();
  quantity.select();
  count(field.form);
}

/** The product field of the next line, which is made where there is none. */
function next(form, line) {
  const lines = [...form.querySelectorAll("[data-line]")];
  const following = lines[lines.indexOf(line) + 1];
  if (following) return fieldOf(following, "product");
  const counter = form.querySelector("[data-lines-count]");
  const number = Number(counter.value);
  const made = form.querySelector("[data-line-template]").content.firstElementChild.cloneNode(true);
  for (const element of made.querySelectorAll("*")) {
    for (const attribute of element.attributes) attribute.value = attribute.value.replace("__n__", number);
  }
  form.querySelector("[data-lines]").append(made);
  counter.value = String(number + 1);
  made.querySelector("[data-line-number]").textContent = String(number + 1);
  return fieldOf(made, "product");
}

document.addEventListener("keydown", (event) => {
  const field = event.target.closest?.("[data-lines-editor] input");
  if (!field || event.isComposing) return;
  const form = field.form;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    close();
    form.querySelector("[data-lines-submit]").click();
    return;
  }
  const list = field.matches("[data-goods]") && document.getElementById("goods-list");
  if (list && move(event, field, list, take)) {
    event.preventDefault();
    event.stopPropagation();
    return;
  }
  if (event.key !== "Enter") return;
  event.preventDefault(); // Enter never sends a half-typed order
  const line = field.closest("[data-line]");
  if (!line) return;
  if (!field.matches("[data-goods]")) return next(form, line).focus();
  if (field.value.trim()) ask(field, take);
  else form.querySelector("[data-lines-submit]").focus();
});

document.addEventListener("input", (event) => {
  const field = event.target.closest?.(FIELD);
  if (!field) return;
  count(field.form);
  if (field.name.endsWith("-price")) delete field.dataset.taken;
  if (field.matches("[data-goods]")) askSoon(field);
});

document.addEventListener("mousedown", (event) => {
  const option = event.target.closest("#goods-list [data-value]");
  if (!option) return;
  event.preventDefault(); // the field keeps the focus until its value is taken
  take(option.closest(".order-goods").querySelector("[data-goods]"), option);
});

document.addEventListener("focusout", (event) => {
  if (event.target.matches?.("[data-goods]")) close(event.target);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-lines-editor] [data-line-add]");
  if (!button) return;
  event.preventDefault();
  const lines = button.form.querySelectorAll("[data-line]");
  next(button.form, lines[lines.length - 1]).focus();
});

const countAll = () => document.querySelectorAll("[data-lines-editor]").forEach(count);
countAll();
document.body.addEventListener("htmx:afterSettle", countAll);
