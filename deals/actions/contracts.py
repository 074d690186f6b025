"""Contracts on their way to signatures: draft, correct, send, take back, give up (C.5 no. 10)."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from clients.actions.locks import absent_owner
from clients.models import Client
from crm.accounts.models import User
from crm.approvals import actions as approvals
from crm.approvals.models import Approval
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from crm.numbering import format_number, take_numbers
from crm.states import move
from deals import permissions
from deals.models import (
    CONTRACT_MOVES,
    Contract,
    ContractKind,
    ContractState,
    Proposal,
    ProposalState,
)

PREFIX, LONGEST_NUMBER = "Д", 100
STANDARD, INDIVIDUAL, MARKETING = "contract.standard", "contract.individual", "contract.marketing"
FIELDS = (
    "number",
    "counterparty",
    "kind",
    "is_standard",
    "subject",
    "amount",
    "starts_on",
    "ends_on",
    "auto_renew",
    "deferral_days",
    "deferral_day_type",
    "penalty_pct_day",
    "penalty_cap_pct",
    "claim_response_days",
    "claim_day_type",
    "deemed_agreed_days",
    "price_notice_days",
    "note",
)
OF_MARKETING = frozenset({ContractKind.MARKETING, ContractKind.ADVERTISING})


@transaction.atomic
def draft_contract(
    client_id: int,
    *,
    by: User,
    today: date,
    key: UUID,
    parent_id: int | None = None,
    proposal_id: int | None = None,
    **values: Any,
) -> Contract:
    """Write a contract, or an addendum to `parent_id`, without sending it; once per `key`.

    It remembers the accepted proposal that it follows, one contract each. Without a number it gets
    the next one of the year. Raises PermissionDenied, and RuleViolation for a foreign
    counterparty, a period backwards or a number that the client has already.
    """
    client: Client = Client.objects.visible_to(by).select_for_update(of=("self",)).get(pk=client_id)
    before = Contract.objects.filter(idempotency_key=key, author=by).first()
    if before is not None:
        return before
    parent, proposal = _parent(client, parent_id, by), _proposal(client, proposal_id, by)
    if not permissions.can_draft_contract(by, client):
        raise PermissionDenied
    values = _checked(client, parent, values)
    values["number"] = values["number"] or _next_number(parent, today)
    with verb("contract.drafted", by=by, on_behalf_of=absent(by, client)):
        return _saved(
            Contract(
                client=client,
                parent=parent,
                proposal=proposal,
                author=by,
                negotiator=by,
                idempotency_key=key,
                **values,
            )
        )


def _parent(client: Client, parent_id: int | None, by: User) -> Contract | None:
    if parent_id is None:
        return None
    parent: Contract = Contract.objects.visible_to(by).get(pk=parent_id, client=client)
    if not permissions.can_add_addendum(by, parent):
        raise RuleViolation(_("Addenda are made to a contract in force."))
    return parent


def _proposal(client: Client, proposal_id: int | None, by: User) -> Proposal | None:
    if proposal_id is None:
        return None
    proposal: Proposal = Proposal.objects.visible_to(by).get(pk=proposal_id, client=client)
    if proposal.state != ProposalState.ACCEPTED:
        raise RuleViolation(_("A contract follows a proposal that the client has accepted."))
    return proposal


def _next_number(parent: Contract | None, today: date) -> str:
    if parent is not None:
        number = f"{parent.number}/{parent.addenda.count() + 1}"
        if len(number) > LONGEST_NUMBER:
            raise RuleViolation(
                _("The number would be too long: type a shorter one."), field="number"
            )
        return number
    return format_number(PREFIX, today.year, take_numbers("contract", year=today.year)[0])


@transaction.atomic
def edit_contract(contract_id: int, *, by: User, version: int, **values: Any) -> Contract:
    """Change a draft or a returned contract; raises StaleVersion if somebody was faster."""
    contract = locked(contract_id, by)
    if not permissions.can_edit_contract(by, contract):
        raise PermissionDenied(_("Only a draft or a returned contract can be changed."))
    if contract.version != version:
        raise StaleVersion(of=contract)
    values = _checked(contract.client, contract.parent, values)
    values["number"] = values["number"] or contract.number
    with verb("contract.edited", by=by, on_behalf_of=absent(by, contract.client)):
        for name, value in values.items():
            setattr(contract, name, value)
        contract.version += 1
        return _saved(contract, [*FIELDS, "version"])


def _checked(client: Client, parent: Contract | None, values: dict[str, Any]) -> dict[str, Any]:
    counterparty, amount = values.get("counterparty"), values.get("amount")
    if counterparty is not None and counterparty.client_id != client.pk:
        raise RuleViolation(_("This legal entity belongs to another client."), field="counterparty")
    starts_on, ends_on = values.get("starts_on"), values.get("ends_on")
    days = [starts_on, parent.starts_on, parent.signed_on] if parent else [starts_on]
    if ends_on and any(day is not None and ends_on < day for day in days):
        raise RuleViolation(_("The end lies before the beginning."), field="ends_on")
    if amount is not None and amount <= 0:
        raise RuleViolation(_("More than zero."), field="amount")
    if values.get("auto_renew") and not (starts_on and ends_on):
        text = _("A contract that renews automatically needs a first and a last day.")
        raise RuleViolation(text, field="ends_on")
    return {name: values.get(name) for name in FIELDS}


def _saved(contract: Contract, names: list[str] | None = None) -> Contract:
    try:
        with transaction.atomic():
            contract.save(update_fields=names)
    except IntegrityError as clash:
        if "contract_one_per_proposal" in str(clash):
            raise RuleViolation(_("The proposal has its contract already.")) from clash
        if "contract_number_once" not in str(clash):
            raise
        text = _("The client has a contract with this number already.")
        raise RuleViolation(text, field="number") from clash
    return contract


def route_of(contract: Contract) -> str:
    """Which way it takes: marketing by its own visas, own wording by more than the standard."""
    if contract.kind in OF_MARKETING:
        return MARKETING
    return STANDARD if contract.is_standard else INDIVIDUAL


@transaction.atomic
def submit_contract(contract_id: int, *, by: User, version: int, today: date) -> Approval:
    """Send a draft or a returned contract to its visas; it stands still from now on."""
    contract = locked(contract_id, by)
    if not permissions.can_submit_contract(by, contract):
        raise PermissionDenied(_("Only a draft or a returned contract can be sent."))
    if contract.version != version:
        raise StaleVersion(of=contract)
    if not contract.starts_on:
        raise RuleViolation(_("Enter the day from which it applies."))
    return approvals.submit(
        contract,
        kind=route_of(contract),
        by=by,
        title=f"{contract.number}, {contract.client.name}",
        org_unit=contract.client.org_unit,
        today=today,
        on_behalf_of=absent(by, contract.client),
    )


@transaction.atomic
def withdraw_contract(contract_id: int, *, by: User, today: date) -> None:
    """Whoever sent it takes it back from its way: a draft again."""
    contract = Contract.objects.visible_to(by).get(pk=contract_id)
    if not approvals.withdraw_running(contract, by=by, today=today):
        raise RuleViolation(_("It is not on its way to a decision."))


@transaction.atomic
def reopen_contract(contract_id: int, *, by: User, version: int) -> None:
    """Approved, but the client wants something else: it goes back to be changed and sent again."""
    contract = locked_at(contract_id, by, version)
    if not permissions.can_reopen_contract(by, contract):
        raise PermissionDenied
    with verb("contract.reopened", by=by, on_behalf_of=absent(by, contract.client)):
        move(contract, CONTRACT_MOVES, ContractState.RETURNED)


@transaction.atomic
def cancel_contract(contract_id: int, *, by: User, version: int, reason: str, today: date) -> None:
    """Give up a contract that was not concluded; raises RuleViolation without a reason."""
    contract = locked_at(contract_id, by, version)
    if not permissions.can_cancel_contract(by, contract):
        raise PermissionDenied
    with verb("contract.cancelled", by=by, on_behalf_of=absent(by, contract.client)):
        move(
            contract,
            CONTRACT_MOVES,
            ContractState.CANCELLED,
            end_reason=said(reason),
            ended_on=today,
        )


def locked(contract_id: int, by: User) -> Contract:
    """The visible contract with its client, locked until the end of the transaction."""
    rows = Contract.objects.visible_to(by).select_for_update(of=("self",))
    contract: Contract = rows.select_related("client__org_unit").get(pk=contract_id)
    return contract


def locked_at(contract_id: int, by: User, version: int) -> Contract:
    """`locked`; StaleVersion where somebody was faster than this version."""
    contract = locked(contract_id, by)
    if contract.version != version:
        raise StaleVersion(of=contract)
    return contract


def said(reason: str, field: str = "reason") -> str:
    """The reason; RuleViolation for none."""
    if not reason.strip():
        raise RuleViolation(_("Say why."), field=field)
    return reason.strip()


def once(rows: QuerySet[Any], values: dict[str, Any]) -> None:
    """RuleViolation where the rows of a locked record hold the same already: a doubled click."""
    if rows.filter(**values).exists():
        raise RuleViolation(_("This has already been recorded."))


def absent(by: User, client: Client) -> User | None:
    """For whom the person stands in with this client."""
    return absent_owner(client, by)
