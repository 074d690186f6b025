"""The reasons of contacts: broken promises, silence, missed and planned contacts, the card."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import Exists, F, Max, OuterRef, Q
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clients.models import Client, ClientStatus, ContactLog, ContactState
from clients.next_step import (
    Cases,
    Line,
    Moment,
    Reason,
    ReasonRule,
    asked,
    contacts_of_asked,
    register,
)
from clients.norms import day_of, norm_key, start_of
from crm.money import format_number


def _broken_promises(today: date) -> Cases:
    """The latest promise has passed and was not kept, and nobody has called since."""
    newer = Q(promise_on__gt=OuterRef("promise_on")) | Q(
        promise_on=OuterRef("promise_on"), pk__gt=OuterRef("pk")
    )
    replaced = ContactLog.objects.with_promise().filter(newer, client=OuterRef("client"))
    called_on = TruncDate("client__last_contact_at", tzinfo=timezone.get_default_timezone())
    broken = (
        contacts_of_asked()
        .with_promise()
        .filter(~Exists(replaced), promise_on__lt=today)
        .exclude(promise_kept=True)
        .alias(called_on=called_on)
        .filter(Q(called_on=None) | Q(called_on__lte=F("promise_on")))
    )
    return Cases(broken, on=F("promise_on"), amount=F("promise_amount"))


def _promise_label(reason: Reason) -> str:
    return _("Promised %(amount)s by %(day)s") % {
        "amount": f"{format_number(reason.case.amount or 0)}\u00a0₽",
        "day": f"{reason.case.on:%d.%m}",
    }


def _silence_since(line: Line, at: Moment) -> datetime | None:
    """The day on which the silence became longer than the norm."""
    key = norm_key(line.category, line.status)
    last = line.last_contact_at or line.taken_at
    if last is None or last >= at.silence_borders[key]:
        return None
    return start_of(day_of(last) + timedelta(days=at.norms[key].silence_days + 1))


def _silence_label(reason: Reason) -> str:
    line, at = reason.client, reason.at
    limit = at.norms[norm_key(line.category, line.status)].silence_days
    days = limit + 1 + (at.today - day_of(reason.since)).days
    text = ngettext("No contact for %(days)s day", "No contact for %(days)s days", days)
    norm = _("norm %(days)s") % {"days": limit}
    return f"{text % {'days': days}} · {norm}"


def _missed(today: date) -> Cases:
    """The last missed contact was followed neither by a contact nor by a new plan."""
    not_called = Q(client__last_contact_at=None) | Q(client__last_contact_at__lt=F("planned_at"))
    missed = contacts_of_asked("next_contact_at IS NULL").filter(
        not_called, state=ContactState.MISSED, successor=None
    )
    return Cases(missed.values("client").annotate(last=Max("planned_at")), since=F("last"))


def _missed_label(reason: Reason) -> str:
    return _("Missed on %(day)s") % {"day": f"{timezone.localtime(reason.since):%d.%m}"}


def _today_since(line: Line, at: Moment) -> datetime | None:
    planned = line.next_contact_at
    return planned if planned and at.midnight <= planned < at.next_midnight else None


def _today_label(reason: Reason) -> str:
    local = timezone.localtime(reason.since)
    if (local.hour, local.minute) == (0, 0):
        return _("Planned for today")
    return _("Planned for today, %(time)s") % {"time": f"{local:%H:%M}"}


def _earlier_since(line: Line, at: Moment) -> datetime | None:
    planned = line.next_contact_at
    return planned if planned and planned < at.midnight else None


def _earlier_label(reason: Reason) -> str:
    local = timezone.localtime(reason.since)
    return _("Planned for %(day)s, not marked") % {"day": f"{local:%d.%m}"}


def _no_next_since(line: Line, at: Moment) -> datetime | None:
    """Nothing is planned; the trading hall comes by itself."""
    if line.next_contact_at is not None or line.status == ClientStatus.TRADING_HALL:
        return None
    return line.last_contact_at or line.created_at


def _incomplete_cards(today: date) -> Cases:
    """Category A must have a decision maker (L158)."""
    incomplete = Client.objects.filter(pk__in=asked("category = 'A'")).without_decision_maker()
    return Cases(incomplete, client="pk", since=F("created_at"))


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
    cases=_broken_promises,
    label=_promise_label,
)
SILENCE = ReasonRule(
    code="silence",
    rank=40,
    name=gettext_lazy("Silent longer than the norm"),
    verb=gettext_lazy("Get in touch: the silence is too long"),
    tone="danger",
    icon="clock-exclamation",
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
    cases=_missed,
    label=_missed_label,
)
TODAY = ReasonRule(
    code="today",
    rank=50,
    name=gettext_lazy("Planned for today"),
    verb=gettext_lazy("Make today's contact"),
    tone="accent",
    icon="calendar-event",
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
    since=_no_next_since,
    label=lambda reason: _("No next contact"),
)
CARD = ReasonRule(
    code="card",
    rank=90,
    name=gettext_lazy("Card incomplete"),
    verb=gettext_lazy("Find out who decides"),
    tone="neutral",
    icon="user-question",
    cases=_incomplete_cards,
    label=lambda reason: _("Category A without a decision maker"),
)
