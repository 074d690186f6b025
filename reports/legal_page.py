"""What the lawyer's home page shows: visas, claims and debts that wait, contracts, what ends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Count, F, Model, Q, QuerySet, Window
from django.urls import reverse

from claims.models import LimitationWatch, OutgoingClaim
from crm.accounts.models import User
from crm.approvals.models import Approval
from crm.work.registry import setting
from deals.ageing import parse_steps
from deals.models import (
    IN_NEGOTIATION,
    ClientDocument,
    Contract,
    ContractObligation,
    ContractState,
    PowerOfAttorney,
)

TOP = 7


def with_total(rows: QuerySet[Any]) -> QuerySet[Any]:
    """The rows, each knowing how many there are: the first few and their number in one query."""
    return rows.annotate(total_rows=Window(Count("pk")))


def total_of(rows: Sequence[Model]) -> int:
    """How many rows `with_total` found before it was cut."""
    return rows[0].total_rows if rows else 0  # type: ignore[attr-defined]


class LegalPage:
    """The page of one person; every figure leads to its rows."""

    def __init__(self, user: User, today: date) -> None:
        self.user, self.today = user, today
        self.days = max(parse_steps(setting("contract.end_alerts")))

    @cached_property
    def decisions(self) -> list[Approval]:
        """What waits for the person's visa, the longest waiting first."""
        rows = Approval.objects.waiting_for(self.user, today=self.today)
        return list(with_total(rows.select_related("author")).order_by("submitted_at", "pk")[:TOP])

    @property
    def decisions_count(self) -> int:
        return total_of(self.decisions)

    @cached_property
    def _counts(self) -> dict[str, int]:
        """Contracts on their way by state, and those in force that end, in one query."""
        last = self.today + timedelta(days=self.days)
        ends = Q(state=ContractState.ACTIVE, ends_on__gte=self.today, ends_on__lte=last)
        rows = Contract.objects.visible_to(self.user).filter(Q(state__in=IN_NEGOTIATION) | ends)
        return dict(rows.order_by().values_list("state").annotate(Count("pk")))

    @cached_property
    def states(self) -> list[dict[str, Any]]:
        """Contracts on their way by state, each with the link to them."""
        url = reverse("deals:contract_list")
        return [
            {
                "label": ContractState(state).label,
                "count": self._counts.get(state, 0),
                "url": f"{url}?state={state}",
            }
            for state in IN_NEGOTIATION
        ]

    @property
    def on_their_way(self) -> int:
        return sum(line["count"] for line in self.states)

    @cached_property
    def ending(self) -> list[Contract]:
        """Contracts in force that end first."""
        rows = Contract.objects.visible_to(self.user).ending(self.today, self.days)
        return list(rows.for_list().order_by("ends_on", "pk")[:TOP])

    @property
    def ending_count(self) -> int:
        return self._counts.get(ContractState.ACTIVE, 0)

    @cached_property
    def late(self) -> list[ContractObligation]:
        """Obligations of ours that are overdue, the oldest first."""
        rows = ContractObligation.objects.visible_to(self.user).overdue(self.today)
        rows = rows.select_related("contract__client", "org_unit").order_by("due_on", "pk")
        return list(with_total(rows)[:TOP])

    @property
    def late_count(self) -> int:
        return total_of(self.late)

    @cached_property
    def papers(self) -> list[ClientDocument]:
        """Papers of clients that are over or end soon."""
        last = self.today + timedelta(days=self.days)
        rows = ClientDocument.objects.visible_to(self.user).open().filter(valid_to__lte=last)
        return list(rows.select_related("client").order_by("valid_to", "pk")[:TOP])

    @cached_property
    def powers(self) -> list[PowerOfAttorney]:
        """Powers of attorney that end soon."""
        last = self.today + timedelta(days=self.days)
        rows = PowerOfAttorney.objects.on(self.today).filter(valid_to__lte=last)
        return list(rows.select_related("agent").order_by("valid_to", "pk")[:TOP])

    @cached_property
    def claims(self) -> list[OutgoingClaim]:
        """Claims that wait for the lawyer: to be sent first, then those whose term is over."""
        rows = OutgoingClaim.objects.visible_to(self.user).for_list()
        mine = Q(state="legal_review") | Q(
            state__in=["sent", "answered", "term_expired"], response_due__lt=self.today
        )
        order = F("response_due").asc(nulls_first=True)
        return list(rows.filter(mine).order_by(order, "pk")[:TOP])

    @cached_property
    def claim_counts(self) -> dict[str, int]:
        """To be sent, without an answer in time, in court: one query."""
        rows = OutgoingClaim.objects.visible_to(self.user).order_by()
        over = Q(state__in=["sent", "answered", "term_expired"], response_due__lt=self.today)
        return rows.aggregate(
            send=Count("pk", filter=Q(state="legal_review")),
            over=Count("pk", filter=over),
            court=Count("pk", filter=Q(state="in_court")),
        )

    @cached_property
    def running_out(self) -> list[LimitationWatch]:
        """Debts whose limitation ends first."""
        rows = LimitationWatch.objects.visible_to(self.user).running(self.today).for_list()
        return list(with_total(rows).order_by("last_day", "pk")[:TOP])

    @property
    def running_out_count(self) -> int:
        return total_of(self.running_out)
