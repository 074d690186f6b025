/* Spreading a payment by hand: <form data-spread data-free="100.00"> with rows [data-spread-row
   data-open="60.00"]. Says what is left; the card of the payment dragged onto a row fills in all
   that the row takes, at the cost of the others. The fields do the same without a mouse. */

const read = (text) => Math.round(Number(text.replace(/[^\d,.-]/g, "").replace(",", ".")) * 100) || 0;
const shown = (kopecks) => new Intl.NumberFormat("ru", { minimumFractionDigits: 2 }).format(kopecks / 100);
const fields = (form) => [...form.querySelectorAll("[data-spread-row] input")];
let dragged = false;

function left(form) {
  return read(form.dataset.free) - fields(form).reduce((sum, field) => sum + read(field.value), 0);
}

function tell(form) {
  const place = form.querySelector("[data-spread-left]");
  const rest = left(form);
  if (!place) return;
  place.textContent = `${rest < 0 ? place.dataset.over : place.dataset.words}: ${shown(Math.abs(rest))} ₽`;
  place.classList.toggle("text-danger", rest < 0);
}

/** This field takes the sum; what the payment lacks then the others give up, the last ones first. */
function pay(form, field, kopecks) {
  field.value = shown(kopecks);
  for (const other of fields(form).reverse()) {
    const kept = read(other.value) + Math.min(0, left(form));
    if (other !== field && left(form) < 0) other.value = kept > 0 ? shown(kept) : "";
  }
}

/** The row under the card of the payment; nothing while text or a link is dragged. */
function rowOf(event) {
  return dragged && event.target.closest?.("[data-spread] [data-spread-row]");
}

document.addEventListener("input", (event) => {
  const form = event.target.closest("[data-spread]");
  if (form) tell(form);
});

document.addEventListener("dragstart", (event) => {
  dragged = event.target.matches?.("[data-spread-card]");
  if (!dragged) return;
  event.dataTransfer.setData("text/plain", event.target.textContent.trim());
  event.dataTransfer.effectAllowed = "copy";
});
document.addEventListener("dragend", () => (dragged = false));

for (const name of ["dragover", "dragleave"]) {
  document.addEventListener(name, (event) => {
    const row = rowOf(event);
    if (!row) return;
    row.classList.toggle("spread-over", name === "dragover");
    if (name === "dragover") event.preventDefault();
  });
}

document.addEventListener("drop", (event) => {
  const row = rowOf(event);
  if (!row) return;
  event.preventDefault();
  row.classList.remove("spread-over");
  const form = row.closest("form");
  pay(form, row.querySelector("input"), Math.min(read(form.dataset.free), read(row.dataset.open)));
  tell(form);
});

document.querySelectorAll("[data-spread]").forEach(tell);
