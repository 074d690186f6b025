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

from django.db.models import Exists, OuterRef, Subquery
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clients.models import ClientCategory, ClientStatus, ContactLog, ContactPerson, ContactState
from clients.norms import ContactNorm, contact_norms, silence_limit, silent_since, start_of
from clients.querysets import ClientQuerySet
from crm.money import format_number

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
    return {facts["pk"]: (facts, list(_reasons(facts, at))) for facts in rows}


def _reasons(facts: Facts, at: Moment) -> Iterable[Reason]:
    for rule in rules():
        if rule.settled_by_contact and facts["contacted_today"]:
            continue
        since = rule.since(facts, at)
        if since is not None:
            yield Reason(rule, since, facts, at)


def _contacted_today(at: Moment) -> Exists:
    """Whoever was called today is done for today, reached or not."""
    return Exists(_contacts().done().filter(done_at__gte=at.midnight))


def _contacts() -> Any:
    return ContactLog.objects.filter(client=OuterRef("pk")).order_by()


# The rules of contacts


def _promise_facts(at: Moment) -> dict[str, Any]:
    latest = _contacts().with_promise().order_by("-promise_on", "-pk")
    return {
        "promise_on": Subquery(latest.values("promise_on")[:1]),
        "promise_kept": Subquery(latest.values("promise_kept")[:1]),
        "promise_amount": Subquery(latest.values("promise_amount")[:1]),
    }


def _promise_since(facts: Facts, at: Moment) -> datetime | None:
    """The latest promise has passed, nobody said that it was kept, nobody has called since."""
    on = facts["promise_on"]
    if on is None or on >= at.today or facts["promise_kept"] is not None:
        return None
    last = facts["last_contact_at"]
    if last is not None and timezone.localtime(last).date() > on:
        return None
    return start_of(on)


def _promise_label(facts: Facts, at: Moment) -> str:
    return _("Promised %(amount)s by %(day)s") % {
        "amount": f"{format_number(facts['promise_amount'])}\u00a0₽",
        "day": f"{facts['promise_on']:%d.%m}",
    }


def _silence_facts(at: Moment) -> dict[str, Any]:
    return {"silent_since": silent_since()}


def _silence_since(facts: Facts, at: Moment) -> datetime | None:
    """The day on which the silence became longer than the norm."""
    last = timezone.localtime(facts["silent_since"]).date()
    over = last + timedelta(days=silence_limit(facts, at.norms) + 1)
    return start_of(over) if over <= at.today else None


def _silence_label(facts: Facts, at: Moment) -> str:
    days = (at.today - timezone.localtime(facts["silent_since"]).date()).days
    text = ngettext("No contact for %(days)s day", "No contact for %(days)s days", days)
    norm = _("norm %(days)s") % {"days": silence_limit(facts, at.norms)}
    return f"{text % {'days': days}} · {norm}"


def _missed_facts(at: Moment) -> dict[str, Any]:
    missed = _contacts().filter(state=ContactState.MISSED, successor=None)
    return {"missed_at": Subquery(missed.order_by("-planned_at").values("planned_at")[:1])}


def _missed_since(facts: Facts, at: Moment) -> datetime | None:
    """The last missed contact was followed neither by a contact nor by a new plan."""
    missed, last = facts["missed_at"], facts["last_contact_at"]
    if missed is None or facts["next_contact_at"] is not None:
        return None
    missed_at: datetime = missed
    return missed_at if last is None or last < missed_at else None


def _missed_label(facts: Facts, at: Moment) -> str:
    return _("Missed on %(day)s") % {"day": f"{timezone.localtime(facts['missed_at']):%d.%m}"}


def _no_facts(at: Moment) -> dict[str, Any]:
    return {}


def _today_since(facts: Facts, at: Moment) -> datetime | None:
    planned: datetime | None = facts["next_contact_at"]
    return planned if planned and at.midnight <= planned < at.next_midnight else None


def _today_label(facts: Facts, at: Moment) -> str:
    local = timezone.localtime(facts["next_contact_at"])
    if (local.hour, local.minute) == (0, 0):
        return _("Planned for today")
    return _("Planned for today, %(time)s") % {"time": f"{local:%H:%M}"}


def _earlier_since(facts: Facts, at: Moment) -> datetime | None:
    planned: datetime | None = facts["next_contact_at"]
    return planned if planned and planned < at.midnight else None


def _earlier_label(facts: Facts, at: Moment) -> str:
    local = timezone.localtime(facts["next_contact_at"])
    return _("Planned for %(day)s, not marked") % {"day": f"{local:%d.%m}"}


def _no_next_since(facts: Facts, at: Moment) -> datetime | None:
    """Nothing is planned; the trading hall comes by itself."""
    if facts["next_contact_at"] is not None:
        return None
    since: datetime = facts["last_contact_at"] or facts["created_at"]
    return None if facts["status"] == ClientStatus.TRADING_HALL else since


def _card_facts(at: Moment) -> dict[str, Any]:
    deciders = ContactPerson.objects.filter(
        client=OuterRef("pk"), is_decision_maker=True, archived_at=None
    )
    return {"has_decider": Exists(deciders)}


def _card_since(facts: Facts, at: Moment) -> datetime | None:
    """Category A must have a decision maker (L158)."""
    if facts["category"] != ClientCategory.A or facts["has_decider"]:
        return None
    since: datetime = facts["created_at"]
    return since


def register_contact_reasons() -> None:
    """Declare the reasons that follow from contacts and from the card itself."""
    register(
        ReasonRule(
            "promise",
            10,
            gettext_lazy("Promise to pay broken"),
            gettext_lazy("Ask about the promised payment"),
            "danger",
            "coin-off",
            _promise_facts,
            _promise_since,
            _promise_label,
        )
    )
    register(
        ReasonRule(
            "silence",
            40,
            gettext_lazy("Silent longer than the norm"),
            gettext_lazy("Get in touch: the silence is too long"),
            "danger",
            "clock-exclamation",
            _silence_facts,
            _silence_since,
            _silence_label,
        )
    )
    register(
        ReasonRule(
            "missed",
            45,
            gettext_lazy("Missed contact"),
            gettext_lazy("Make up for the missed contact"),
            "danger",
            "phone-x",
            _missed_facts,
            _missed_since,
            _missed_label,
        )
    )
    _register_plans()


def _register_plans() -> None:
    register(
        ReasonRule(
            "today",
            50,
            gettext_lazy("Planned for today"),
            gettext_lazy("Make today's contact"),
            "accent",
            "calendar-event",
            _no_facts,
            _today_since,
            _today_label,
            settled_by_contact=False,
            by_category=False,
        )
    )
    register(
        ReasonRule(
            "earlier",
            55,
            gettext_lazy("Planned earlier, not marked"),
            gettext_lazy("Mark the earlier contact or put it off"),
            "warning",
            "calendar-exclamation",
            _no_facts,
            _earlier_since,
            _earlier_label,
            settled_by_contact=False,
            by_category=False,
        )
    )
    register(
        ReasonRule(
            "no_next",
            80,
            gettext_lazy("No next contact"),
            gettext_lazy("Plan the next contact"),
            "neutral",
            "calendar-off",
            _no_facts,
            _no_next_since,
            lambda facts, at: _("No next contact"),
        )
    )
    register(
        ReasonRule(
            "card",
            90,
            gettext_lazy("Card incomplete"),
            gettext_lazy("Find out who decides"),
            "neutral",
            "user-question",
            _card_facts,
            _card_since,
            lambda facts, at: _("Category A without a decision maker"),
        )
    )
