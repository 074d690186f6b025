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

from claims.models import WAITING, LimitationWatch, OutgoingClaim
from crm.accounts.models import User
from crm.accounts.querysets import names_of
from crm.accounts.scope import scope_of
from crm.approvals.models import Approval
from crm.approvals.signers import signing_of
from crm.sql import Kept, Statement, maker, side_by_side, whole
from crm.work.registry import setting
from deals.models import (
    IN_NEGOTIATION,
    ClientDocument,
    Contract,
    ContractObligation,
    ContractState,
    PowerOfAttorney,
)
from deals.receivables.ageing import parse_steps

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
CLAIMS = ("id", "number", "state", "response_due", "client__id", "client__name", "left")
WATCHES = (
    *("id", "last_day", "step", "invoice__id", "invoice__number", "invoice__open_amount"),
    *("invoice__client__id", "invoice__client__name", "total_rows"),
)
NEVER_FIRST = F("response_due").asc(nulls_first=True)
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

    def _read_beside(
        self,
        model: type[Model],
        paths: tuple[str, ...],
        asked: Callable[[], tuple[QuerySet[Any], ...]],
    ) -> tuple[list[Any], tuple[int, ...]]:
        """The first rows of the first QuerySet, and the figures of the others: one query."""

        def build() -> Statement:
            rows, *figures = asked()
            return side_by_side(rows.values_list(*paths)[:TOP], *figures)

        found = self._statement(model.__name__, build).rows()
        figures = found[0][len(paths) :] if found else ()
        make = maker(model, paths)
        return [make(row) for row in found if row[0] is not None], figures

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
    def _contracts(self) -> tuple[list[Contract], tuple[int, ...]]:
        """Contracts in force that end first, how many end, and those on their way by state."""
        return self._read_beside(Contract, ENDING, self._asked_contracts)

    def _asked_contracts(self) -> tuple[QuerySet[Any], ...]:
        """Each count is made in an index of its own that has all of it."""
        seen = Contract.objects.visible_to(self.user)
        ending = seen.ending(self.today, self.days)
        states = {state: Count("pk", filter=Q(state=state)) for state in IN_NEGOTIATION}
        on_way = whole(seen.filter(state__in=IN_NEGOTIATION), **states)
        return ending.order_by("ends_on", "pk"), whole(ending, count=Count("*")), on_way

    @property
    def ending(self) -> list[Contract]:
        return sorted(self._contracts[0], key=lambda row: (row.ends_on, row.pk))

    @property
    def ending_url(self) -> str:
        """The contracts counted, by the days of the setting."""
        return f"{reverse('deals:contract_list')}?state=active&ends_within={self.days}"

    @property
    def ending_count(self) -> int:
        return (self._contracts[1] or (0,))[0] or 0

    @cached_property
    def states(self) -> list[dict[str, Any]]:
        """Contracts on their way by state, each with the link to them."""
        url = reverse("deals:contract_list")
        counts = self._contracts[1][1:] or [0] * len(IN_NEGOTIATION)
        return [
            {"label": ContractState(state).label, "count": n or 0, "url": f"{url}?state={state}"}
            for state, n in zip(IN_NEGOTIATION, counts, strict=True)
        ]

    @property
    def on_their_way(self) -> int:
        return sum(line["count"] for line in self.states)

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
    def _claims(self) -> tuple[list[OutgoingClaim], tuple[int, ...]]:
        return self._read_beside(OutgoingClaim, CLAIMS, self._asked_claims)

    def _asked_claims(self) -> tuple[QuerySet[Any], ...]:
        rows = OutgoingClaim.objects.visible_to(self.user)
        send = Q(state="legal_review")
        over = Q(state__in=WAITING, response_due__lt=self.today)
        first = rows.filter(send | over).with_left().order_by(NEVER_FIRST, "pk")
        figures = {"send": send, "over": over, "court": Q(state="in_court")}
        counts = {name: Count("pk", filter=which) for name, which in figures.items()}
        return first, whole(rows, **counts)

    @property
    def claims(self) -> list[OutgoingClaim]:
        """Claims that wait for the lawyer: to be sent first, then those whose term is over."""
        return sorted(self._claims[0], key=lambda row: (row.response_due or date.min, row.pk))

    @property
    def claim_counts(self) -> dict[str, int]:
        """To be sent, without an answer in time, in court."""
        counts = self._claims[1] or (0, 0, 0)
        return dict(zip(("send", "over", "court"), (n or 0 for n in counts), strict=True))

    @cached_property
    def running_out(self) -> list[LimitationWatch]:
        """Debts whose limitation ends first."""
        return self._read(LimitationWatch, WATCHES, self._running_out)

    def _running_out(self) -> QuerySet[Any]:
        rows = LimitationWatch.objects.visible_to(self.user).running(self.today)
        return with_total(rows).order_by("last_day", "pk")

    @property
    def running_out_count(self) -> int:
        return total_of(self.running_out)
