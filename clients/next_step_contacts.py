"""The reasons of contacts: broken promises, silence, missed and planned contacts, the card."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clients.models import ClientCategory, ClientStatus, ContactPerson, ContactState
from clients.next_step import Facts, Moment, ReasonRule, contacts_of_client, register
from clients.norms import day_of, silence_limit, silent_since, start_of
from crm.money import format_number


def _promise_facts(at: Moment) -> dict[str, Any]:
    latest = contacts_of_client().with_promise().order_by("-promise_on", "-pk")
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
    if last is not None and day_of(last) > on:
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
    last = day_of(facts["silent_since"])
    over = last + timedelta(days=silence_limit(facts, at.norms) + 1)
    return start_of(over) if over <= at.today else None


def _silence_label(facts: Facts, at: Moment) -> str:
    days = (at.today - day_of(facts["silent_since"])).days
    text = ngettext("No contact for %(days)s day", "No contact for %(days)s days", days)
    norm = _("norm %(days)s") % {"days": silence_limit(facts, at.norms)}
    return f"{text % {'days': days}} · {norm}"


def _missed_facts(at: Moment) -> dict[str, Any]:
    missed = contacts_of_client().filter(state=ContactState.MISSED, successor=None)
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
    """Declare the reasons that follow from contacts and from the card itself, the worst first."""
    for rule in (PROMISE, SILENCE, MISSED, TODAY, EARLIER, NO_NEXT, CARD):
        register(rule)


PROMISE = ReasonRule(
    code="promise",
    rank=10,
    name=gettext_lazy("Promise to pay broken"),
    verb=gettext_lazy("Ask about the promised payment"),
    tone="danger",
    icon="coin-off",
    facts=_promise_facts,
    since=_promise_since,
    label=_promise_label,
)
SILENCE = ReasonRule(
    code="silence",
    rank=40,
    name=gettext_lazy("Silent longer than the norm"),
    verb=gettext_lazy("Get in touch: the silence is too long"),
    tone="danger",
    icon="clock-exclamation",
    facts=_silence_facts,
    since=_silence_since,
    label=_silence_label,
)
MISSED = ReasonRule(
    code="missed",
    rank=45,
    name=gettext_lazy("Missed contact"),
    verb=gettext_lazy("Make up for the missed contact"),
    tone="danger",
    icon="phone-x",
    facts=_missed_facts,
    since=_missed_since,
    label=_missed_label,
)
TODAY = ReasonRule(
    code="today",
    rank=50,
    name=gettext_lazy("Planned for today"),
    verb=gettext_lazy("Make today's contact"),
    tone="accent",
    icon="calendar-event",
    facts=_no_facts,
    since=_today_since,
    label=_today_label,
    settled_by_contact=False,
    by_category=False,
)
EARLIER = ReasonRule(
    code="earlier",
    rank=55,
    name=gettext_lazy("Planned earlier, not marked"),
    verb=gettext_lazy("Mark the earlier contact or put it off"),
    tone="warning",
    icon="calendar-exclamation",
    facts=_no_facts,
    since=_earlier_since,
    label=_earlier_label,
    settled_by_contact=False,
    by_category=False,
)
NO_NEXT = ReasonRule(
    code="no_next",
    rank=80,
    name=gettext_lazy("No next contact"),
    verb=gettext_lazy("Plan the next contact"),
    tone="neutral",
    icon="calendar-off",
    facts=_no_facts,
    since=_no_next_since,
    label=lambda facts, at: _("No next contact"),
)
CARD = ReasonRule(
    code="card",
    rank=90,
    name=gettext_lazy("Card incomplete"),
    verb=gettext_lazy("Find out who decides"),
    tone="neutral",
    icon="user-question",
    facts=_card_facts,
    since=_card_since,
    label=lambda facts, at: _("Category A without a decision maker"),
)
