"""The register of requests about personal data."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from clients.filters.contacts import DayFilter
from clients.models import SubjectRequest, SubjectRequestKind, SubjectRequestState
from crm.lists import ALL, Column, ListSpec, View
from crm.shell.templatetags.shell import status_chip

TONES: dict[str, str] = {
    SubjectRequestState.OPEN: "warning",
    SubjectRequestState.ANSWERED: "success",
    SubjectRequestState.REFUSED: "neutral",
}
STEPS = (
    ("open", gettext_lazy("To be answered")),
    ("late", gettext_lazy("Late")),
)


class SubjectFilter(filters.FilterSet):
    """What narrows the register."""

    step = filters.ChoiceFilter(label=gettext_lazy("Step"), choices=STEPS, method="in_step")
    kind = filters.ChoiceFilter(
        label=gettext_lazy("What is asked"), choices=SubjectRequestKind.choices
    )
    state = filters.ChoiceFilter(label=gettext_lazy("State"), choices=SubjectRequestState.choices)
    received_from = DayFilter(
        label=gettext_lazy("Received, from"), field_name="received_on", lookup_expr="gte"
    )
    received_to = DayFilter(
        label=gettext_lazy("Received, to"), field_name="received_on", lookup_expr="lte"
    )

    class Meta:
        model = SubjectRequest
        fields = ()

    def in_step(self, rows: Any, _name: str, step: str) -> Any:
        """What waits, or is late."""
        return rows.open() if step == "open" else rows.overdue(timezone.localdate())


def state_chip(row: SubjectRequest) -> str:
    """The state in words, with its colour; how late it is."""
    today = timezone.localdate()
    if row.is_overdue(today):
        days = (today - row.due_on).days
        text = ngettext("%(n)s day late", "%(n)s days late", days) % {"n": days}
        return status_chip(text, "danger", "alert-circle")
    return status_chip(row.get_state_display(), TONES.get(row.state, "neutral"))


def subject_no(row: Any) -> str:
    """The person by number alone: the register is read by people who see no clients."""
    return _("Contact no. %(pk)s") % {"pk": row.person_id}


REQUESTS = ListSpec(
    name="subject_requests",
    model=SubjectRequest,
    title=gettext_lazy("Personal data"),
    columns=[
        Column("number", gettext_lazy("Number"), link=True, sort="number"),
        Column("kind", gettext_lazy("What is asked"), filter="kind"),
        Column("person", gettext_lazy("Who"), value=subject_no),
        Column("channel", gettext_lazy("How")),
        Column("received_on", gettext_lazy("Received on"), sort="received_on"),
        Column("due_on", gettext_lazy("To be answered by"), sort="due_on"),
        Column("state", gettext_lazy("State"), filter="state", render=state_chip),
        Column("answered_on", gettext_lazy("Answered on"), sort="answered_on"),
    ],
    default_sort="-received_on",
    default_columns=["number", "kind", "person", "received_on", "due_on", "state", "answered_on"],
    filters=SubjectFilter,
    search=lambda rows, text: rows.filter(number__icontains=text),
    search_hint=gettext_lazy("Number"),
    empty_template="clients/_subjects_none.html",
    views=[
        View(gettext_lazy("To be answered"), "step=open&sort=due_on"),
        View(pgettext_lazy("requests", "Late"), "step=late&sort=due_on"),
        ALL,
    ],
    page_template="clients/subject_list.html",
)
