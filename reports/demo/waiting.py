"""Contracts that wait for the director: a full inbox, written by COPY at the large scales."""

from datetime import date, timedelta
from decimal import Decimal

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from clients.models import Client
from crm.accounts.models import User
from crm.approvals.models import Approval, ApprovalStep
from crm.approvals.routes import active_route
from crm.copying import copy_values
from crm.numbering import format_number, take_numbers
from deals.actions.contracts import INDIVIDUAL
from deals.models import Contract, ContractState
from reports.demo.people import Staff

STEPS = ("approval_id", "order", "kind", "role", "unit_id", "state", "decided_by_id",
         "decided_at", "due_on")  # fmt: skip


def add_waiting_contracts(staff: Staff, count: int, today: date) -> None:
    """Contracts of their own wording with three visas each; the director decides next."""
    heads = {manager.pk: staff.head_of(manager) for manager in staff.managers}
    found = Client.objects.filter(kind__in=["legal", "ip"], manager__in=heads, category="C")
    facts = list(found.order_by("-pk").values_list("pk", "name", "manager_id", "org_unit_id"))
    facts = facts[:count]
    numbers = take_numbers("contract", year=today.year, count=len(facts))
    named = [format_number("Д", today.year, number) for number in numbers]
    rows = [
        (pk, number, Decimal(900_000), today + timedelta(days=7), manager, manager)
        for (pk, _name, manager, _unit), number in zip(facts, named, strict=True)
    ]
    columns = ("client_id", "number", "amount", "starts_on", "author_id", "negotiator_id")
    state = {"state": ContractState.ON_APPROVAL, "is_standard": False, "version": 2}
    contracts = copy_values(Contract, columns, rows, **state)
    approvals = _approvals(contracts, facts, named)
    people = (staff.by_login["lawyer"], staff.by_login["accountant"])
    steps = [
        step
        for approval, (_pk, _name, manager, _unit) in zip(approvals, facts, strict=True)
        for step in _steps(approval, people, heads[manager], today)
    ]
    copy_values(ApprovalStep, STEPS, steps)


def _approvals(contracts: list[int], facts: list[tuple], numbers: list[str]) -> list[int]:
    route = active_route(INDIVIDUAL)
    assert route is not None
    rows = [
        (contract, f"{number}, {name}", manager, unit)
        for contract, number, (_pk, name, manager, unit) in zip(
            contracts, numbers, facts, strict=True
        )
    ]
    return copy_values(
        Approval,
        ("object_id", "title", "author_id", "org_unit_id"),
        rows,
        kind=INDIVIDUAL,
        route_id=route.pk,
        content_type_id=ContentType.objects.get_for_model(Contract).pk,
        target_version=2,
        submitted_at=timezone.now(),
    )


def _steps(
    approval: int, people: tuple[User, User], head: User, today: date
) -> list[tuple[object, ...]]:
    lawyer, accountant = people
    now, due = timezone.now(), today + timedelta(days=2)
    return [
        (approval, 1, "visa", "lawyer", None, "approved", lawyer.pk, now, due),
        (approval, 2, "visa", "accountant", None, "approved", accountant.pk, now, due),
        (approval, 3, "visa", "", head.org_unit_id, "approved", head.pk, now, due),
        (approval, 4, "approve", "director", None, "waiting", None, None, due),
    ]
