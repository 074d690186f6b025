"""The reasons of contacts: broken promises, silence, missed and planned contacts, the card."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Case, DateField, ExpressionWrapper, F, Q, When
from django.db.models.functions import Coalesce
from django.db.models.lookups import LessThan
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clients.contacting.next_step import Moment, Reason, ReasonRule, register
from clients.contacting.norms import (
    StartOf,
    by_norm,
    day_in_sql,
    day_of,
    norm_key,
    silent_since,
    start_of,
)
from clients.models import ClientStatus
from crm.money import format_number
from crm.sql import Statement


def _broken_promises(today: date) -> Statement:
    """The latest promise has passed and was not kept, and nobody has called since."""
    return Statement(
        """
        SELECT asked.id, NULL::timestamptz, latest.promise_on, latest.promise_amount, NULL::text
        FROM asked JOIN (
            SELECT DISTINCT ON (client_id) client_id, promise_on, promise_amount, promise_kept
            FROM clients_contactlog WHERE state = 'done' AND promise_on IS NOT NULL
                AND client_id = ANY ((SELECT ids FROM asked_ids)::bigint[])
            ORDER BY client_id, promise_on DESC, id DESC
        ) AS latest ON latest.client_id = asked.id
        WHERE latest.promise_on < %s AND latest.promise_kept IS NOT TRUE
            AND coalesce((asked.last_contact_at AT TIME ZONE %s)::date, '-infinity') <= promise_on
        """,
        (today, timezone.get_default_timezone_name()),
    )


def _promise_label(reason: Reason) -> str:
    return _("Promised %(amount)s by %(day)s") % {
        "amount": f"{format_number(reason.case.amount or 0)}\u00a0₽",
        "day": f"{reason.case.on:%d.%m}",
    }


def _silence_since(at: Moment) -> Any:
    """The day on which the silence became longer than the norm."""
    days = {key: norm.silence_days for key, norm in at.norms.items()}
    borders = {key: start_of(at.today - timedelta(days=days[key])) for key in days}
    too_long = day_in_sql(silent_since()) + by_norm(days) + 1
    # Days are worked out for those few only for whom the comparison holds.
    return Case(
        When(
            LessThan(silent_since(), by_norm(borders)),
            then=StartOf(ExpressionWrapper(too_long, DateField())),
        )
    )


def _silence_label(reason: Reason) -> str:
    line, at = reason.client, reason.at
    limit = at.norms[norm_key(line.category, line.status)].silence_days
    days = limit + 1 + (at.today - day_of(reason.since)).days
    text = ngettext("No contact for %(days)s day", "No contact for %(days)s days", days)
    norm = _("norm %(days)s") % {"days": limit}
    return f"{text % {'days': days}} · {norm}"


def _missed(today: date) -> Statement:
    """The last missed contact was followed neither by a contact nor by a new plan."""
    return Statement(
        """
        SELECT asked.id, max(contact.planned_at), NULL::date, NULL::numeric, NULL::text
        FROM asked JOIN clients_contactlog AS contact ON contact.client_id = asked.id
        WHERE contact.state = 'missed' AND contact.successor_id IS NULL
            AND contact.client_id = ANY (ARRAY(SELECT id FROM asked WHERE next_contact_at IS NULL))
            AND (asked.last_contact_at IS NULL OR asked.last_contact_at < contact.planned_at)
        GROUP BY asked.id
        """
    )


def _missed_label(reason: Reason) -> str:
    return _("Missed on %(day)s") % {"day": f"{timezone.localtime(reason.since):%d.%m}"}


def _today_since(at: Moment) -> Any:
    return Case(When(next_contact_at__gte=at.midnight, then=F("next_contact_at")))


def _today_label(reason: Reason) -> str:
    local = timezone.localtime(reason.since)
    if (local.hour, local.minute) == (0, 0):
        return _("Planned for today")
    return _("Planned for today, %(time)s") % {"time": f"{local:%H:%M}"}


def _earlier_since(at: Moment) -> Any:
    return Case(When(next_contact_at__lt=at.midnight, then=F("next_contact_at")))


def _earlier_label(reason: Reason) -> str:
    local = timezone.localtime(reason.since)
    return _("Planned for %(day)s, not marked") % {"day": f"{local:%d.%m}"}


def _no_next_since(at: Moment) -> Any:
    """Nothing is planned; the trading hall comes by itself."""
    nothing = Q(next_contact_at=None) & ~Q(status=ClientStatus.TRADING_HALL)
    return Case(When(nothing, then=Coalesce("last_contact_at", "created_at")))


def _incomplete_cards(today: date) -> Statement:
    """Category A must have a decision maker (L158)."""
    return Statement(
        """
        SELECT id, created_at, NULL::date, NULL::numeric, NULL::text
        FROM asked WHERE category = 'A' AND id NOT IN (
            SELECT client_id FROM clients_contactperson
            WHERE is_decision_maker AND archived_at IS NULL
                AND client_id = ANY (ARRAY(SELECT id FROM asked WHERE category = 'A'))
        )
        """
    )


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
    verb=gettext_lazy("Get in touch: no contact for too long"),
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
