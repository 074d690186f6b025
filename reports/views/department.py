"""The dashboard of a department, a sector or the company."""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from crm.accounts.models import OrgUnit, User
from crm.accounts.scope import scope_of
from crm.approvals.inbox import count_all_waiting
from crm.web import is_fragment, person_of
from crm.work.registry import setting
from deals.permissions import can_see_money
from reports import links, permissions
from reports.days.months import Months, chosen_months
from reports.forms.dashboards import chosen_number
from reports.pages.department import DepartmentPage
from reports.pages.department_money import ActsLine, DebtsPage, MoneyPage
from reports.pages.how import explanation
from reports.pages.kept import figures_of
from reports.queries.department import department as department_figures
from reports.queries.department import units_for
from reports.queries.department_money import debt_of, debts, units_inside
from reports.queries.reconciliations import standing


@dataclass(frozen=True)
class Asked:
    """Who asks for which unit and month."""

    person: User
    today: date
    months: Months
    units: list[OrgUnit]
    unit: OrgUnit

    @property
    def month(self) -> date:
        """The last one of the period: contacts, debts and acts are of a month."""
        return self.months.last

    @property
    def course_file(self) -> str:
        """The shipments by day as a report, with its files."""
        return links.report("shipments_by_day", unit=self.unit.pk, period=self.months.code)

    @property
    def inside(self) -> list[int]:
        return units_inside(self.unit, self.units)

    def key(self, *kind: str) -> tuple[object, ...]:
        """What the figures depend on."""
        return (*kind, scope_of(self.person).key, self.unit.pk, self.months, self.today)


def _asked(request: HttpRequest) -> Asked | None:
    """None for a chief without a unit; a foreign unit is not found."""
    person, today = person_of(request), timezone.localdate()
    if not permissions.can_see_department(person):
        raise PermissionDenied
    units = units_for(person)
    if not units:
        return None
    months = chosen_months(request.GET, today=today)
    return Asked(person, today, months, units, _chosen_unit(units, request.GET.get("unit")))


@require_safe
def department(request: HttpRequest) -> HttpResponse:
    """Clients, coverage of the contact plan, silence and waiting decisions of a unit."""
    asked = _asked(request)
    if asked is None:
        return render(request, "reports/department_none.html")
    person, unit, month, today = asked.person, asked.unit, asked.month, asked.today
    kept = figures_of(
        asked.key(),
        lambda: department_figures(person, unit, month, today=today, units=asked.units),
    )
    waiting = count_all_waiting(person, today=today)
    page = DepartmentPage(
        kept.figures, today=today, waiting=waiting, counted_at=kept.at, months=asked.months
    )
    shows_money = can_see_money(person)
    context = {"page": page, "shows_money": shows_money}
    context["shows_leaders"] = setting("dashboard.leaderboard")
    return render(request, "reports/department.html", context)


def asked_part(request: HttpRequest) -> Asked:
    """What a part of the page is about; a chief without a unit has none."""
    asked = _asked(request)
    if asked is None:
        raise Http404
    return asked


def _asked_money(request: HttpRequest) -> Asked:
    asked = asked_part(request)
    if not can_see_money(asked.person):
        raise PermissionDenied
    return asked


@require_safe
def department_money(request: HttpRequest) -> HttpResponse:
    """Shipments, receipts, active clients and debt of the month; loaded after the page."""
    asked = _asked_money(request)
    kept = figures_of(
        asked.key("money"),
        lambda: debt_of(asked.person, asked.inside, asked.month, today=asked.today),
    )
    page = MoneyPage(asked.unit, kept.figures, today=asked.today, counted_at=kept.at)
    acts = figures_of(
        asked.key("acts"), lambda: standing(asked.person, asked.inside, today=asked.today)
    )
    shown = ActsLine(acts.figures, unit=asked.unit.pk, today=asked.today)
    return render(request, "reports/_department_money.html", {"page": page, "acts": shown})


@require_safe
def department_debts(request: HttpRequest) -> HttpResponse:
    """The debt by age, the greatest debtors and the ABC curve; loaded after the page."""
    asked = _asked_money(request)
    person, unit, today = asked.person, asked.unit, asked.today
    kept = figures_of(
        asked.key("debts"),
        lambda: debts(person, unit, asked.inside, asked.month, today=today),
    )
    page = DebtsPage(person, unit, kept.figures, today=today, counted_at=kept.at)
    return render(request, "reports/_department_debts.html", {"page": page})


def _chosen_unit(units: list[OrgUnit], asked: str | None) -> OrgUnit:
    """The unit of the address, or the highest one; a foreign unit is not found."""
    wanted = chosen_number(asked)
    if wanted is None:
        return units[0]
    for unit in units:
        if unit.pk == wanted:
            return unit
    raise Http404


@require_safe
def how(request: HttpRequest, code: str) -> HttpResponse:
    """How a figure was counted; a dialog or a page."""
    found = explanation(code)
    if found is None:
        raise Http404
    template = "reports/_how.html" if is_fragment(request) else "reports/how.html"
    return render(request, template, {"how": found})
