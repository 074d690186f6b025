"""Filters of the register of claims; the board and figures of other pages link to them."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models import (
    Claim,
    ClaimChannel,
    ClaimDecision,
    ClaimKind,
    ClaimLine,
    ClaimReason,
    ClaimState,
    Compensation,
    GuiltyParty,
)
from clients.filters.clients import NONE, SeveralFilter, YesNoFilter, manager_choices
from clients.filters.contacts import DayFilter
from deals.filters.documents import OfClientFilter
from deals.models import Product, Shipment

STEPS = (
    ("decide", _("To be decided")),
    ("late", _("Late")),
    ("compensate", _("To be compensated")),
    ("answer", _("Not answered")),
    ("settle", _("Decided, not settled")),
    ("satisfied", _("Satisfied, also in part")),
    ("counted", _("Not withdrawn")),
)


def by_step(rows: Any, name: str, step: str) -> Any:
    """What is to be done with them."""
    if step == "late":
        return rows.late(timezone.localdate())
    return {
        "decide": rows.open,
        "compensate": rows.to_compensate,
        "answer": rows.to_answer,
        "settle": rows.to_settle,
        "satisfied": rows.satisfied,
        "counted": rows.counted,
    }[step]()


def by_manager(rows: Any, name: str, value: str) -> Any:
    """Whose client it was when the claim came."""
    return rows.filter(manager=None if value == NONE else int(value))


def by_doubt(rows: Any, name: str, value: bool) -> Any:
    """Came before its sale."""
    doubtful = rows.doubtful()
    return doubtful if value else rows.exclude(pk__in=doubtful.order_by().values("pk"))


def by_product(rows: Any, name: str, product: Product) -> Any:
    """Complains of the product."""
    return rows.filter(pk__in=ClaimLine.objects.filter(product=product).values("claim"))


def reason_choices() -> list[tuple[str, str]]:
    """All reasons, those out of use as well: old claims have them."""
    return [(str(row.pk), str(row)) for row in ClaimReason.objects.all()]


def visible_shipments(request: Any) -> Any:
    """Sales that the person may filter by."""
    return Shipment.objects.visible_to(request.user)


def mine_of(pk: int) -> Q:
    """Claims that the person looks into, or of the person's clients."""
    return Q(assigned_to=pk) | Q(client__manager=pk)


class ClaimFilter(OfClientFilter):
    """What narrows the register."""

    contract = None
    manager = filters.ChoiceFilter(label=_("Manager"), choices=manager_choices, method=by_manager)
    mine = YesNoFilter(label=_("Mine"), method="by_me")
    step = filters.ChoiceFilter(label=_("Step"), choices=STEPS, method=by_step)
    state = SeveralFilter(label=_("State"), choices=ClaimState.choices)
    kind = filters.ChoiceFilter(label=_("Kind"), choices=ClaimKind.choices)
    reason = SeveralFilter(label=_("Reason"), choices=reason_choices)
    guilty_party = SeveralFilter(label=_("Party at fault"), choices=GuiltyParty.choices)
    decision = SeveralFilter(label=_("Decision"), choices=ClaimDecision.choices)
    compensation = SeveralFilter(label=_("Compensation"), choices=Compensation.choices)
    channel = SeveralFilter(label=_("Channel"), choices=ClaimChannel.choices)
    doubtful = YesNoFilter(label=_("Came before its sale"), method=by_doubt)
    assigned_to = filters.ChoiceFilter(
        label=_("Looked into by"), choices=manager_choices, method="by_examiner"
    )
    product = filters.ModelChoiceFilter(
        label=_("Product"),
        queryset=Product.objects.all(),
        method=by_product,
        widget=forms.HiddenInput,
    )
    shipment = filters.ModelChoiceFilter(
        label=_("Sale"), queryset=visible_shipments, widget=forms.HiddenInput
    )
    registered_from = DayFilter(
        label=_("Registered from"), field_name="registered_on", lookup_expr="gte"
    )
    registered_to = DayFilter(
        label=_("Registered to"), field_name="registered_on", lookup_expr="lte"
    )
    due_to = DayFilter(label=_("To be answered by"), field_name="response_due", lookup_expr="lte")
    decided_from = DayFilter(label=_("Decided from"), field_name="decided_on", lookup_expr="gte")
    decided_to = DayFilter(label=_("Decided to"), field_name="decided_on", lookup_expr="lte")

    class Meta(OfClientFilter.Meta):
        model = Claim

    def by_me(self, rows: Any, _name: str, value: bool) -> Any:
        """The person who looks."""
        mine = mine_of(self.request.user.pk)
        return rows.filter(mine) if value else rows.exclude(mine)

    def by_examiner(self, rows: Any, _name: str, value: str) -> Any:
        """Who looks into it."""
        return rows.filter(assigned_to=None if value == NONE else int(value))


class GoodsClaimFilter(ClaimFilter):
    """What narrows the register of purchasing: nothing about whose client it is."""

    of_clients = ("client", "manager", "unit", "category", "assigned_to", "mine", "shipment")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in self.of_clients:  # those that the address asks for may be but a few
            self.filters.pop(name, None)
