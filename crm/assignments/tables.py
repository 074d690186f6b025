"""The register of work: columns, flags, days that are left, ready views."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from crm.assignments.filters import WorkFilter
from crm.assignments.models import WorkItem, WorkState
from crm.lists import ALL, Column, Kind, ListSpec, View
from crm.lists.term_cells import term_cell
from crm.shell.templatetags.shell import status_chip

TONES: dict[str, str] = {
    WorkState.NEW: "info",
    WorkState.ANSWERED: "info",
    WorkState.ACTION_TAKEN: "warning",
    WorkState.RESOLVED: "success",
    WorkState.RETURNED: "danger",
}


def state_chip(item: WorkItem) -> str:
    """The state in words, with its colour."""
    return status_chip(item.get_state_display(), TONES.get(item.state, "neutral"))


def executor_of(item: WorkItem) -> str:
    """Whoever does it, else the unit that was asked."""
    return item.executor.short_name if item.executor else str(item.unit)


def due_cell(item: WorkItem) -> str:
    """The due day; under it how many days are left, or late by how many."""
    return term(item.due_on, item, is_answer=False)


def answer_cell(item: WorkItem) -> str:
    """The day of the answer, the same way."""
    return term(item.feedback_due, item, is_answer=True) if item.feedback_due else "—"


def term(day: date, item: WorkItem, *, is_answer: bool) -> str:
    """A day with what is to be known of it."""
    done = item.answered_on if is_answer else item.done_on
    finished = done is not None and (is_answer or item.waits_for_author or not item.is_open)
    return term_cell(day, done if finished else None, is_open=item.is_open)


def flags_of(item: WorkItem) -> list[tuple[str, date | None]]:
    """The three flags of the director's duty with their days (L563)."""
    return [
        (_("Answer given"), item.answered_on),
        (_("Action taken"), item.action_on),
        (_("Problem solved"), item.resolved_on),
    ]


def flags_cell(item: WorkItem) -> SafeString:
    """The flags as marks; words for those who do not see them."""
    marks = [
        format_html(
            '<span class="work-flag{}" title="{}: {}"><i class="ti ti-{}" aria-hidden="true"></i>'
            '<span class="visually-hidden">{}: {}</span></span>',
            " work-flag-on" if day else "",
            label,
            f"{day:%d.%m.%Y}" if day else _("no"),
            "circle-check" if day else "circle-dashed",
            label,
            f"{day:%d.%m.%Y}" if day else _("no"),
        )
        for label, day in flags_of(item)
    ]
    return format_html('<span class="work-flags">{}</span>', mark_safe("".join(marks)))


def flags_text(item: WorkItem) -> str:
    """The same for files."""
    return ", ".join(f"{label} {day:%d.%m.%Y}" for label, day in flags_of(item) if day)


def find_work(rows: Any, text: str) -> Any:
    """By words of the title, its own number or the number of the order."""
    plain = text.strip()
    found = Q(title__icontains=plain) | Q(number__iendswith=plain)
    return rows.filter(found | Q(number__istartswith=plain) | Q(order_number__istartswith=plain))


WORK_ITEMS = ListSpec(
    name="work",
    model=WorkItem,
    title=gettext_lazy("Assignments and requests"),
    columns=[
        Column("title", gettext_lazy("What is wanted"), link=True, sort="title"),
        Column("number", gettext_lazy("Number"), sort="number"),
        Column("kind", gettext_lazy("Kind"), filter="kind"),
        Column(
            "executor",
            gettext_lazy("Assignee"),
            value=executor_of,
            filter="executor",
            filter_value="executor_id",
        ),
        Column(
            "author",
            gettext_lazy("Author"),
            value="author.short_name",
            sort="author__sort_key",
            filter="author",
            filter_value="author_id",
        ),
        Column("feedback_due", gettext_lazy("Answer by"), render=answer_cell),
        Column("due_on", pgettext_lazy("last day", "Due"), sort="due_on", render=due_cell),
        Column("state", gettext_lazy("State"), filter="state", render=state_chip),
        Column(
            "flags",
            gettext_lazy("Answer, action, solved"),
            value=flags_text,
            render=flags_cell,
            kind=Kind.TEXT,
        ),
        Column("order_number", gettext_lazy("Number of the order")),
        Column("order_on", gettext_lazy("Date of the order"), kind=Kind.DATE),
        Column("verdict", gettext_lazy("What became of the proposal")),
        Column("created_on", gettext_lazy("Entered on"), sort="created_on"),
        Column("answered_on", gettext_lazy("Answered on")),
        Column("action_on", gettext_lazy("Action taken on")),
        Column("resolved_on", gettext_lazy("Problem solved on")),
        Column("unit", gettext_lazy("Unit addressed"), value="unit.name"),
    ],
    default_sort="due_on",
    default_columns=["title", "kind", "executor", "author", "due_on", "state", "flags"],
    filters=WorkFilter,
    search=find_work,
    search_hint=gettext_lazy("Words or number"),
    views=[
        View(pgettext_lazy("assignments", "Open"), "step=open"),
        View(gettext_lazy("Mine to do"), "mine=todo"),
        View(gettext_lazy("Waiting for my answer"), "mine=answer"),
        View(gettext_lazy("Asked by me"), "mine=asked&step=open"),
        View(gettext_lazy("For me to verify"), "mine=verify"),
        View(gettext_lazy("Overdue"), "step=overdue"),
        View(
            gettext_lazy("Improvement proposals"),
            "kind=proposal&sort=-created_on&columns=title,executor,author,feedback_due,verdict,state",
        ),
        View(
            gettext_lazy("Orders and instructions"),
            "kind=order&kind=instruction&columns=title,order_number,order_on,executor,due_on,state,flags",
        ),
        ALL,
    ],
    page_template="assignments/work_list.html",
    empty_template="assignments/_work_none.html",
)
