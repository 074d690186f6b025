/* Spreading a payment by hand: <form data-spread data-free="100.00"> with rows [data-spread-row
   data-open="60.00"]. Says what is left; the card of the payment dragged onto a row fills in as much
   as the row still takes. The fields do the same without a mouse. */

const read = (text) => Math.round(Number(text.replace(/[^\d,.-]/g, "").replace(",", ".")) * 100) || 0;
const shown = (kopecks) => new Intl.NumberFormat("ru", { minimumFractionDigits: 2 }).format(kopecks / 100);
const fields = (form) => [...form.querySelectorAll("[data-spread-row] input")];

function left(form) {
  return read(form.dataset.free) - fields(form).reduce((sum, field) => sum + read(field.value), 0);
}

function tell(form) {
  const place = form.querySelector("[data-spread-left]");
  if (place) place.textContent = `${place.dataset.words}: ${shown(left(form))} ₽`;
}

function rowOf(event) {
  return event.target.closest?.("[data-spread] [data-spread-row]");
}

document.addEventListener("input", (event) => {
  const form = event.target.closest("[data-spread]");
  if (form) tell(form);
});

document.addEventListener("dragstart", (event) => {
  if (event.target.matches?.("[data-spread-card]")) event.dataTransfer.setData("text/plain", "payment");
});

for (const name of ["dragover", "dragleave"]) {
  document.addEventListener(name, (event) => {
    const row = rowOf(event);
    row?.classList.toggle("spread-over", name === "dragover");
    if (row && name === "dragover") event.preventDefault();
  });
}

document.addEventListener("drop", (event) => {
  const row = rowOf(event);
  if (!row) return;
  event.preventDefault();
  row.classList.remove("spread-over");
  const form = row.closest("form");
  const field = row.querySelector("input");
  field.value = "";
  field.value = shown(Math.max(0, Math.min(left(form), read(row.dataset.open))));
  tell(form);
});

document.querySelectorAll("[data-spread]").forEach(tell);
