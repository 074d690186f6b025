"""Filters of the register of claims against clients; pages and notices link to them."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from claims.models import AnswerKind, LawsuitState, OutgoingClaim, OutgoingState
from clients.filters.clients import SeveralFilter, YesNoFilter
from clients.filters.contacts import DayFilter
from deals.filters.documents import OfClientFilter

STEPS = (
    ("review", _("For review")),
    ("send", pgettext_lazy("claims", "To be sent")),
    ("waiting", _("With the client")),
    ("over", _("Deadline passed")),
    ("court", _("In court")),
    ("open", _("Not finished")),
)


def by_step(rows: Any, name: str, step: str) -> Any:
    """How far they are."""
    if step == "over":
        return rows.term_over(timezone.localdate())
    if step in {"review", "court"}:
        return rows.filter(state="requested" if step == "review" else "in_court")
    return {"send": rows.to_send, "waiting": rows.with_client, "open": rows.unfinished}[step]()


class OutgoingFilter(OfClientFilter):
    """What narrows the register."""

    contract = None
    mine = YesNoFilter(label=_("Of my clients"), method="by_me")
    step = filters.ChoiceFilter(label=_("Step"), choices=STEPS, method=by_step)
    state = SeveralFilter(label=_("State"), choices=OutgoingState.choices)
    answer = SeveralFilter(label=_("Answer"), field_name="answer_kind", choices=AnswerKind.choices)
    lawsuit = SeveralFilter(
        label=_("Lawsuit"), field_name="lawsuit__state", choices=LawsuitState.choices
    )
    sent_from = DayFilter(label=_("Sent from"), field_name="sent_on", lookup_expr="gte")
    sent_to = DayFilter(label=_("Sent to"), field_name="sent_on", lookup_expr="lte")
    due_from = DayFilter(label=_("Answer from"), field_name="response_due", lookup_expr="gte")
    due_to = DayFilter(label=_("Answer to"), field_name="response_due", lookup_expr="lte")

    class Meta(OfClientFilter.Meta):
        model = OutgoingClaim

    def by_me(self, rows: Any, _name: str, value: bool) -> Any:
        """The person who looks is the client's manager."""
        mine = {"client__manager": self.request.user.pk}
        return rows.filter(**mine) if value else rows.exclude(**mine)
