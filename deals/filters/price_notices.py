"""Filters of the work list of notices of new prices."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.filters.clients import SeveralFilter, YesNoFilter
from deals.actions.price_changes import last_day_shown
from deals.filters.documents import OfClientFilter
from deals.models import PriceChange, PriceChangeNotice, PriceNoticeChannel, PriceNoticeState

DUE = (("late", _("Not on time")), ("soon", _("The last day is near")))


def by_due(rows: Any, name: str, values: list[str]) -> Any:
    """Late, or to be told within the days of the setting."""
    today = timezone.localdate()
    condition = Q()
    if "late" in values:
        condition |= rows.is_late(today)
    if "soon" in values:
        condition |= Q(delivered_on=None, due_on__range=(today, last_day_shown(today)))
    return rows.filter(condition)


def by_punctuality(rows: Any, name: str, value: bool) -> Any:
    """Told by the last day; «no» gives all others, also those still to be told."""
    told = rows.in_time()
    return told if value else rows.exclude(pk__in=told.values("pk"))


def by_delivery(rows: Any, name: str, value: bool) -> Any:
    """The client has it."""
    return rows.filter(delivered_on__isnull=not value)


class PriceNoticeFilter(OfClientFilter):
    """What narrows the work list."""

    contract = None
    change = filters.ModelChoiceFilter(
        label=_("Change of prices"),
        queryset=lambda request: PriceChange.objects.visible_to(request.user).select_related(
            "price_list"
        ),
    )
    state = SeveralFilter(label=_("State"), choices=PriceNoticeState.choices)
    due = SeveralFilter(label=_("On time"), choices=DUE, method=by_due)
    received = YesNoFilter(label=_("The client has it"), method=by_delivery)
    in_time = YesNoFilter(label=_("Notified on time"), method=by_punctuality)
    channel = filters.ChoiceFilter(label=_("Channel"), choices=PriceNoticeChannel.choices)

    class Meta(OfClientFilter.Meta):
        model = PriceChangeNotice
