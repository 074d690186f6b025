"""Filters of the registers of returns; evidence and reports link to them."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from claims.models import Claim, ClaimReason, Return, ReturnState
from clients.filters.clients import NONE, SeveralFilter, YesNoFilter
from clients.filters.contacts import DayFilter
from clients.models import Client
from deals.filters.documents import OfClientFilter
from deals.models import Shipment

STEPS = (
    ("approve", _("To be approved")),
    ("receive", pgettext_lazy("returns", "Goods to come")),
    ("accept", pgettext_lazy("returns", "Goods to be looked at")),
    ("credit", _("To be credited")),
    ("open", _("Not finished")),
)
ORIGINS = (("asked", _("Asked for here")), ("books", _("Known from the books")))


def by_step(rows: Any, name: str, step: str) -> Any:
    """What is to be done next."""
    return {
        "approve": rows.to_approve,
        "receive": rows.to_receive,
        "accept": rows.to_accept,
        "credit": rows.to_credit,
        "open": rows.open,
    }[step]()


def by_origin(rows: Any, name: str, origin: str) -> Any:
    """Whether somebody asked for it here."""
    return rows.filter(created_by__isnull=origin == "books")


def by_reason(rows: Any, name: str, values: list[str]) -> Any:
    """Of the reasons; «none» are those of which the books say nothing."""
    wanted = rows.filter(reason__in=[value for value in values if value != NONE])
    return wanted | rows.filter(reason=None) if NONE in values else wanted


def reason_choices() -> list[tuple[str, str]]:
    """Reasons of goods, and none."""
    found = [(str(reason.pk), str(reason)) for reason in ClaimReason.objects.in_use("goods")]
    return [*found, (NONE, str(_("Not named")))]


def visible_sales(request: Any) -> Any:
    """Sales that the person may filter by."""
    return Shipment.objects.visible_to(request.user)


def visible_claims(request: Any) -> Any:
    """Claims that the person may filter by."""
    return Claim.objects.visible_to(request.user)


class ReturnFilter(OfClientFilter):
    """What narrows the register."""

    mine = YesNoFilter(label=_("Mine"), method="by_me")
    step = filters.ChoiceFilter(label=_("Step"), choices=STEPS, method=by_step)
    state = SeveralFilter(label=_("State"), choices=ReturnState.choices)
    reason = SeveralFilter(label=_("Reason"), choices=reason_choices, method=by_reason)
    origin = filters.ChoiceFilter(label=_("Origin"), choices=ORIGINS, method=by_origin)
    asked_from = DayFilter(label=_("Asked for from"), field_name="asked_on", lookup_expr="gte")
    asked_to = DayFilter(label=_("Asked for to"), field_name="asked_on", lookup_expr="lte")
    shipment = filters.ModelChoiceFilter(
        label=_("Shipment"), queryset=visible_sales, widget=forms.HiddenInput
    )
    claim = filters.ModelChoiceFilter(
        label=_("Claim"), queryset=visible_claims, widget=forms.HiddenInput
    )

    class Meta(OfClientFilter.Meta):
        model = Return

    def by_me(self, rows: Any, _name: str, value: bool) -> Any:
        """The person who looks asked for it, or answers for the client."""
        mine = rows.of_person(self.request.user)
        return mine if value else rows.exclude(pk__in=mine.values("pk"))


class ReceivingFilter(filters.FilterSet):
    """By client and step; nothing that would tell a sum."""

    client = filters.ModelChoiceFilter(
        label=_("Client"),
        queryset=lambda request: Client.objects.visible_to(request.user),
        widget=forms.HiddenInput,
    )
    step = filters.ChoiceFilter(
        label=_("Step"),
        choices=[one for one in STEPS if one[0] in {"receive", "accept"}],
        method=by_step,
    )

    class Meta:
        model = Return
        fields = ()
