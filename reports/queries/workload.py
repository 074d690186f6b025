"""Who carries how much: clients, contacts, work, claims and reconciliations by manager (RP-09)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.models import Claim
from clients.contacting.norms import start_of
from clients.models import Client, ClientStatus, ContactPlanLine
from crm.accounts.models import SALES, Delegation, Role, User
from crm.accounts.scope import scope_of
from crm.assignments.models import WorkItem
from crm.calendar import month_start
from crm.money import round_half_up
from crm.work.registry import setting
from deals.models import ReconciliationItem
from reports import links
from reports.formulas.workload import FINE, OVER, UNDER, load_index, standing
from reports.models import PlanLine
from reports.pages.kept import figures_of
from reports.policy.workload import FULL
from reports.registry import Params, Row

# Clients of the trading hall have no personal care, so they are no load.
CARED = (ClientStatus.CLIENT, ClientStatus.PROSPECT)
WORDS = {
    OVER: gettext_lazy("Overloaded"),
    UNDER: gettext_lazy("Room for more"),
    FINE: gettext_lazy("Within the norm"),
}


@dataclass(frozen=True)
class Carried:
    """Substitutions of the day: who stands in for whom, by person."""

    by_delegate: dict[int, list[Delegation]]
    by_owner: dict[int, Delegation]


@dataclass
class Loads:
    """What each person has, by person; counted by one statement each."""

    clients: dict[int, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    planned: dict[int, int] = field(default_factory=dict)
    done: dict[int, int] = field(default_factory=dict)
    work: dict[int, tuple[int, int]] = field(default_factory=dict)
    claims: dict[int, int] = field(default_factory=dict)
    reconciliations: dict[int, int] = field(default_factory=dict)
    plan_lines: Counter[int] = field(default_factory=Counter)
    plans: dict[int, int] = field(default_factory=dict)


def workload(user: User, params: Params) -> list[Row]:
    """Managers of the reader's units and whoever else there has clients, the most loaded first."""
    month, today = params["month"], timezone.localdate()
    key = ("workload", user.pk, month, today)
    found = figures_of(key, lambda: loads_of(user, month, today)).figures
    carried = substitutions(today)
    full = {key: int(setting(f"workload.full.{key}")) for key, _most, _label in FULL}
    borders = {
        "over": int(setting("workload.over_percent")),
        "under": int(setting("workload.under_percent")),
    }
    own = {pk: load_index(numbers, full) for pk, numbers in found.clients.items()}
    rows = []
    for person in people(user, params, found):
        row = _row(person, found, month)
        stands_in = carried.by_delegate.get(person.pk, [])
        index = own.get(person.pk, Decimal(0))
        row["load"] = index
        row["with_others"] = index + sum(
            (own.get(one.owner_id, Decimal(0)) for one in stands_in), Decimal(0)
        )
        row["standing"] = standing(row["with_others"], **borders)
        row["standing_words"] = WORDS[row["standing"]]
        rows.append(row | _absences(person, stands_in, carried.by_owner.get(person.pk), today))
    return sorted(rows, key=lambda row: (-row["with_others"], row["name"]))


def workload_totals(_user: User, _params: Params, rows: Sequence[Row]) -> Row:
    """The load of all of them together: an average of full loads, not of percentages."""
    if not rows:
        return {"load": None, "with_others": None}
    whole = sum((row["load"] for row in rows), Decimal(0))
    carried = sum((row["with_others"] for row in rows), Decimal(0))
    numbers = Counter(row["standing"] for row in rows)
    return {
        "load": round_half_up(whole / len(rows), 2),
        "with_others": round_half_up(carried / len(rows), 2),
        "over_count": numbers[OVER],
        "under_count": numbers[UNDER],
        "away_count": sum(bool(row["away"]) for row in rows),
    }


def people(user: User, params: Params, found: Loads) -> list[User]:
    """Working managers of the reader's units; heads and those who left where they have clients."""
    scope = scope_of(user)
    rows = User.objects.filter(role__in=SALES).select_related("org_unit")
    if not scope.everything:
        rows = rows.filter(org_unit__in=scope.unit_ids)
    if unit := params.get("unit"):
        rows = rows.filter(org_unit__path__startswith=unit.path)
    holders = [pk for pk, numbers in found.clients.items() if sum(numbers.values())]
    return list(rows.filter(Q(role=Role.MANAGER, is_active=True) | Q(pk__in=holders)))


def loads_of(user: User, month: date, today: date) -> Loads:
    """Everything countable of everybody whom the reader sees."""
    found = Loads()
    cared = Client.objects.visible_to(user).open().filter(status__in=CARED, manager__isnull=False)
    for pk, category, number in _grouped(cared, "manager", "category"):
        found.clients[pk][category or "new"] = number
    lines = ContactPlanLine.objects.visible_to(user).filter(month=month)
    for pk, planned in lines.order_by().values_list("manager").annotate(Sum("planned_count")):
        found.planned[pk] = planned
    found.done = _done(user, month)
    found.work = _work(user, today)
    claims = Claim.objects.visible_to(user).open().filter(manager__isnull=False)
    found.claims = dict(_grouped(claims, "manager"))
    items: Any = ReconciliationItem.objects.visible_to(user).now(today).with_answerer()
    found.reconciliations = dict(_grouped(items.filter(answerer__isnull=False), "answerer"))
    planned_for = PlanLine.objects.visible_to(user).in_force(month)
    for pk, plan, number in _grouped(planned_for, "manager", "plan"):
        found.plan_lines[pk] += number
        found.plans[pk] = plan
    return found


