/* The sum of a claim: [data-claim-sum] with lines [data-claim-line]. A ticked line of a sale counts
   its data-amount by the claimed part of its data-quantity, a typed one its quantity and price;
   the amount follows them until somebody types another one. A quantity that is typed ticks its line.
   Without this script an empty amount means the same sum. */

const read = (text) => Number((text || "").replace(/[^\d,.-]/g, "").replace(",", ".")) || 0;
const shown = (sum) =>
  new Intl.NumberFormat("ru", { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(sum);

function amountOf(line) {
  const [first, second, third] = line.querySelectorAll("input");
  if (line.dataset.amount) {
    const part = second.value.trim() ? read(second.value) / read(line.dataset.quantity) : 1;
    return first.checked ? Math.round(read(line.dataset.amount) * part * 100) / 100 : 0;
  }
  return first.value.trim() ? Math.round((read(second.value) || 1) * read(third.value) * 100) / 100 : 0;
}

function sumOf(place) {
  const lines = [...place.querySelectorAll("[data-claim-line]")];
  return lines.reduce((total, line) => total + amountOf(line), 0);
}

function count(place) {
  const field = place.querySelector("[name=claimed_amount]");
  if (!field || (field.value && field.value !== field.dataset.counted)) return;
  const sum = sumOf(place);
  field.value = field.dataset.counted = sum ? shown(sum) : "";
}

// A form that came back, or one of a claim that stands: an amount that is the sum of its lines goes
// on following them. It is asked before anything is changed on the new form.
function recall(place) {
  const field = place.querySelector("[name=claimed_amount]");
  const cents = (sum) => Math.round(sum * 100);
  if (!field?.value || "counted" in field.dataset) return;
  if (cents(read(field.value)) === cents(sumOf(place))) field.dataset.counted = field.value;
}

document.addEventListener("input", (event) => {
  const place = event.target.closest?.("[data-claim-sum]");
  if (!place) return;
  const line = event.target.closest("[data-claim-line][data-amount]");
  if (line && event.target.type === "text") line.querySelector("[type=checkbox]").checked = true;
  if (event.target.closest("[data-claim-line]")) count(place);
});
function begin() {
  for (const place of document.querySelectorAll("[data-claim-sum]")) {
    recall(place);
    count(place);
  }
}

document.addEventListener("htmx:afterSwap", begin);
begin();
