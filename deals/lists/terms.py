"""The register of discounts and deferrals beyond the policy."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.filters.contacts import DayFilter
from crm.lists import ALL, Column, Kind, ListSpec, View, label_of
from crm.shell.templatetags.shell import status_chip
from deals.filters.documents import OfClientFilter
from deals.lists.columns import CLIENT_OF_ROW
from deals.models import TermsKind, TermsRequest, TermsState


def holding(rows: Any, name: str, value: str) -> Any:
    """Approved and inside their period today."""
    return rows.holding(timezone.localdate())


TONES: dict[str, str] = {
    TermsState.SUBMITTED: "info",
    TermsState.APPROVED: "success",
    TermsState.RETURNED: "warning",
    TermsState.REJECTED: "danger",
}


def state_chip(request: TermsRequest) -> str:
    """The state in words, with its colour."""
    return status_chip(label_of(request), TONES.get(request.state, "neutral"))


class TermsFilter(OfClientFilter):
    """What narrows the register."""

    contract = None
    kind = filters.ChoiceFilter(label=_("Kind"), choices=TermsKind.choices)
    state = filters.MultipleChoiceFilter(label=_("State"), choices=TermsState.choices)
    holds = filters.ChoiceFilter(label=_("Holds"), choices=[("today", _("today"))], method=holding)
    to_from = DayFilter(label=_("Ends from"), field_name="valid_to", lookup_expr="gte")
    to_to = DayFilter(label=_("Ends to"), field_name="valid_to", lookup_expr="lte")

    class Meta(OfClientFilter.Meta):
        model = TermsRequest


TERMS = ListSpec(
    name="terms",
    model=TermsRequest,
    title=_("Discounts and deferrals"),
    columns=[
        CLIENT_OF_ROW,
        Column("kind", _("Kind"), filter="kind"),
        Column("value", _("How much"), value="measure"),
        Column("state", _("State"), filter="state", render=state_chip),
        Column("valid_from", _("From"), kind=Kind.DATE, sort="valid_from"),
        Column("valid_to", _("To, included"), kind=Kind.DATE, sort="valid_to"),
        Column("reason", _("Reason")),
        Column("order", _("For the order"), value="order.number"),
        Column("author", _("Asked by"), value="author.short_name"),
        Column("approved_by", _("Approved by"), value="approved_by.short_name"),
        Column("manager", _("Manager"), value="client.manager.short_name"),
    ],
    default_sort="-valid_to",
    default_columns=["client", "kind", "value", "state", "valid_to", "reason", "approved_by"],
    filters=TermsFilter,
    row_url=lambda request: request.client.get_absolute_url(),
    views=[
        View(_("In force"), "holds=today"),
        View(_("On their way"), "state=draft&state=submitted&state=returned"),
        View(_("Have expired"), "state=expired"),
        ALL,
    ],
)
