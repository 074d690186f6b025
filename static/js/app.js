/* Behaviour of the pages. Everything is declared in attributes, so fragments need no script:

   data-shortcut="KeyC"            key by event.code; "Slash Ctrl+KeyK" either; "KeyG>KeyC" one after
   data-shortcut-label="…"         the other. Clicks the element, focuses a field. Listed by `?`.
   hx-target="#dialog-body"        the answer opens over the page; HX-Trigger: dialog-close closes it
   hx-target="#panel-body"         the answer opens in the side panel; HX-Trigger: panel-close closes
   HX-Trigger: {"toast": {"text": "…", "tone": "success", "undo": "/url/"}}
   HX-Trigger: counters            reload the numbers of the bell and the rail
   hx-confirm="…"                  asks in a dialog of ours
   data-list                       j k Space Enter x e over its [data-row]: see lists.js
   data-select-all, data-selection-bar, data-selected-count       selection of rows: see lists.js
   data-lines-editor               lines of an order by the keyboard: see lines.js
   data-claim-sum                  the sum of a claim by its lines: see claims.js
   data-plan-grid                  cells of a plan by the keyboard, rows of a sheet: see plan.js
   data-spread                     amounts beside invoices: see spread.js
   data-inbox                      two-pane list: see inbox.js
   data-composer                   1–6 choose the kind, Ctrl+Enter saves: see composer.js
   data-draft-key="client-12"      keeps what is typed in the form until it is saved: drafts.js
   data-again                      a form that may be sent twice from one page (a download)
   data-autosubmit                 on a form or on one of its fields: sent when the choice changes
   data-chart="id"                 see charts.js
   data-rail-group="key"           a group of the rail that stays open or closed: see rail.js
   data-record="title"             the page is a record: shown as recent in the palette
   data-wall-leave="/…/"            the dashboard on a wall: see wall.js
   data-copy="text"                copies the text
   data-forget                     a form that signs out: forgets recent records and drafts */
import "./charts.js";
import "./claims.js";
import "./composer.js";
import "./dialog.js";
import "./drafts.js";
import "./forms.js";
import "./inbox.js";
import "./lines.js";
import "./lists.js";
import "./list-way.js";
import "./palette.js";
import "./plan.js";
import "./rail.js";
import "./shortcuts.js";
import "./spread.js";
import "./theme.js";
import "./toast.js";
import "./unsent.js";
import "./views.js";
import "./wall.js";
