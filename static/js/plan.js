/* The grid of a plan: <form data-plan-grid data-url="/where/cells/go/">, cells <input data-cell
   data-line data-was>. Arrows and Enter move, typing replaces, Escape takes back, Ctrl+V puts in
   the rows of a sheet. What was typed is sent as one batch a moment after a cell was left; the
   server saves all of it or nothing and says which cell stands in the way, or who changed it
   meanwhile. Sums are counted in kopecks. One small module instead of a grid library: cells are
   plain fields, so that a screen reader, a phone and the browser's own keys work as everywhere. */
import { make } from "./dom.js";

const CELL = "[data-plan-grid] [data-cell]";
const SOON = 600;
let timer = 0;
let running = false;

const cellsOf = (form) => [...form.querySelectorAll("[data-cell]")];
const rowsOf = (form) => [...form.querySelectorAll("[data-plan-row]")];
const isMoney = (name) => name === "ship" || name === "cash";

/** «1 234,5» as a number with a dot, money with two places; the text itself where it is none. */
function plain(cell) {
  const text = cell.value.trim();
  if (cell.dataset.cell === "comment" || !text) return text;
  const bare = text.replace(/[\s\u00a0\u202f₽]/g, "").replace(",", ".").replace("\u2212", "-");
  const found = /^(-?)0*(\d{1,13})(?:\.(\d{0,2}))?$/.exec(bare);
  if (!found) return text;
  return isMoney(cell.dataset.cell)
    ? `${found[1]}${found[2]}.${(found[3] || "").padEnd(2, "0")}`
    : `${found[1]}${found[2]}${Number(found[3] || 0) ? `.${found[3]}` : ""}`;
}

const isChanged = (cell) => !cell.readOnly && plain(cell) !== cell.dataset.was;

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

function count(form) {
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

function say(form, text, tone = "") {
  const place = form.querySelector("[data-plan-status]");
  place.textContent = text;
  place.dataset.tone = tone;
}

function mark(cell) {
  cell.classList.toggle("is-unsaved", isChanged(cell));
}

function clear(cell) {
  cell.removeAttribute("aria-invalid");
  cell.removeAttribute("aria-describedby");
  cell.classList.remove("is-invalid");
  cell.parentElement.querySelector("[data-plan-why]")?.remove();
}

/** Write beside the cell why it was not saved. */
function tell(cell, text) {
  clear(cell);
  const id = `why-${cell.dataset.cell}-${cell.dataset.line}`;
  const why = make("span", { class: "plan-why", id, "data-plan-why": "" }, text);
  cell.setAttribute("aria-invalid", "true");
  cell.setAttribute("aria-describedby", id);
  cell.classList.add("is-invalid");
  cell.after(why);
  return why;
}

const find = (form, line, name) =>
  form.querySelector(`[data-line="${Number(line)}"][data-cell="${CSS.escape(name)}"]`);

/** Somebody else was first: say who, and let the person choose. */
function offer(form, clash) {
  const cell = find(form, clash.line_id, clash.field);
  if (!cell) return;
  const why = tell(cell, clash.reason);
  const theirs = make("button", { type: "button", class: "btn btn-sm" }, form.dataset.theirs);
  const mine = make("button", { type: "button", class: "btn btn-sm" }, form.dataset.mine);
  theirs.addEventListener("click", () => {
    cell.value = clash.shown;
    settle(form, cell, clash.theirs);
  });
  mine.addEventListener("click", () => settle(form, cell, clash.theirs));
  why.append(theirs, mine);
}

function settle(form, cell, was) {
  cell.dataset.was = was;
  clear(cell);
  mark(cell);
  cell.focus();
  count(form);
  save(form, true);
}

/** Take the answer's cells over; those that are being typed stay as they are. */
function refresh(form, saved, sent) {
  let fresh = false;
  for (const { line, values } of saved) {
    for (const [name, [was, text]] of Object.entries(values)) {
      const cell = find(form, line, name);
      if (!cell) continue;
      const own = sent.get(cell);
      const typed = own !== undefined ? plain(cell) !== own : isChanged(cell);
      if (own === undefined && cell.dataset.was !== was) fresh = true;
      cell.dataset.was = was;
      if (!typed && cell !== document.activeElement) cell.value = text;
      mark(cell);
    }
  }
  return fresh;
}

function saveSoon(form, all = false) {
  clearTimeout(timer);
  timer = setTimeout(() => save(form, all), SOON);
}

/** Send what was changed; the cell in which one types waits until it is left, unless all go. */
async function save(form, all = false) {
  clearTimeout(timer);
  if (running) return saveSoon(form, all);
  const typed = all ? null : document.activeElement;
  const changed = cellsOf(form).filter((cell) => cell !== typed && isChanged(cell));
  if (!changed.length) return;
  running = true;
  say(form, form.dataset.saving);
  const sent = new Map(changed.map((cell) => [cell, plain(cell)]));
  const cells = changed.map((cell) => ({
    line: Number(cell.dataset.line),
    field: cell.dataset.cell,
    was: cell.dataset.was,
    now: sent.get(cell),
  }));
  try {
    const answer = await fetch(form.dataset.url, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        "X-CSRFToken": form.elements.csrfmiddlewaretoken.value,
      },
      body: JSON.stringify({ cells }),
    });
    take(form, await answer.json(), changed, sent);
  } catch {
    say(form, form.dataset.unsaved, "danger");
  } finally {
    running = false;
    form.querySelector("[data-plan-save]").hidden = !cellsOf(form).some(isChanged);
  }
}

function take(form, answer, changed, sent) {
  changed.forEach(clear);
  for (const one of answer.refused || []) {
    const cell = find(form, one.line_id, one.field);
    if (cell) tell(cell, one.reason);
  }
  for (const clash of answer.clashes || []) offer(form, clash);
  const fresh = refresh(form, answer.saved || [], sent);
  const wrong = form.querySelector(".is-invalid");
  form.querySelector("[data-plan-wrong]").hidden = !wrong;
  const text = fresh ? `${answer.text} · ${form.dataset.fresh}` : answer.text;
  say(form, text, answer.saved ? "success" : "danger");
  count(form);
}

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
