"""What the lawyer's home page shows: visas, claims and debts that wait, contracts, what ends.

The SQL depends on the day and on what the person sees and signs, and is kept for these.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import Count, F, Model, Q, QuerySet, Window
from django.urls import reverse

from claims.models import LimitationWatch, OutgoingClaim
from crm.accounts.models import User
from crm.accounts.querysets import names_of
from crm.accounts.scope import scope_of
from crm.approvals.models import Approval
from crm.approvals.signers import signing_of
from crm.sql import Kept, Statement, maker, side_by_side, whole
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
NOTHING = Statement("SELECT WHERE false")
DECISIONS = ("id", "title", "submitted_at", *names_of("author"), "total_rows")
ENDING = ("id", "number", "ends_on", "auto_renew", "client__id", "client__name")
LATE = (
    *("id", "text", "due_on", "contract__id", "contract__client__id", "contract__client__name"),
    *("org_unit__id", "org_unit__name", "total_rows"),
)
PAPERS = ("id", "kind", "number", "valid_to", "client__id", "client__name")
POWERS = ("id", "number", "valid_to", *names_of("agent"))
_kept = Kept()


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
    def _key(self) -> tuple[Any, ...]:
        scope, people = scope_of(self.user), signing_of(self.user, self.today).people
        signs = tuple((person.pk, person.role) for person in people)
        return (scope.key, scope.limited_fields, signs, self.today, self.days)

    def _statement(self, name: str, build: Callable[[], Statement]) -> Statement:
        try:
            found: Statement = _kept.get((name, self._key), build)
        except EmptyResultSet:  # somebody who sees nothing of it
            return NOTHING
        return found

    def _read(
        self, model: type[Model], paths: tuple[str, ...], rows: Callable[[], QuerySet[Any]]
    ) -> list[Any]:
        """The first rows, with what the page shows of each."""
        statement = self._statement(
            model.__name__, lambda: Statement.of(rows().values_list(*paths)[:TOP])
        )
        return list(map(maker(model, paths), statement.rows()))

    @cached_property
    def decisions(self) -> list[Approval]:
        """What waits for the person's visa, the longest waiting first."""
        return self._read(Approval, DECISIONS, self._decisions)

    def _decisions(self) -> QuerySet[Any]:
        rows = Approval.objects.waiting_for(self.user, today=self.today)
        return with_total(rows).order_by("submitted_at", "pk")

    @property
    def decisions_count(self) -> int:
        return total_of(self.decisions)

    @cached_property
    def _counts(self) -> dict[str, int]:
        """Contracts on their way by state, and those in force that end, in one query."""
        rows = self._statement("counts", self._counted).rows()
        ending = {ContractState.ACTIVE.value: rows[0][2] or 0} if rows else {}
        return {state: count for state, count, _ending in rows if state} | ending

    def _counted(self) -> Statement:
        """Each half is counted in an index of its own that has all of it."""
        seen = Contract.objects.visible_to(self.user).order_by()
        on_way = seen.filter(state__in=IN_NEGOTIATION).values_list("state").annotate(Count("pk"))
        return side_by_side(on_way, whole(seen.ending(self.today, self.days), count=Count("*")))

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
        return self._read(Contract, ENDING, self._ending)

    def _ending(self) -> QuerySet[Any]:
        rows = Contract.objects.visible_to(self.user).ending(self.today, self.days)
        return rows.order_by("ends_on", "pk")

    @property
    def ending_count(self) -> int:
        return self._counts.get(ContractState.ACTIVE, 0)

    @cached_property
    def late(self) -> list[ContractObligation]:
        """Obligations of ours that are overdue, the oldest first."""
        return self._read(ContractObligation, LATE, self._late)

    def _late(self) -> QuerySet[Any]:
        rows = ContractObligation.objects.visible_to(self.user).overdue(self.today)
        return with_total(rows).order_by("due_on", "pk")

    @property
    def late_count(self) -> int:
        return total_of(self.late)

    @property
    def _last(self) -> date:
        return self.today + timedelta(days=self.days)

    @cached_property
    def papers(self) -> list[ClientDocument]:
        """Papers of clients that are over or end soon."""
        return self._read(ClientDocument, PAPERS, self._papers)

    def _papers(self) -> QuerySet[Any]:
        rows = ClientDocument.objects.visible_to(self.user).open()
        return rows.filter(valid_to__lte=self._last).order_by("valid_to", "pk")

    @cached_property
    def powers(self) -> list[PowerOfAttorney]:
        """Powers of attorney that end soon."""
        return self._read(PowerOfAttorney, POWERS, self._powers)

    def _powers(self) -> QuerySet[Any]:
        rows = PowerOfAttorney.objects.on(self.today).filter(valid_to__lte=self._last)
        return rows.order_by("valid_to", "pk")

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
