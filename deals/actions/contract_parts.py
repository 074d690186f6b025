"""Disagreements, obligations, hand-ups of contracts, and powers of attorney."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from crm.accounts.models import OrgUnit, OrgUnitKind, User
from crm.approvals.routes import nearest
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from crm.notices.actions import notify
from deals import permissions
from deals.actions.contracts import absent, locked, once, said
from deals.models import (
    Contract,
    ContractHandUp,
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
def hand_up(contract_id: int, *, by: User, version: int, reason: str) -> ContractHandUp:
    """A fiasco: the talks go from the manager to the sector head, then to the department head.

    For clients of category A (L216). Raises RuleViolation for others, and where nobody is above.
    """
    contract = locked(contract_id, by)
    if contract.version != version:
        raise StaleVersion
    if not permissions.can_hand_up(by, contract):
        raise PermissionDenied
    if contract.client.category != "A":
        raise RuleViolation(_("Talks with clients of category A are handed up."))
    above = _next_head(contract)
    if above is None:
        raise RuleViolation(_("The department head leads the talks already."))
    now_leads = contract.negotiator or by
    with verb("contract.handed_up", by=by, on_behalf_of=absent(by, contract.client)):
        row = ContractHandUp.objects.create(
            contract=contract,
            from_person=now_leads,
            to_person=above,
            reason=said(reason),
            created_by=by,
        )
        contract.negotiator = above
        contract.version += 1
        contract.save(update_fields=["negotiator", "version"])
    notify(
        above.pk,
        kind="contract.handed_up",
        dedupe_key=f"hand-up:{row.pk}",
        url=contract.get_absolute_url(),
        params={
            "contract": contract.number,
            "client": contract.client.name,
            "reason": row.reason,
        },
    )
    return row


def _next_head(contract: Contract) -> User | None:
    """The first head of sector, then of department, who does not lead the talks yet."""
    heads = []
    for kind in (OrgUnitKind.SECTOR, OrgUnitKind.DEPARTMENT):
        unit = nearest(kind, contract.client.org_unit)
        if unit is not None and unit.head is not None and unit.head.is_active:
            heads.append(unit.head)
    ids = [head.pk for head in heads]
    if contract.negotiator_id in ids:
        heads = heads[ids.index(contract.negotiator_id) + 1 :]
    return heads[0] if heads else None


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
        raise StaleVersion
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
        raise StaleVersion
    return row
