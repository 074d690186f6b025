/* Cells of a plan: their values, the sums below them in kopecks, what is marked at them. */
import { make } from "./dom.js";

export const cellsOf = (form) => [...form.querySelectorAll("[data-cell]")];
export const rowsOf = (form) => [...form.querySelectorAll("[data-plan-row]")];
const isMoney = (name) => /^(ship|cash|m\d\d)$/.test(name);

/** «1 234,5» as a number with a dot, money with two places; the text itself where it is none. */
export function plain(cell) {
  const text = cell.value.trim();
  if (cell.dataset.cell === "comment" || !text) return text;
  const bare = text.replace(/[\s\u00a0\u202f₽]/g, "").replace(",", ".").replace("\u2212", "-");
  const found = /^(-?)0*(\d{1,13})(?:\.(\d{0,2}))?$/.exec(bare);
  if (!found) return text;
  return isMoney(cell.dataset.cell)
    ? `${found[1]}${found[2]}.${(found[3] || "").padEnd(2, "0")}`
    : `${found[1]}${found[2]}${Number(found[3] || 0) ? `.${found[3]}` : ""}`;
}

export const isChanged = (cell) => !cell.readOnly && plain(cell) !== cell.dataset.was;

/** A plain number in kopecks, or in hundredths of a piece; nothing for what is no number. */
function parts(text) {
  const found = /^(-?)(\d+)(?:\.(\d{1,2}))?$/.exec(text);
  return found ? BigInt(`${found[1]}${found[2]}${(found[3] || "").padEnd(2, "0")}`) : 0n;
}

function shown(sum, name) {
  const size = sum < 0n ? -sum : sum;
  const whole = new Intl.NumberFormat("ru").format(size / 100n);
  const text = isMoney(name) ? `${whole},${String(size % 100n).padStart(2, "0")}` : whole;
  return sum < 0n ? `\u2212${text}` : text;
}

/** The sum of a row, and of all rows, where the grid of a budget shows them. */
function countAcross(form) {
  let whole = 0n;
  for (const row of rowsOf(form)) {
    const place = row.querySelector("[data-plan-across]");
    if (!place) return;
    const cells = [...row.querySelectorAll("[data-cell]")];
    const sum = cells.reduce((found, cell) => found + parts(plain(cell)), 0n);
    place.textContent = shown(sum, "m00");
    whole += sum;
  }
  const place = form.querySelector("[data-plan-whole]");
  if (place) place.textContent = shown(whole, "m00");
}

export function count(form) {
  countAcross(form);
  const sums = {};
  for (const cell of cellsOf(form)) {
    sums[cell.dataset.cell] = (sums[cell.dataset.cell] || 0n) + parts(plain(cell));
  }
  for (const place of form.querySelectorAll("[data-plan-total]")) {
    const name = place.dataset.planTotal;
    sums[name] = (sums[name] || 0n) + parts(place.dataset.rest);
    place.textContent = shown(sums[name], name);
  }
  for (const place of form.querySelectorAll("[data-plan-left]")) {
    const name = place.dataset.planLeft;
    place.textContent = place.dataset.target
      ? shown(parts(place.dataset.target) - sums[name], name)
      : "";
  }
}

export function say(form, text, tone = "") {
  const place = form.querySelector("[data-plan-status]");
  place.textContent = text;
  place.dataset.tone = tone;
}

export function mark(cell) {
  cell.classList.toggle("is-unsaved", isChanged(cell));
}

export function clear(cell) {
  cell.removeAttribute("aria-invalid");
  cell.removeAttribute("aria-describedby");
  cell.classList.remove("is-invalid");
  cell.parentElement.querySelector("[data-plan-why]")?.remove();
}

/** Write beside the cell why it was not saved. */
export function tell(cell, text) {
  clear(cell);
  const id = `why-${cell.dataset.cell}-${cell.dataset.line}`;
  const why = make("span", { class: "plan-why", id, "data-plan-why": "" }, text);
  cell.setAttribute("aria-invalid", "true");
  cell.setAttribute("aria-describedby", id);
  cell.classList.add("is-invalid");
  cell.after(why);
  return why;
}

export const find = (form, line, name) =>
  form.querySelector(`[data-line="${Number(line)}"][data-cell="${CSS.escape(name)}"]`);
