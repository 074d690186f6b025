"""Filters of the register of competitors and of the notes on one of them."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters as filters
from django.utils.translation import gettext_lazy as _

from clients.filters.clients import SeveralFilter, YesNoFilter
from clients.filters.contacts import DayFilter
from clients.models import Competitor, CompetitorAspect, CompetitorNote


def by_archive(rows: Any, name: str, value: bool) -> Any:
    """Those in the archive, or those that are not."""
    return rows.filter(archived_at__isnull=not value)


def by_client(rows: Any, name: str, value: bool) -> Any:
    """Learnt of a client, or in general."""
    return rows.filter(client__isnull=not value)


class CompetitorFilter(filters.FilterSet):
    """What narrows the register."""

    archived = YesNoFilter(label=_("In the archive"), method=by_archive)

    class Meta:
        model = Competitor
        fields: ClassVar[list[str]] = []


class CompetitorNoteFilter(filters.FilterSet):
    """What narrows the notes; the comparison leads here."""

    aspect = SeveralFilter(label=_("Aspect"), choices=CompetitorAspect.choices)
    of_client = YesNoFilter(label=_("Learnt of a client"), method=by_client)
    day_from = DayFilter(label=_("From the day"), field_name="noted_on", lookup_expr="gte")
    day_to = DayFilter(label=_("To the day"), field_name="noted_on", lookup_expr="lte")

    class Meta:
        model = CompetitorNote
        fields: ClassVar[list[str]] = []
