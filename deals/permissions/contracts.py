"""Rights on contracts, their parts and powers of attorney (C.9, C.5 no. 10)."""

from datetime import date

from clients.models import Client
from crm.accounts.models import DIRECTORS, HEADS, SALES, Role, User
from crm.accounts.scope import scope_of
from deals.conditions.signing import authority_of, may_sign_by_office
from deals.models import Contract, ContractObligation, ContractState, ContractTemplate
from deals.permissions.documents import can_see_money

WRITERS = SALES
LAWYER = frozenset({Role.LAWYER})
KEEPERS = frozenset({Role.LAWYER, Role.DIRECTOR, Role.GENERAL_DIRECTOR})
CORRECTABLE = frozenset({ContractState.DRAFT, ContractState.RETURNED})


def _heads(user: User, client: Client) -> bool:
    return user.role in HEADS and client.org_unit_id in scope_of(user).unit_ids


def can_see_contracts(user: User) -> bool:
    """Contracts show sums: who sees money sees them (C.9)."""
    return can_see_money(user)


def can_write_contracts(user: User) -> bool:
    """Managers and heads write drafts."""
    return user.is_active and user.role in WRITERS


def can_draft_contract(user: User, client: Client) -> bool:
    """For a visible client that is not in the archive."""
    return can_write_contracts(user) and client.archived_at is None


def _leads(user: User, contract: Contract) -> bool:
    """The author, the negotiator, the client's manager of today, who stands in for one of them,
    or a head of the client's unit."""
    scope = scope_of(user)
    names = {user.pk, *scope.substituted_ids}
    mine = not names.isdisjoint({contract.author_id, contract.negotiator_id})
    client = contract.client
    owns = client.manager_id is not None and client.manager_id in scope.manager_ids
    return user.is_active and (mine or owns or _heads(user, client))


def _leads_or_is(roles: frozenset[Role], user: User, contract: Contract) -> bool:
    return _leads(user, contract) or (user.is_active and user.role in roles)


def can_edit_contract(user: User, contract: Contract) -> bool:
    """A draft or a returned one, by those who lead it: what is shown to signers stands still."""
    return contract.state in CORRECTABLE and _leads(user, contract)


def can_submit_contract(user: User, contract: Contract) -> bool:
    """Managers and heads send their draft on its way."""
    return can_edit_contract(user, contract) and user.role in WRITERS


def can_cancel_contract(user: User, contract: Contract) -> bool:
    """Those who lead it give up what is not concluded, unless it is being decided."""
    open_now = contract.is_in_negotiation and contract.state != ContractState.ON_APPROVAL
    return open_now and _leads(user, contract)


def can_reopen_contract(user: User, contract: Contract) -> bool:
    """Approved, but the client wants something else."""
    return contract.state == ContractState.APPROVED and _leads(user, contract)


def can_sign_contract(user: User, contract: Contract, today: date) -> bool:
    """By the limit of the office and by a power of attorney for this sum (CONTRACT-1)."""
    if contract.state != ContractState.APPROVED or not user.is_active:
        return False
    if not may_sign_by_office(user, contract):
        return False
    return signs_by_office(user) or authority_of(user, contract, today) is not None


def signs_by_office(user: User) -> bool:
    """Directors act for the company without a power of attorney."""
    return user.role in DIRECTORS


def can_note_client_signature(user: User, contract: Contract) -> bool:
    """Whoever leads it, or the lawyer, when ours stands."""
    ready = contract.state == ContractState.SIGNED_BY_US
    return ready and _leads_or_is(LAWYER, user, contract)


def can_end_contract(user: User, contract: Contract) -> bool:
    """The department head asks to end a contract in force; the lawyer and the director decide."""
    head = user.role == Role.DEPARTMENT_HEAD and _heads(user, contract.client)
    return user.is_active and contract.state == ContractState.ACTIVE and head


def can_add_addendum(user: User, contract: Contract) -> bool:
    """To a contract in force."""
    main = contract.parent_id is None and contract.state == ContractState.ACTIVE
    return main and can_draft_contract(user, contract.client)


def can_negotiate(user: User, contract: Contract) -> bool:
    """Disagreements are written by those who lead it and by the lawyer."""
    return contract.is_in_negotiation and _leads_or_is(LAWYER, user, contract)


def can_add_obligation(user: User, contract: Contract) -> bool:
    """Those who lead it, and the lawyer, as long as it may come into force or stands."""
    alive = contract.is_in_negotiation or contract.state == ContractState.ACTIVE
    return alive and _leads_or_is(KEEPERS, user, contract)


def can_fulfil(user: User, obligation: ContractObligation) -> bool:
    """People of the department that owes it, and those who lead the contract."""
    if not user.is_active or obligation.done_on or obligation.dropped_at:
        return False
    own = user.org_unit_id == obligation.org_unit_id
    heads = obligation.org_unit_id in scope_of(user).unit_ids
    return own or heads or can_add_obligation(user, obligation.contract)


def can_see_powers(user: User) -> bool:
    """Who sees contracts sees who may sign them."""
    return can_see_contracts(user)


def can_manage_powers(user: User) -> bool:
    """The register is kept by the lawyer and the directors."""
    return user.is_active and user.role in KEEPERS


def can_manage_templates(user: User) -> bool:
    """Texts of contracts are kept by the lawyer and the directors."""
    return user.is_active and user.role in KEEPERS


def can_change_template(user: User, template: ContractTemplate) -> bool:
    """The files of one."""
    return can_manage_templates(user) and template.archived_at is None


def can_keep_papers(user: User, contract: Contract) -> bool:
    """Drafts, protocols and signed copies are kept by those who lead it and by the offices."""
    return _leads_or_is(KEEPERS | {Role.ACCOUNTANT}, user, contract)
