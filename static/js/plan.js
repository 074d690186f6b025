/* The grid of a plan: <form data-plan-grid data-url="/where/cells/go/">, cells <input data-cell
   data-line data-was>. Arrows and Enter move, typing replaces, Escape takes back, Ctrl+V puts in
   the rows of a sheet. What was typed is sent as one batch a moment after a cell was left; the
   server saves all of it or nothing and says which cell stands in the way, or who changed it
   meanwhile. Sums are counted in kopecks. One small module instead of a grid library: cells are
   plain fields, so that a screen reader, a phone and the browser's own keys work as everywhere. */
import { cellsOf, clear, count, isChanged, mark, rowsOf, say } from "./plan-cells.js";
import { save, saveSoon } from "./plan-saving.js";

const CELL = "[data-plan-grid] [data-cell]";

/** Rows of a sheet from the cell on: to the right and down, as far as there are cells. */
function paste(form, from, text) {
  const lines = text.replace(/\r\n?/g, "\n").replace(/\n$/, "").split("\n");
  const rows = rowsOf(form);
  const start = rows.indexOf(from.closest("[data-plan-row]"));
  const column = [...rows[start].querySelectorAll("[data-cell]")].indexOf(from);
  let lost = 0;
  lines.forEach((line, down) => {
    const row = rows[start + down];
    if (!row) {
      lost += 1;
      return;
    }
    const cells = [...row.querySelectorAll("[data-cell]")];
    line.split("\t").forEach((value, right) => {
      const cell = cells[column + right];
      if (!cell || cell.readOnly) return;
      cell.value = value.trim();
      clear(cell);
      mark(cell);
    });
  });
  count(form);
  if (lost) say(form, `${form.dataset.beyond} ${lost}`, "danger");
  save(form, true);
}

function go(form, cell, down, right) {
  const rows = rowsOf(form);
  const row = cell.closest("[data-plan-row]");
  const cells = [...row.querySelectorAll("[data-cell]")];
  const place = cells.indexOf(cell) + right;
  const target = rows[rows.indexOf(row) + down]?.querySelectorAll("[data-cell]")[place];
  if (target) target.focus();
  return Boolean(target);
}

/** Whether the arrow leaves the text: it is chosen as a whole, or the caret stands at the end. */
function leaves(cell, key) {
  const { selectionStart: start, selectionEnd: end, value } = cell;
  if (start === 0 && end === value.length) return true;
  return start === end && (key === "ArrowLeft" ? start === 0 : end === value.length);
}

const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

document.addEventListener("keydown", (event) => {
  const cell = event.target.closest?.(CELL);
  if (!cell || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const form = cell.form;
  if (event.key === "Enter") {
    event.preventDefault();
    if (!go(form, cell, event.shiftKey ? -1 : 1, 0)) save(form, true);
  } else if (event.key === "Escape") {
    event.stopPropagation();
    cell.value = cell.dataset.before ?? cell.defaultValue;
    clear(cell);
    mark(cell);
    cell.select();
    count(form);
  } else if (event.key === "F2") {
    event.preventDefault();
    cell.setSelectionRange(cell.value.length, cell.value.length);
  } else if (MOVES[event.key] && !event.shiftKey) {
    const [down, right] = MOVES[event.key];
    if (right && !leaves(cell, event.key)) return;
    event.preventDefault();
    go(form, cell, down, right);
  }
});

document.addEventListener("focusin", (event) => {
  const cell = event.target.closest?.(CELL);
  if (!cell) return;
  cell.dataset.before = cell.value;
  cell.select();
});

document.addEventListener("input", (event) => {
  const cell = event.target.closest?.(CELL);
  if (!cell) return;
  mark(cell);
  count(cell.form);
});

document.addEventListener("focusout", (event) => {
  const cell = event.target.closest?.(CELL);
  if (cell && isChanged(cell)) saveSoon(cell.form);
});

document.addEventListener("change", (event) => {
  const cell = event.target.closest?.(CELL);
  if (cell) saveSoon(cell.form);
});

document.addEventListener("paste", (event) => {
  const cell = event.target.closest?.(CELL);
  const text = event.clipboardData?.getData("text/plain") || "";
  if (!cell || cell.readOnly || !/[\t\n\r]/.test(text.replace(/\r?\n$/, ""))) return;
  event.preventDefault();
  paste(cell.form, cell, text);
});

document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-plan-grid]")) event.preventDefault();
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-plan-save], [data-plan-wrong]");
  if (!button) return;
  const form = button.closest("[data-plan-grid]");
  if (button.matches("[data-plan-save]")) save(form, true);
  else form.querySelector(".is-invalid")?.focus();
});

window.addEventListener("beforeunload", (event) => {
  const form = document.querySelector("[data-plan-grid]");
  if (form && cellsOf(form).some(isChanged)) event.preventDefault();
});

const countAll = () => document.querySelectorAll("[data-plan-grid]").forEach(count);
countAll();
document.body.addEventListener("htmx:afterSettle", countAll);
