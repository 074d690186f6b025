"""Filters of the register of correspondence; My day and the card link to them."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters as filters
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.filters.clients import (
    SeveralFilter,
    YesNoFilter,
    by_category_of_client,
    by_manager_of_client,
    category_choices,
    manager_choices,
)
from clients.filters.contacts import DayFilter
from clients.forms.letters import executors
from clients.models import (
    Client,
    Correspondence,
    LetterChannel,
    LetterDirection,
    LetterKind,
    LetterState,
)

STEPS = (
    ("open", _("To be answered")),
    ("overdue", _("Overdue")),
    ("unassigned", _("Unassigned")),
    ("unfiled", _("Not filed")),
    ("large", _("Large clients")),
)


def by_step(rows: Any, name: str, step: str) -> Any:
    """What is to be done with them."""
    if step == "overdue":
        return rows.overdue(timezone.localdate())
    if step == "large":
        return rows.of_large_clients().open()
    return {"open": rows.open, "unassigned": rows.unassigned, "unfiled": rows.unfiled}[step]()


def _clients(request: Any) -> Any:
    return Client.objects.visible_to(request.user)


class LetterFilter(filters.FilterSet):
    """What narrows the register."""

    # A list of all clients would be no choice: cells and links set it.
    client = filters.ModelChoiceFilter(
        label=_("Client"), queryset=_clients, widget=forms.HiddenInput
    )
    step = filters.ChoiceFilter(label=_("Step"), choices=STEPS, method=by_step)
    mine = YesNoFilter(label=_("Mine"), method="by_me")
    direction = filters.ChoiceFilter(label=_("Direction"), choices=LetterDirection.choices)
    kind = SeveralFilter(label=_("Kind"), choices=LetterKind.choices)
    channel = filters.ChoiceFilter(label=_("Received or sent by"), choices=LetterChannel.choices)
    state = SeveralFilter(label=_("State"), choices=LetterState.choices)
    executor = filters.ModelChoiceFilter(
        label=_("Assignee"),
        queryset=lambda request: executors(),
        null_label=_("nobody"),
        null_value="none",
    )
    manager = filters.ChoiceFilter(
        label=_("Manager of the client"), choices=manager_choices, method=by_manager_of_client
    )
    category = SeveralFilter(
        label=_("Category of the client"), choices=category_choices, method=by_category_of_client
    )
    day_from = DayFilter(label=_("From the day"), field_name="on_day", lookup_expr="gte")
    day_to = DayFilter(label=_("To the day"), field_name="on_day", lookup_expr="lte")
    due_from = DayFilter(label=_("To be answered from"), field_name="reply_due", lookup_expr="gte")
    due_to = DayFilter(label=_("To be answered to"), field_name="reply_due", lookup_expr="lte")

    class Meta:
        model = Correspondence
        fields: ClassVar[list[str]] = []

    def by_me(self, rows: Any, _name: str, value: bool) -> Any:
        """The person who looks answers it."""
        mine = rows.of_executor(self.request.user)
        return mine if value else rows.exclude(pk__in=mine.values("pk"))
