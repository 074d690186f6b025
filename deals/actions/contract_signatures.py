"""From approved to in force, and to the end: signatures, terms gone by, termination."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.approvals import actions as approvals
from crm.approvals.models import Approval
from crm.errors import RuleViolation
from crm.history import verb
from crm.states import move
from deals import permissions
from deals.actions.contracts import absent, locked_at, said
from deals.conditions.signing import authority_of, least_signer
from deals.models import CONTRACT_MOVES, Contract, ContractState

TERMINATION = "contract.termination"
# What an addendum says anew, where it says anything.
TERMS = (
    *("amount", "ends_on", "deferral_days", "penalty_pct_day", "penalty_cap_pct"),
    "price_notice_days",
)


@transaction.atomic
def sign_contract(contract_id: int, *, by: User, version: int, on: date, today: date) -> Contract:
    """Our signature, within the limit of the office and of a power of attorney (CONTRACT-1).

    Raises RuleViolation that names who may sign, PermissionDenied for others than those who sign
    at all, and refuses while a disagreement is open.
    """
    contract = locked_at(contract_id, by, version)
    if contract.state != ContractState.APPROVED:
        raise RuleViolation(_("Only an approved contract is signed."))
    if not permissions.can_sign_contract(by, contract, today):
        raise RuleViolation(_who_signs(contract))
    if contract.disagreements.open().exists():
        raise RuleViolation(_("Settle the disagreements first."))
    _check_day(contract, on, today)
    authority = authority_of(by, contract, on)
    if authority is None and not permissions.signs_by_office(by):
        raise RuleViolation(_("On this day no power of attorney of yours covered it."), field="on")
    with verb("contract.signed", by=by, on_behalf_of=absent(by, contract.client)):
        move(
            contract,
            CONTRACT_MOVES,
            ContractState.SIGNED_BY_US,
            signed_by=by,
            signed_by_us_on=on,
            authority=authority,
        )
    return contract


@transaction.atomic
def note_client_signature(
    contract_id: int,
    *,
    by: User,
    version: int,
    on: date,
    signatory: str,
    authority: str,
    today: date,
) -> Contract:
    """The client has signed too: in force from now on, an addendum changes its contract.

    Raises RuleViolation for a day to come or after its term, a missing name, and for an addendum
    whose contract has ended meanwhile.
    """
    contract = locked_at(contract_id, by, version)
    if not permissions.can_note_client_signature(by, contract):
        raise PermissionDenied
    _check_day(contract, on, today)
    days = [day for day in (on, contract.signed_by_us_on) if day is not None]
    with verb("contract.activated", by=by, on_behalf_of=absent(by, contract.client)):
        move(
            contract,
            CONTRACT_MOVES,
            ContractState.ACTIVE,
            signed_by_client_on=on,
            client_signatory=said(signatory, "signatory"),
            client_authority=said(authority, "authority"),
            signed_on=max(days),
        )
        _change_parent(contract)
    return contract


def _change_parent(addendum: Contract) -> None:
    if addendum.parent_id is None:
        return
    parent = Contract.objects.select_for_update(of=("self",)).get(pk=addendum.parent_id)
    if parent.state != ContractState.ACTIVE:
        raise RuleViolation(_("Its contract is not in force any more."))
    said_anew = {name: getattr(addendum, name) for name in TERMS}
    changes = {name: value for name, value in said_anew.items() if value is not None}
    if addendum.deferral_days is not None:
        changes["deferral_day_type"] = addendum.deferral_day_type
    for name, value in changes.items():
        setattr(parent, name, value)
    parent.version += 1
    parent.save(update_fields=[*changes, "version"])
    approvals.follow(parent)


@transaction.atomic
def ask_to_end(
    contract_id: int, *, by: User, version: int, on: date, reason: str, today: date
) -> Approval:
    """Ask to end a contract in force on a day: the lawyer's visa, then the director decides."""
    contract = locked_at(contract_id, by, version)
    if not permissions.can_end_contract(by, contract):
        raise PermissionDenied
    if on < today:
        raise RuleViolation(_("From today on."), field="on")
    contract.ended_on, contract.end_reason = on, said(reason)
    contract.save(update_fields=["ended_on", "end_reason"])
    return approvals.submit(
        contract,
        kind=TERMINATION,
        by=by,
        title=f"{contract.number}, {contract.client.name}",
        org_unit=contract.client.org_unit,
        today=today,
        on_behalf_of=absent(by, contract.client),
    )


def _who_signs(contract: Contract) -> str:
    needed = least_signer(contract.amount, is_standard=contract.is_standard)
    if needed is None:
        return _("The sum is above everybody's limit.")
    text = _("It is signed by: %(role)s or above, with a power of attorney for this sum.")
    return text % {"role": needed.label.lower()}


def keep_in_force(contract: Contract, decision: Any) -> None:
    """The request to end it came to nothing; one that is over meanwhile stays over."""
    if contract.state != ContractState.ACTIVE:
        return
    contract.ended_on, contract.end_reason = None, ""
    contract.version += 1
    contract.save(update_fields=["ended_on", "end_reason", "version"])


@transaction.atomic
def expire_contracts(today: date) -> int:
    """Contracts whose term is over: those that prolong themselves begin it anew, others end.

    Returns how many; twice is once.
    """
    over = Contract.objects.in_force().filter(ends_on__lt=today).order_by("pk")
    rows = list(over.select_for_update(of=("self",), skip_locked=True))
    for contract in rows:
        if contract.auto_renew and contract.starts_on:
            _prolong(contract, today)
            continue
        with verb("contract.expired", by=None):
            move(contract, CONTRACT_MOVES, ContractState.EXPIRED, ended_on=contract.ends_on)
        approvals.follow(contract)
    return len(rows)


def _prolong(contract: Contract, today: date) -> None:
    """By its own length, as often as it takes to reach today."""
    assert contract.starts_on is not None
    assert contract.ends_on is not None
    length = contract.ends_on - contract.starts_on + timedelta(days=1)
    while contract.ends_on < today:
        contract.ends_on += length
    contract.version += 1
    with verb("contract.prolonged", by=None):
        contract.save(update_fields=["ends_on", "version"])
    approvals.follow(contract)


def _check_day(contract: Contract, on: date, today: date) -> None:
    if on > today:
        raise RuleViolation(_("This day is still to come."), field="on")
    if contract.ends_on is not None and on > contract.ends_on:
        raise RuleViolation(_("It had already ended by this day."), field="on")
