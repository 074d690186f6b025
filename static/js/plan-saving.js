/* Saving a plan: one batch of cells, the answer taken over, clashes offered to the person. */
import { make } from "./dom.js";
import { cellsOf, clear, count, find, isChanged, mark, plain, say, tell } from "./plan-cells.js";

const SOON = 600;
let timer = 0;
let running = false;

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
  const all = new Map(cellsOf(form).map((cell) => [`${cell.dataset.line} ${cell.dataset.cell}`, cell]));
  for (const { line, values } of saved) {
    for (const [name, [was, text]] of Object.entries(values)) {
      const cell = all.get(`${line} ${name}`);
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

export function saveSoon(form, all = false) {
  clearTimeout(timer);
  timer = setTimeout(() => save(form, all), SOON);
}

/** One types in it now; a cell that was only come back to is ready to go. */
const isTyped = (cell) => cell === document.activeElement && cell.value !== cell.dataset.before;

/** Send what was changed; the cell in which one types waits until it is left, unless all go. */
export async function save(form, all = false) {
  clearTimeout(timer);
  if (running) return saveSoon(form, all);
  const changed = cellsOf(form).filter((cell) => isChanged(cell) && (all || !isTyped(cell)));
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
