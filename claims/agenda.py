"""What meetings discuss of claims: late ones and what was handed up (L564)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy

from claims.models import Claim, Escalation
from claims.permissions import can_see_escalations
from crm.accounts.models import OrgUnit, User
from crm.meetings.agenda import MOST, AgendaSource, Problem, register
from crm.money import format_money
from crm.said import gettext as _


def late_claims(unit: OrgUnit, user: User, today: date) -> Iterator[Problem]:
    """Claims that were to be answered, the latest first."""
    rows: Any = Claim.objects.visible_to(user).late(today)
    of_unit = rows.filter(client__org_unit__path__startswith=unit.path)
    for claim in of_unit.select_related("client", "reason").order_by("response_due", "pk")[:MOST]:
        title = _("%(client)s: claim %(number)s") % {"client": claim.client, "number": claim}
        facts = _("%(reason)s, %(sum)s, to be answered by %(day)s") % {
            "reason": claim.reason,
            "sum": format_money(claim.claimed_amount),
            "day": f"{claim.response_due:%d.%m.%Y}",
        }
        yield Problem(claim.pk, title, facts, claim.get_absolute_url())


def open_escalations(unit: OrgUnit, user: User, today: date) -> Iterator[Problem]:
    """What was handed up and is not settled, the last day that comes first."""
    rows: Any = Escalation.objects.visible_to(user).open().filter(opened_on__lte=today)
    of_unit = rows.filter(client__org_unit__path__startswith=unit.path)
    for row in of_unit.select_related("client", "to_user").order_by("due_on", "pk")[:MOST]:
        facts = _("%(subject)s, %(person)s settles it by %(day)s") % {
            "subject": row.subject,
            "person": row.to_user.short_name,
            "day": f"{row.due_on:%d.%m.%Y}",
        }
        yield Problem(row.pk, row.client.name, facts, row.get_absolute_url())


def register_claim_agenda() -> None:
    """Declare them; called once when the app is ready."""
    for order, (key, label, find) in enumerate(SOURCES, start=30):
        source = AgendaSource(key, label, find=find, may_see=can_see_escalations, order=order)
        register(source)


SOURCES = (
    ("late_claims", gettext_lazy("Claims that are late"), late_claims),
    ("escalations", gettext_lazy("Conflicts and escalations"), open_escalations),
)
