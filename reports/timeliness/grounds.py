"""Missed terms as facts of decisions: own ones, and of a head what the unit has missed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import OrgUnit
from crm.calendar import month_end
from crm.money import format_percent
from reports import links
from reports.grounds import registry as grounds
from reports.grounds.registry import Ground, Source
from reports.models import IncentiveSheet
from reports.parameters import Period
from reports.timeliness.figures import figures
from reports.timeliness.kind import Kind, kinds
from reports.timeliness.rows import term_rows
from reports.timeliness.terms import LATE, OVERDUE
from reports.timeliness.words import days_in_words

MOST = 30
# Late parts of plans are facts of their own, with those of the unit (`late_plans`).
ELSEWHERE = ("plans_submitted",)
OF_UNIT = "unit_terms"


def missed_by(kind: Kind) -> Callable[[IncentiveSheet], Iterator[Ground]]:
    """Terms of the kind that the employee missed in the month, the worst first."""

    def find(sheet: IncentiveSheet) -> Iterator[Ground]:
        person, today = sheet.employee_id, timezone.localdate()
        found = term_rows(None, _month(sheet), [kind], today=today, person=person)
        missed = [one for one in found if one.standing in {OVERDUE, LATE}]
        for one in sorted(missed, key=lambda one: -one.late)[:MOST]:
            client = f", {one.client}" if one.client else ""
            title = f"{one.what}{client}: {days_in_words(one)}"
            yield Ground(kind.code, one.row.pk, title[:300], one.url)

    return find


def missed_by_units(sheet: IncentiveSheet) -> Iterator[Ground]:
    """What units headed by the employee have missed in the month, a fact for each kind."""
    period, today = _month(sheet), timezone.localdate()
    asked = [kind for kind in kinds() if kind.code not in ELSEWHERE]
    for unit in OrgUnit.objects.open().filter(head=sheet.employee_id):
        below = set(OrgUnit.objects.subtree_of([unit.pk]).values_list("pk", flat=True))
        found = figures(None, period, asked, today=today, units=below)
        for kind in asked:
            counts = found.of_kind(kind.code)
            if counts.missed:
                facts = {"kind": kind.label, "unit": unit.name, "late": counts.late}
                facts |= {"overdue": counts.overdue, "share": format_percent(counts.percent or 0)}
                text = _now(
                    "%(kind)s, %(unit)s: late %(late)s, overdue %(overdue)s, on time %(share)s"
                )
                yield Ground(
                    OF_UNIT, unit.pk * 1000 + kind.order, text % facts, _page(unit, kind, period)
                )


def _page(unit: OrgUnit, kind: Kind, period: Period) -> str:
    days = {"from": period.first, "to": period.last}
    return links.report("timeliness_rows", **days, kind=kind.code, unit=unit.pk)


def _month(sheet: IncentiveSheet) -> Period:
    return Period(sheet.month, month_end(sheet.month.year, sheet.month.month))


def register_missed_terms() -> None:
    """Declare them."""
    for kind in kinds():
        if kind.code not in ELSEWHERE:
            grounds.register(Source(kind.code, kind.label, missed_by(kind)))
    grounds.register(Source(OF_UNIT, _("Deadlines missed by the unit"), missed_by_units))
