"""The company of the worked examples: October 2026, three managers of two sectors (PLAN-1)."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

from crm.accounts.models import OrgUnitKind, Role
from reports.actions import rollup
from tests.factories import accounts, clients, contacts, deals, plans

OCTOBER = date(2026, 10, 1)
TODAY = date(2026, 11, 28)


def company(example):
    """People, units and clients of PLAN-1, by their codes."""
    whole = accounts.unit("Компания", kind=OrgUnitKind.COMPANY)
    department = accounts.unit("Отдел D1", kind=OrgUnitKind.DEPARTMENT, parent=whole)
    found = SimpleNamespace(company=whole, department=department, sectors={}, managers={}, of={})
    found.head = accounts.user(role=Role.DEPARTMENT_HEAD, org_unit=department)
    found.director = accounts.user(role=Role.DIRECTOR, org_unit=whole)
    found.chief = accounts.user(role=Role.GENERAL_DIRECTOR, org_unit=whole)
    accounts.head(department, found.head)
    for code, facts in example["input"]["managers"].items():
        name = facts["sector"]
        if name not in found.sectors:
            found.sectors[name] = accounts.unit(f"Сектор {name}", parent=department)
        person = accounts.user(last_name=code, org_unit=found.sectors[name], username=code.lower())
        found.managers[code] = person
        for client in facts["clients"]:
            category = example["input"]["clients"][client]["category"]
            found.of[client] = clients.client(person, code=client, name=client, category=category)
    return found


def october(example):
    """The same with the documents of the month, counted."""
    found = company(example)
    for code, facts in example["input"]["clients"].items():
        documents(found.of[code], facts["fact"])
    rollup.count_changes(today=TODAY)
    return found


def planned(example, made):
    """The plan in force of the department, line by line."""
    month = plans.plan(made.department, month=OCTOBER)
    for code, values in example["input"]["clients"].items():
        plan = values["plan"]
        metrics = {"ship": plan["shipments"], "cash": plan["cash"]}
        metrics |= {"active": plan["active"], "contacts": plan["contacts"]}
        plans.line(month, made.of[code], **metrics)
        contacts.plan_line(
            made.of[code], made.of[code].manager, month="2026-10-01", contacts=plan["contacts"]
        )
    return plans.settle(month, made.director)


def documents(client, fact):
    """A sale, a return, a payment and contacts, as far as the figures are above nought."""
    if Decimal(fact["shipped"]):
        deals.sale(client, fact["shipped"], on=date(2026, 10, 5))
    if Decimal(fact["returns"]):
        deals.returned(client, f"-{fact['returns']}", on=date(2026, 10, 9))
    if Decimal(fact["cash"]):
        deals.payment(client, fact["cash"], on=date(2026, 10, 20))
    for number in range(fact["contacts"]):
        contacts.done(client, client.manager, f"2026-10-{number + 5:02d} 10:00")
