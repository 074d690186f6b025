"""Reads of claims of clients."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from crm.accounts.models.roles import Role
from crm.accounts.querysets import names_of, own_columns
from deals.querysets import OfClientQuerySet

if TYPE_CHECKING:
    from crm.accounts.models import User

ZERO = Decimal(0)
OPEN = ("registered", "in_review", "escalated")
SATISFIED = ("satisfied", "partial")
UNSETTLED = ("decided", "compensated")
# Satisfied, and the client has not got it yet; not answered.
OWED = Q(state="decided", decision__in=SATISFIED) & ~Q(compensation="none")
UNANSWERED = Q(state__in=UNSETTLED, answered_on=None)


class ClaimReasonQuerySet(models.QuerySet[Any]):
    """Reads of the reasons of claims."""

    def in_use(self, kind: str = "") -> Self:
        """Offered for claims of the kind, in their order."""
        rows = self.filter(archived_at=None)
        return rows.filter(kind__in=["", kind]) if kind else rows


class ClaimQuerySet(OfClientQuerySet):
    """Reads of claims."""

    def visible_to(self, user: User) -> Self:
        """Claims of visible clients; the purchasing department reads those for goods (C.9)."""
        if user.is_active and user.role == Role.PURCHASING:
            return self.filter(kind="goods")
        return super().visible_to(user)

    def in_sums_of(self, user: User) -> Self:
        """The same, asked for in the way that suits counts and sums of many."""
        if user.is_active and user.role == Role.PURCHASING:
            return self.filter(kind="goods")
        return super().in_sums_of(user)

    def open(self) -> Self:
        """Nothing is decided yet."""
        return self.filter(state__in=OPEN)

    def late(self, today: date) -> Self:
        """Not decided, and the day of the answer has gone by."""
        return self.open().filter(response_due__lt=today)

    def to_compensate(self) -> Self:
        """Satisfied, and the client has not got it yet."""
        return self.filter(OWED)

    def to_answer(self) -> Self:
        """Decided, and the client has not been written to."""
        return self.filter(UNANSWERED)

    def to_settle(self) -> Self:
        """Decided, and the client has not got it, or was not written to."""
        # Written so that one index holds them all; it is `OWED | UNANSWERED`.
        return self.filter(OWED | Q(answered_on=None), state__in=UNSETTLED)

    def counted(self) -> Self:
        """All but those that the client took back."""
        return self.exclude(state="withdrawn")

    def satisfied(self) -> Self:
        """Satisfied as a whole or in part (CLAIM-1)."""
        return self.filter(decision__in=SATISFIED)

    def received(self, first: date, last: date) -> Self:
        """Registered from the first to the last day, both included."""
        return self.filter(registered_on__gte=first, registered_on__lte=last)

    def decided(self, first: date, last: date) -> Self:
        """Decided from the first to the last day, both included."""
        return self.filter(decided_on__gte=first, decided_on__lte=last)

    def doubtful(self) -> Self:
        """Came before the sale that they complain of."""
        return self.filter(registered_on__lt=F("sold_on"))

    def sums(self) -> dict[str, Any]:
        """How many came and how many are open or satisfied, and for what sums (CLAIM-1)."""
        satisfied = Q(decision__in=SATISFIED)
        return self.aggregate(
            count=Count("pk"),
            claimed=Coalesce(Sum("claimed_amount"), ZERO),
            open_count=Count("pk", filter=Q(state__in=OPEN)),
            satisfied_count=Count("pk", filter=satisfied),
            satisfied=Coalesce(Sum("satisfied_amount", filter=satisfied), ZERO),
        )

    def with_goods(self) -> Self:
        """`goods` is the name of the first line, `goods_count` how many lines there are."""
        return self.annotate(goods=_first_goods(), goods_count=_count_of_lines())

    def for_list(self) -> Self:
        """With what a register shows, goods among it."""
        people = ("manager", "assigned_to")
        rows = self.select_related("client", "reason", *people).only(
            *own_columns(self.model),
            "client__name",
            "client__category",
            "reason__name_ru",
            "reason__name_en",
            *names_of(*people),
        )
        return rows.with_goods()


def _first_goods() -> Subquery:
    from claims.models import ClaimLine  # it knows this module

    lines = ClaimLine.objects.filter(claim=OuterRef("pk")).order_by("position")
    return Subquery(lines.values("name")[:1])


def _count_of_lines() -> Subquery:
    from claims.models import ClaimLine  # it knows this module

    lines = ClaimLine.objects.filter(claim=OuterRef("pk")).order_by().values("claim")
    return Subquery(lines.annotate(n=Count("pk")).values("n"))


class ClaimLineQuerySet(models.QuerySet[Any]):
    """Reads of the lines of claims."""

    def visible_to(self, user: User) -> Self:
        """Lines of visible claims."""
        from claims.models import Claim  # it knows this module

        return self.filter(claim__in=Claim.objects.visible_to(user))