def substitutions(today: date) -> Carried:
    """Whose clients are looked after by somebody else today."""
    rows = Delegation.objects.on(today).filter(covers_clients=True)
    held: dict[int, list[Delegation]] = defaultdict(list)
    away = {}
    for one in rows.select_related("owner", "delegate").order_by("owner__sort_key", "pk"):
        held[one.delegate_id].append(one)
        away[one.owner_id] = one
    return Carried(held, away)


def _grouped(rows: Any, *columns: str) -> Iterable[tuple[Any, ...]]:
    found: Iterable[tuple[Any, ...]] = (
        rows.order_by().values_list(*columns).annotate(number=Count("pk"))
    )
    return found


def _done(user: User, month: date) -> dict[int, int]:
    """Contacts that reached a client of the plan of the month, by who stands in that plan."""
    reached = {
        "client__contacts__state": "done",
        "client__contacts__result__reached": True,
        "client__contacts__done_at__gte": start_of(month),
        "client__contacts__done_at__lt": start_of(month_start(month, 1)),
    }
    rows: Any = ContactPlanLine.objects.visible_to(user).filter(month=month, **reached)
    counted = rows.order_by().values_list("manager").annotate(Count("client__contacts"))
    return dict(counted)


def _work(user: User, today: date) -> dict[int, tuple[int, int]]:
    """Open work items and the overdue ones among them, by who answers for them."""
    rows: Any = WorkItem.objects.visible_to(user).open().with_answerer()
    late = WorkItem.objects.overdue(today).values("pk")
    counted = (
        rows.order_by()
        .values_list("answerer")
        .annotate(open=Count("pk"), late=Count("pk", filter=Q(pk__in=late)))
    )
    return {pk: (number, overdue) for pk, number, overdue in counted if pk is not None}


def _row(person: User, found: Loads, month: date) -> dict[str, Any]:
    pk, numbers = person.pk, found.clients.get(person.pk, Counter())
    work, overdue = found.work.get(pk, (0, 0))
    cared = {"manager": pk, "status": list(CARED)}
    row: dict[str, Any] = {
        "person": pk,
        "name": person.short_name,
        "name_url": links.one_of_many("accounts:user_detail", pk),
        "unit": person.org_unit.name if person.org_unit else "",
        "clients": sum(numbers.values()),
        "clients_url": _list("clients:list", **cared),
        "planned": found.planned.get(pk, 0),
        "planned_url": _list("clients:plan_list", manager=pk, month=f"{month:%Y-%m}"),
        "done": found.done.get(pk, 0),
        "done_url": links.contacts_of_planner(pk, month),
        "work": work,
        "work_url": _list("assignments:list", answerer=pk, step="open"),
        "overdue": overdue,
        "overdue_url": _list("assignments:list", answerer=pk, step="overdue"),
        "claims": found.claims.get(pk, 0),
        "claims_url": _list("claims:list", manager=pk, step="decide"),
        "reconciliations": found.reconciliations.get(pk, 0),
        "reconciliations_url": _list("deals:reconciliation_list", manager=pk, step="now"),
        "plan_lines": found.plan_lines[pk],
        "plan_lines_url": _grid(found.plans.get(pk), pk),
    }
    for key, _most, _label in FULL:
        row[f"clients_{key}"] = numbers[key]
        asked = "none" if key == "new" else key
        row[f"clients_{key}_url"] = _list("clients:list", **cared, category=asked)
    return row


def _absences(
    person: User, stands_in: Sequence[Delegation], own: Delegation | None, today: date
) -> dict[str, Any]:
    """Whom the person stands in for, and who stands in for the person, in words with links."""
    whom: dict[str, Any] = {}
    away = carries = ""
    if own is not None:
        until = {"until": f"{own.valid_to:%d.%m}", "who": own.delegate.short_name}
        away, whom = _("away until %(until)s, instead: %(who)s") % until, {"owner": person.pk}
    if stands_in:
        names = ", ".join(one.owner.short_name for one in stands_in)
        carries = _("stands in for: %(names)s") % {"names": names}
        whom = whom or {"delegate": person.pk}
    url = _list("accounts:delegation_list", **whom, day=f"{today:%Y-%m-%d}") if whom else ""
    words = "; ".join(one for one in (away, carries) if one)
    return {"away": bool(away), "absence": words, "absence_url": url}


def _grid(plan: int | None, manager: int) -> str:
    return "" if plan is None else f"{reverse('reports:plan_grid', args=[plan])}?manager={manager}"


def _list(name: str, **filters: Any) -> str:
    return f"{reverse(name)}?{urlencode(filters, doseq=True)}"
