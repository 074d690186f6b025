"""The facts that decisions of a sheet may refer to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models import Claim
from clients.models import RegistrationCampaign, RegistrationSheet
from crm.calendar import month_end
from crm.money import format_percent
from reports.formulas.incentives import METRICS
from reports.grounds import registry as grounds
from reports.grounds.registry import Ground, Source
from reports.models import IncentiveSheet, PlanPart, TargetTask, Violation
from reports.models.incentive_words import LABELS
from reports.timeliness.grounds import register_missed_terms


def kpi_facts(sheet: IncentiveSheet) -> Iterator[Ground]:
    """The results that the sheet itself was counted of."""
    for line in sheet.calculation["lines"]:
        if line["percent"] is not None:
            title = f"{LABELS[line['metric']]}: {format_percent(Decimal(line['percent']))}"
            yield Ground("kpi", METRICS.index(line["metric"]) + 1, title, line["url"])


def violations(sheet: IncentiveSheet) -> Iterator[Ground]:
    """Violations that checks found in the month."""
    rows = Violation.objects.filter(person=sheet.employee_id, found_on__range=_days(sheet))
    for one in rows.select_related("item"):
        title = f"{one.label} ({one.get_severity_display()}, {one.found_on:%d.%m.%Y})"
        yield Ground("violation", one.pk, title[:300], one.get_absolute_url())


def claims_by_fault(sheet: IncentiveSheet) -> Iterator[Ground]:
    """Claims that were decided in the month with the employee at fault."""
    rows = Claim.objects.filter(guilty_person=sheet.employee_id, decided_on__range=_days(sheet))
    for one in rows.select_related("client"):
        yield Ground("claim", one.pk, f"{one}: {one.client}"[:300], one.get_absolute_url())


def late_plans(sheet: IncentiveSheet) -> Iterator[Ground]:
    """Plans that were to be submitted in the month and came late: own ones, or of the unit."""
    rows = PlanPart.objects.filter(
        Q(manager=sheet.employee_id) | Q(org_unit__head=sheet.employee_id),
        plan__submit_by__range=_days(sheet),
        first_submitted_on__gt=F("plan__submit_by"),
    )
    text = _("%(plan)s, %(who)s: submitted on %(day)s, the deadline was %(due)s")
    for one in rows.select_related("plan__org_unit", "manager"):
        facts = {"plan": one.plan, "who": one.manager.short_name}
        facts |= {"day": f"{one.first_submitted_on:%d.%m.%Y}"}
        facts |= {"due": f"{one.plan.submit_by:%d.%m.%Y}"}
        yield Ground("late_plan", one.pk, (str(text) % facts)[:300], one.plan.get_absolute_url())


def late_sheets(sheet: IncentiveSheet) -> Iterator[Ground]:
    """Registration sheets whose last day lay in the month and that were late or never came."""
    first, last = _days(sheet)
    campaigns = RegistrationCampaign.objects.filter(deadline__range=(first, last))
    text = _("%(campaign)s: %(late)s late, %(overdue)s not handed in, of %(total)s")
    for one in campaigns.exclude(state="draft").order_by("pk"):
        rows = RegistrationSheet.objects.filter(campaign=one, manager=sheet.employee_id)
        sums = rows.sums(timezone.localdate())
        if sums.late or sums.overdue:
            facts = {"campaign": one, "late": sums.late, "overdue": sums.overdue}
            url = f"{reverse('clients:sheet_list')}?campaign={one.pk}&manager={sheet.employee_id}"
            yield Ground("late_sheet", one.pk, str(text) % (facts | {"total": sums.total}), url)


def target_tasks(sheet: IncentiveSheet) -> Iterator[Ground]:
    """Target tasks of the month."""
    rows = TargetTask.objects.of_month(sheet.month).counted().filter(owner=sheet.employee_id)
    for one in rows:
        title = f"{one.name}: {format_percent(one.completion_percent)}"
        yield Ground("target", one.pk, title[:300], reverse("reports:target_detail", args=[one.pk]))


def _days(sheet: IncentiveSheet) -> tuple[date, date]:
    return sheet.month, month_end(sheet.month.year, sheet.month.month)


def register_grounds() -> None:
    """Declare them."""
    grounds.register(Source("kpi", _("Result of the month"), kpi_facts))
    grounds.register(Source("violation", _("Violation found by a check"), violations))
    grounds.register(Source("claim", _("Claim by the employee's fault"), claims_by_fault))
    grounds.register(Source("late_plan", _("Late plan"), late_plans))
    grounds.register(Source("late_sheet", _("Late registration sheets"), late_sheets))
    grounds.register(Source("target", _("Target task"), target_tasks))
    register_missed_terms()
