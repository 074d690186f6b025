"""What a client needs next and why: the rules of My day and of the banner on the client card.

A rule reads facts that the database computes for many clients at once and says since when it
holds. Later apps register theirs from AppConfig.ready():

    next_step.register(ReasonRule("debt", rank=20, facts=debt_facts, since=overdue_since, …))

Ranks (ux.md, worst first): promise 10 · debt 20 · claim 30 · silence 40 · missed 45 · planned
today 50 · planned earlier 55 · act 60 · contract 65 · sheet 70 · no next contact 80 · card 90.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.functional import Promise

from clients.models import ContactLog
from clients.norms import ContactNorm, contact_norms, start_of
from clients.querysets import ClientQuerySet

Facts = dict[str, Any]
BASE_FACTS = ("pk", "category", "status", "created_at", "next_contact_at", "last_contact_at")


@dataclass(frozen=True)
class Moment:
    """The present, and the norms in force: read once for all clients."""

    today: date
    now: datetime
    norms: dict[str, ContactNorm]

    @classmethod
    def of(cls, now: datetime) -> Moment:
        """The moment with its day by the company's clock."""
        return cls(timezone.localtime(now).date(), now, contact_norms())

    @property
    def midnight(self) -> datetime:
        return start_of(self.today)

    @property
    def next_midnight(self) -> datetime:
        return start_of(self.today + timedelta(days=1))


@dataclass(frozen=True)
class ReasonRule:
    """One reason to take up a client.

    `facts`: SQL expressions over clients by their names; `since`: when it began to hold, None
    while it does not; `label`: the chip; `verb`: what to do, for the banner; `link`: the rows
    behind it, where they are not on the card itself. A reason that any contact of today settles
    is `settled_by_contact`; within a rank A comes before B before C if it is `by_category`.
    """

    code: str
    rank: int
    name: str | Promise
    verb: str | Promise
    tone: str
    icon: str
    facts: Callable[[Moment], dict[str, Any]]
    since: Callable[[Facts, Moment], datetime | None]
    label: Callable[[Facts, Moment], str]
    link: Callable[[int], str] | None = None
    settled_by_contact: bool = True
    by_category: bool = True


@dataclass(frozen=True)
class Reason:
    """A rule that holds for one client."""

    rule: ReasonRule
    since: datetime
    facts: Facts
    at: Moment

    @property
    def label(self) -> str:
        return self.rule.label(self.facts, self.at)

    @property
    def link(self) -> str:
        return self.rule.link(self.facts["pk"]) if self.rule.link else ""

    @property
    def order(self) -> tuple[int, str, datetime]:
        """Worse reasons first; then A before B before C; then the older."""
        weight = (self.facts["category"] or "Z") if self.rule.by_category else ""
        return (self.rule.rank, weight, self.since)


_rules: dict[str, ReasonRule] = {}


def register(rule: ReasonRule) -> None:
    """Add a reason; the same code replaces the former one."""
    _rules[rule.code] = rule


def rules() -> list[ReasonRule]:
    """All reasons, the worst first."""
    return sorted(_rules.values(), key=lambda rule: rule.rank)


def find_reasons(
    clients: ClientQuerySet, at: Moment, **more: Any
) -> dict[int, tuple[Facts, list[Reason]]]:
    """Facts and reasons of each client, the worst reason first: one query for all clients.

    `more` are further SQL expressions to be read along.
    """
    annotations: dict[str, Any] = {"contacted_today": _contacted_today(at), **more}
    for rule in rules():
        annotations |= rule.facts(at)
    rows = clients.order_by().annotate(**annotations).values(*BASE_FACTS, *annotations)
    worst_first = rules()
    return {facts["pk"]: (facts, list(_reasons(facts, at, worst_first))) for facts in rows}


def _reasons(facts: Facts, at: Moment, worst_first: list[ReasonRule]) -> Iterable[Reason]:
    for rule in worst_first:
        if rule.settled_by_contact and facts["contacted_today"]:
            continue
        since = rule.since(facts, at)
        if since is not None:
            yield Reason(rule, since, facts, at)


def _contacted_today(at: Moment) -> Exists:
    """Whoever was called today is done for today, reached or not."""
    return Exists(contacts_of_client().done().filter(done_at__gte=at.midnight))


def contacts_of_client() -> Any:
    """The contacts of the client of an outer query, for the facts of a rule."""
    return ContactLog.objects.filter(client=OuterRef("pk")).order_by()
