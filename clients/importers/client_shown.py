"""How the preview shows what becomes of a client."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from clients.importers.client_plans import Plan
from clients.models import ClientKind, ClientStatus
from crm.imports import registry
from crm.imports.registry import Change, Outcome
from crm.money import format_money
from crm.phones import format_phone
from crm.said import gettext as _
from crm.said import label

CHOICES = {"kind": dict(ClientKind.choices), "status": dict(ClientStatus.choices)}


def explain(outcome: Outcome) -> list[Change]:
    """Values before and after; for a new client what it gets."""
    plan: Plan | None = outcome.plan
    if plan is None:
        return []
    if plan.client is None or plan.client.pk is None:
        return _new(plan)
    found = [_change(name, plan.client, value) for name, value in plan.changes.items()]
    found += [_change(name, plan.legal, value) for name, value in plan.legal_changes.items()]
    found += [
        _change(name, plan.person, value, prefix="person_")
        for name, value in plan.person_changes.items()
    ]
    return [*found, *_new_parts(plan)]


def _new(plan: Plan) -> list[Change]:
    values = {
        **plan.facts.client,
        "external_id": plan.facts.external_id,
        "manager": plan.manager.full_name if plan.manager else "",
        "org_unit": plan.unit or "",
        "category": plan.category,
        "parent": plan.facts.parent if plan.parent or plan.parent_key else "",
    }
    values.pop("name")  # it heads the row
    found = [_change(name, None, value) for name, value in values.items() if value]
    return [*found, *_new_parts(plan)]


def _new_parts(plan: Plan) -> list[Change]:
    values: dict[str, str] = {}
    if plan.new_legal:
        values |= plan.facts.legal
    if plan.new_account:
        values |= plan.facts.account
    found = [_change(name, None, value) for name, value in values.items()]
    if plan.new_person:
        words = [format_phone(v) if n == "phone" else v for n, v in plan.facts.person.items()]
        found.append(Change(_label("person"), "", ", ".join(words)))
    return found


def _change(name: str, record: Any, value: Any, prefix: str = "") -> Change:
    if name == "parent_key":
        return Change(_label("parent"), "", _("from this file"))
    before = getattr(record, name) if record is not None else ""
    return Change(_label(prefix + name), _words(name, before), _words(name, value))


def _label(name: str) -> str:
    """What the column of the value is called on the page before."""
    name = {"org_unit": "unit", "bank_name": "bank", "person_specifics": "specifics"}.get(
        name, name
    )
    return label(registry.get("clients").field(name).label)


def _words(name: str, value: Any) -> str:
    """A value as the card shows it."""
    if value in (None, "", []):
        return ""
    if name in CHOICES:
        return label(CHOICES[name].get(value, value))
    if name == "phone":
        return format_phone(value)
    if isinstance(value, Decimal):
        return format_money(value) if value else ""
    words = ", ".join(value) if isinstance(value, list) else str(value)
    return words.replace("\n", " · ")
