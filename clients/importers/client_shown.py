"""How the preview shows what becomes of a client."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from clients.importers.client_plans import Plan
from clients.models import (
    BankAccount,
    Client,
    ClientKind,
    ClientStatus,
    ContactPerson,
    Counterparty,
)
from crm.imports.registry import Change, Outcome
from crm.money import format_money
from crm.phones import format_phone

CHOICES = {"kind": dict(ClientKind.choices), "status": dict(ClientStatus.choices)}


def explain(outcome: Outcome) -> list[Change]:
    """Values before and after; for a new client what it gets."""
    plan: Plan | None = outcome.plan
    if plan is None:
        return []
    if plan.client is None or plan.client.pk is None:
        return _new(plan)
    found = [_change(Client, name, plan.client, value) for name, value in plan.changes.items()]
    found += [_change(Counterparty, n, plan.legal, v) for n, v in plan.legal_changes.items()]
    found += [_change(ContactPerson, n, plan.person, v) for n, v in plan.person_changes.items()]
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
    found = [_change(Client, name, None, value) for name, value in values.items() if value]
    return [*found, *_new_parts(plan)]


def _new_parts(plan: Plan) -> list[Change]:
    found = []
    if plan.new_legal:
        found += [_change(Counterparty, name, None, v) for name, v in plan.facts.legal.items()]
    if plan.new_account:
        found += [_change(BankAccount, name, None, v) for name, v in plan.facts.account.items()]
    if plan.new_person:
        words = [format_phone(v) if n == "phone" else v for n, v in plan.facts.person.items()]
        found.append(Change(_("contact person"), "", ", ".join(words)))
    return found


def _change(model: Any, name: str, record: Any, value: Any) -> Change:
    if name == "parent_key":
        return Change(str(Client._meta.get_field("parent").verbose_name), "", _("from this file"))  # type: ignore[union-attr]
    label = str(model._meta.get_field(name).verbose_name)
    before = getattr(record, name) if record is not None else ""
    return Change(label, _words(name, before), _words(name, value))


def _words(name: str, value: Any) -> str:
    """A value as the card shows it."""
    if value in (None, "", []):
        return ""
    if name in CHOICES:
        return str(CHOICES[name].get(value, value))
    if name == "phone":
        return format_phone(value)
    if isinstance(value, Decimal):
        return format_money(value) if value else ""
    return ", ".join(value) if isinstance(value, list) else str(value)
