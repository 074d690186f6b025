"""Disagreements, obligations and leaders of contracts, and powers of attorney."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from crm.accounts.models import OrgUnit, User
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from crm.notices.actions import notify
from deals import permissions
from deals.actions.contracts import absent, locked, once, said
from deals.models import (
    Contract,
    ContractObligation,
    Disagreement,
    DisagreementState,
    PowerOfAttorney,
)

DISAGREED = ("clause", "ours", "theirs")


@transaction.atomic
def add_disagreement(contract_id: int, *, by: User, **values: Any) -> Disagreement:
    """Note a clause on which the sides differ; the same open one is noted once."""
    contract = locked(contract_id, by)
    if not permissions.can_negotiate(by, contract):
        raise PermissionDenied
    once(contract.disagreements.open(), {name: values[name] for name in DISAGREED})
    with verb("contract.disagreed", by=by, on_behalf_of=absent(by, contract.client)):
        return Disagreement.objects.create(contract=contract, created_by=by, **values)


@transaction.atomic
def settle_disagreement(
    disagreement_id: int, *, by: User, version: int, state: str, proposed: str, agreed: str
) -> Disagreement:
    """Write a solution, or settle it: agreed with a wording, or dropped."""
    row: Disagreement = _part(Disagreement, disagreement_id, by, version)
    if not permissions.can_negotiate(by, row.contract) or row.state != DisagreementState.OPEN:
        raise PermissionDenied
    if state == DisagreementState.AGREED and not agreed.strip():
        raise RuleViolation(_("Write the wording that was agreed."), field="agreed")
    row.state, row.proposed, row.agreed = state, proposed.strip(), agreed.strip()
    row.version += 1
    with verb("contract.disagreement_settled", by=by):
        row.save(update_fields=["state", "proposed", "agreed", "version"])
    return row


@transaction.atomic
def add_obligation(
    contract_id: int, *, by: User, kind: str, text: str, org_unit: OrgUnit, due_on: date
) -> ContractObligation:
    """Write down what a department of ours has to do by a day, once; its head is told."""
    contract = locked(contract_id, by)
    if not permissions.can_add_obligation(by, contract):
        raise PermissionDenied
    owed = {"kind": kind, "text": text, "org_unit": org_unit, "due_on": due_on}
    once(contract.obligations.open(), owed)
    with verb("contract.obligation_added", by=by, on_behalf_of=absent(by, contract.client)):
        row = ContractObligation.objects.create(contract=contract, created_by=by, **owed)
    if org_unit.head_id and org_unit.head_id != by.pk:
        notify(
            org_unit.head_id,
            kind="contract.obligation",
            dedupe_key=f"obligation:{row.pk}",
            url=contract.get_absolute_url(),
            params={"text": text, "due": f"{due_on:%d.%m.%Y}", "contract": contract.number},
        )
    return row


@transaction.atomic
def fulfil_obligation(
    obligation_id: int, *, by: User, version: int, on: date, evidence: str, today: date
) -> ContractObligation:
    """It is done; something shows it."""
    row: ContractObligation = _part(ContractObligation, obligation_id, by, version)
    if not permissions.can_fulfil(by, row):
        raise PermissionDenied
    if on > today:
        raise RuleViolation(_("This day is still to come."), field="on")
    row.done_on, row.done_by, row.evidence = on, by, said(evidence, "evidence")
    row.version += 1
    with verb("contract.obligation_done", by=by):
        row.save(update_fields=["done_on", "done_by", "evidence", "version"])
    return row


@transaction.atomic
def drop_obligation(
    obligation_id: int, *, by: User, version: int, reason: str, now: datetime
) -> ContractObligation:
    """It is not needed any more, and why."""
    row: ContractObligation = _part(ContractObligation, obligation_id, by, version)
    if not permissions.can_add_obligation(by, row.contract) or row.done_on or row.dropped_at:
        raise PermissionDenied
    row.dropped_at, row.drop_reason = now, said(reason)
    row.version += 1
    with verb("contract.obligation_dropped", by=by):
        row.save(update_fields=["dropped_at", "drop_reason", "version"])
    return row


@transaction.atomic
def lead_from_above(contract_id: int, person: User, *, by: User | None) -> Contract:
    """Another level leads the talks from now on, after a fiasco of the one below it (L216)."""
    contract = Contract.objects.select_for_update(of=("self",)).get(pk=contract_id)
    contract.negotiator = person
    contract.version += 1
    with verb("contract.handed_up", by=by):
        contract.save(update_fields=["negotiator", "version"])
    return contract


@transaction.atomic
def issue_power(
    *,
    by: User,
    number: str,
    agent: User,
    issued_on: date,
    valid_to: date,
    limit: Decimal | None,
    issued_by: str,
) -> PowerOfAttorney:
    """Enter a power of attorney; raises RuleViolation for a known number or a period backwards."""
    if not permissions.can_manage_powers(by):
        raise PermissionDenied
    if valid_to <= issued_on:
        raise RuleViolation(_("It ends after its beginning."), field="valid_to")
    try:
        with verb("power.issued", by=by), transaction.atomic():
            return PowerOfAttorney.objects.create(
                number=number,
                agent=agent,
                issued_on=issued_on,
                valid_to=valid_to,
                limit=limit,
                issued_by=issued_by,
                created_by=by,
            )
    except IntegrityError as clash:
        if "power_number_once" not in str(clash):
            raise
        raise RuleViolation(_("This number is in the register."), field="number") from clash


@transaction.atomic
def revoke_power(power_id: int, *, by: User, version: int, reason: str, now: datetime) -> None:
    """End a power of attorney before its day; what was signed by it stands."""
    if not permissions.can_manage_powers(by):
        raise PermissionDenied
    row = PowerOfAttorney.objects.select_for_update().get(pk=power_id)
    if row.version != version:
        raise StaleVersion(of=row)
    if row.revoked_at is not None:
        raise RuleViolation(_("It has been revoked."))
    row.revoked_at, row.revoke_reason = now, said(reason)
    row.version += 1
    with verb("power.revoked", by=by):
        row.save(update_fields=["revoked_at", "revoke_reason", "version"])


def _part(model: Any, pk: int, by: User, version: int) -> Any:
    """A row of a visible contract, locked after its contract."""
    contract_id = model.objects.visible_to(by).values_list("contract_id", flat=True).get(pk=pk)
    contract = locked(contract_id, by)
    row = model.objects.select_for_update(of=("self",)).get(pk=pk)
    row.contract = contract
    if row.version != version:
        raise StaleVersion(of=row)
    return row
