"""The ladder of an escalation: who is the next one above, and how long each level has (ESC-1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from claims.models import EscalationLevel
from clients.models import Client
from crm.accounts.models import OrgUnitKind, Role, User
from crm.approvals.routes import nearest
from crm.calendar import add_working_days, next_working_day
from crm.work.registry import setting

LEVELS = (EscalationLevel.SECTOR_HEAD, EscalationLevel.DEPARTMENT_HEAD, EscalationLevel.DIRECTOR)
_UNITS = {
    EscalationLevel.SECTOR_HEAD: OrgUnitKind.SECTOR,
    EscalationLevel.DEPARTMENT_HEAD: OrgUnitKind.DEPARTMENT,
}


@dataclass(frozen=True)
class Rung:
    """A level with its person; `until` is the last day, counted in working days."""

    level: str
    person: User
    until: date
    personally: bool


def rung_above(
    client: Client, *, below: str | None, without: int | None, today: date
) -> Rung | None:
    """The first level above `below` (null: above the manager) that has a working person.

    `without` is whoever has failed already: nobody is handed his own matter. Of a client of
    category A the department head acts in person (L216, L218).
    """
    levels = LEVELS if below is None else LEVELS[LEVELS.index(EscalationLevel(below)) + 1 :]
    for level in levels:
        person = _person_of(level, client)
        if person is not None and person.pk != without:
            personally = level == EscalationLevel.DEPARTMENT_HEAD and client.category == "A"
            days = setting(_term(level, personally), unit=client.org_unit)
            return Rung(level, person, add_working_days(today, days), personally)
    return None


def runs_out_on(due_on: date) -> date:
    """The working day on which a level that has said nothing is passed over."""
    return next_working_day(due_on + timedelta(days=1))


def _person_of(level: EscalationLevel, client: Client) -> User | None:
    if level == EscalationLevel.DIRECTOR:
        rows = User.objects.filter(role=Role.DIRECTOR, is_active=True)
        return rows.order_by("pk").first()
    unit = nearest(_UNITS[level], client.org_unit)
    head = unit.head if unit is not None else None
    return head if head is not None and head.is_active else None


def _term(level: str, personally: bool) -> str:
    if personally:
        return "escalation.department_days_a"
    short = {"sector_head": "sector", "department_head": "department", "director": "director"}
    return f"escalation.{short[level]}_days"
