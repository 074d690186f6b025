"""Filters of the register of recommendations to clients."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

import django_filters as filters
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.filters.clients import (
    SeveralFilter,
    by_category_of_client,
    by_manager_of_client,
    category_choices,
    manager_choices,
)
from clients.filters.contacts import DayFilter
from clients.models import AdviceState, AdviceTopic, Client, ClientRecommendation
from crm.work.registry import setting

WAITS = (
    ("answer", pgettext_lazy("recommendations", "No answer for too long")),
    ("doing", pgettext_lazy("recommendations", "Accepted, not done yet")),
)


def by_wait(rows: Any, name: str, what: str) -> Any:
    """Given longer ago than the setting allows and not answered; accepted and not done."""
    if what == "doing":
        return rows.not_done()
    return rows.unanswered(timezone.localdate() - timedelta(days=setting("advice.answer_days") + 1))


class AdviceFilter(filters.FilterSet):
    """What narrows the register."""

    # A list of all clients would be no choice: links of the card set it.
    client = filters.ModelChoiceFilter(
        label=_("Client"),
        queryset=lambda request: Client.objects.visible_to(request.user),
        widget=forms.HiddenInput,
    )
    waits = filters.ChoiceFilter(label=_("What it waits for"), choices=WAITS, method=by_wait)
    state = SeveralFilter(label=_("State"), choices=AdviceState.choices)
    topic = SeveralFilter(label=_("Topic"), choices=AdviceTopic.choices)
    manager = filters.ChoiceFilter(
        label=_("Manager of the client"), choices=manager_choices, method=by_manager_of_client
    )
    category = SeveralFilter(
        label=_("Category of the client"), choices=category_choices, method=by_category_of_client
    )
    day_from = DayFilter(label=_("Given from"), field_name="given_on", lookup_expr="gte")
    day_to = DayFilter(label=_("Given to"), field_name="given_on", lookup_expr="lte")

    class Meta:
        model = ClientRecommendation
        fields: ClassVar[list[str]] = []
