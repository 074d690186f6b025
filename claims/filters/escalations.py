"""What narrows the list of escalations."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models import Escalation, EscalationKind, EscalationLevel, EscalationState
from clients.filters.clients import SeveralFilter, YesNoFilter
from clients.filters.contacts import DayFilter
from deals.filters.documents import OfClientFilter

WHOSE = (
    ("me", _("To be settled by me")),
    ("up", _("Handed up by me")),
)


class EscalationFilter(OfClientFilter):
    """Escalations by client, kind, level, state, and whose turn it is."""

    contract = None
    whose = filters.ChoiceFilter(label=_("Whose"), choices=WHOSE, method="by_person")
    open = YesNoFilter(label=_("Not settled"), method="by_openness")
    late = YesNoFilter(label=_("Overdue"), method="by_lateness")
    kind = SeveralFilter(label=_("Kind"), choices=EscalationKind.choices)
    level = SeveralFilter(label=_("Level"), choices=EscalationLevel.choices)
    state = SeveralFilter(label=_("State"), choices=EscalationState.choices)
    opened_from = DayFilter(label=_("Handed up, from"), field_name="opened_on", lookup_expr="gte")
    opened_to = DayFilter(label=_("Handed up, to"), field_name="opened_on", lookup_expr="lte")

    class Meta(OfClientFilter.Meta):
        model = Escalation

    def by_person(self, rows: Any, _name: str, value: str) -> Any:
        """Those that wait for the person who looks, or that it handed up."""
        user = self.request.user
        return rows.awaiting(user) if value == "me" else rows.handed_up_by(user)

    def by_openness(self, rows: Any, _name: str, value: bool) -> Any:
        """Whether it is to be settled."""
        return rows.open() if value else rows.exclude(pk__in=Escalation.objects.open().values("pk"))

    def by_lateness(self, rows: Any, _name: str, value: bool) -> Any:
        """Not settled, and its day has gone by."""
        late = Escalation.objects.late(timezone.localdate())
        return rows.late(timezone.localdate()) if value else rows.exclude(pk__in=late.values("pk"))
