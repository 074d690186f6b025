"""Reads of claims against customers, of their lawsuits and of debts whose limitation ends."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce, Least

from crm.accounts.querysets import names_of, own_columns
from deals.querysets import OfClientQuerySet
from deals.querysets.shipments import ZERO

if TYPE_CHECKING:
    from crm.accounts.models import User

UNSENT = ("draft", "requested", "legal_review")
WAITING = ("sent", "answered", "term_expired")
ENDED = ("satisfied", "closed", "cancelled")


class OutgoingClaimQuerySet(OfClientQuerySet):
    """Reads of claims against customers."""

    def unfinished(self) -> Self:
        """Neither satisfied nor given up."""
        return self.exclude(state__in=ENDED)

    def with_client(self) -> Self:
        """Sent, not in court."""
        return self.filter(state__in=WAITING)

    def to_send(self) -> Self:
        """Handed to the lawyer, not sent yet."""
        return self.filter(state="legal_review")

    def term_over(self, today: date) -> Self:
        """The last day of the answer has gone by, nothing was filed."""
        return self.with_client().filter(response_due__lt=today)

    def for_list(self) -> Self:
        """With what a register shows, and what is left of the debt by now: `left`."""
        people = ("client__manager", "author", "lawyer")
        rows = self.select_related("client", "lawsuit", *people)
        own = [name for name in own_columns(self.model) if name != "calculation"]
        return rows.only(
            *own,
            "client__name",
            "client__category",
            "lawsuit__state",
            "lawsuit__case_number",
            *names_of(*people),
        ).with_left()

    def with_left(self) -> Self:
        """With `left`: the debt open now, of what is claimed."""
        lines = self.model._meta.get_field("lines").related_model._default_manager
        of_claim = lines.filter(claim=OuterRef("pk")).order_by().values("claim")
        owed = of_claim.annotate(owed=Sum(owed_now(""))).values("owed")
        return self.annotate(left=Coalesce(Subquery(owed), ZERO))


class OutgoingLineQuerySet(models.QuerySet[Any]):
    """Reads of the invoices of claims."""

    def owed_now(self) -> Self:
        """With `left`: what is still owed of what the claim asks for."""
        return self.annotate(left=owed_now(""))


def owed_now(path: str) -> Least:
    """Of a line: the open part of its invoice, at most what was claimed."""
    return Least(f"{path}principal", f"{path}invoice__open_amount")


class LawsuitQuerySet(models.QuerySet[Any]):
    """Reads of lawsuits: seen with their claims."""

    def visible_to(self, user: User) -> Self:
        """Lawsuits of visible clients, as their claims are."""
        from claims.models import OutgoingClaim  # the model needs this module

        return self.filter(claim__in=OutgoingClaim.objects.visible_to(user))


class LawsuitPackageQuerySet(models.QuerySet[Any]):
    """Reads of packages for the court."""

    def visible_to(self, user: User) -> Self:
        """Of visible lawsuits."""
        from claims.models import OutgoingClaim

        return self.filter(lawsuit__claim__in=OutgoingClaim.objects.visible_to(user))

    def waiting(self) -> Self:
        """Asked for and not made yet, the first asked first."""
        return self.filter(state="waiting").order_by("pk")


class LimitationWatchQuerySet(OfClientQuerySet):
    """Reads of debts whose limitation comes to its end: seen as their invoices are."""

    client_path = "invoice__client__"

    def running(self, today: date) -> Self:
        """Still owed, and the last day has not gone by."""
        return self.filter(last_day__gte=today, invoice__open_amount__gt=0)

    def for_list(self) -> Self:
        """With what the register shows: the invoice, its client and the claim that holds it."""
        from claims.models import OutgoingLine

        held = OutgoingLine.objects.filter(invoice=OuterRef("invoice"), is_held=True)
        rows = self.select_related("invoice__client__manager", "invoice__contract")
        return rows.annotate(
            claim_id=Subquery(held.values("claim")[:1]),
            claim_number=Subquery(held.values("claim__number")[:1]),
        )
