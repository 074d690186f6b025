"""Whose files stand with contracts and their templates, deliveries, papers of clients, acts."""

from crm.accounts.models import User
from crm.files.models import AttachmentKind
from crm.files.registry import register_owner
from deals import permissions
from deals.actions.contracts import absent
from deals.models import (
    ClientDocument,
    ClientDocumentKind,
    Contract,
    ContractTemplate,
    Invoice,
    ReconciliationAct,
    Shipment,
)

OF_ACTS = ("csv",)  # statements of clients


def _absent(record: Contract | ClientDocument | ReconciliationAct, user: User) -> User | None:
    return absent(user, record.client)


def _absent_of(record: Shipment | Invoice, user: User) -> User | None:
    """For whom the person stands in; documents without a client are nobody's."""
    return absent(user, record.client) if record.client else None


def _may_add_signed(user: User, record: Shipment | Invoice) -> bool:
    """Signed papers of deliveries: the client's people and the accounting."""
    return record.client is not None and permissions.can_reconcile(user, record.client)


def _may_add_scan(user: User, act: ReconciliationAct) -> bool:
    return permissions.can_reconcile(user, act.client)


def _of_contract(contract: Contract) -> str:
    return AttachmentKind.ADDENDUM if contract.parent_id else AttachmentKind.CONTRACT


def _of_paper(document: ClientDocument) -> str:
    """Powers and orders give somebody the right to sign; the others say who the client is."""
    rights = (ClientDocumentKind.AUTHORITY, ClientDocumentKind.APPOINTMENT)
    if document.kind in rights:
        return AttachmentKind.AUTHORITY
    is_of_state = document.kind not in (ClientDocumentKind.LEASE, ClientDocumentKind.OTHER)
    return AttachmentKind.REGISTRATION if is_of_state else AttachmentKind.OTHER


def register_contract_files() -> None:
    """Called once when the app is ready."""
    register_owner(
        "contract",
        Contract,
        kind=_of_contract,
        may_add=permissions.can_keep_papers,
        may_see=permissions.can_see_contracts,
        acting_for=_absent,
    )
    register_owner(
        "contract_template",
        ContractTemplate,
        kind=AttachmentKind.CONTRACT,
        may_add=permissions.can_change_template,
        may_see=permissions.can_see_contracts,
    )
    register_owner(
        "client_document",
        ClientDocument,
        kind=_of_paper,
        may_add=permissions.can_add_paper,
        may_see=permissions.can_see_dossier,
        acting_for=_absent,
    )
    register_owner(
        "reconciliation_act",
        ReconciliationAct,
        kind=AttachmentKind.RECONCILIATION,
        may_add=_may_add_scan,
        may_see=permissions.can_see_reconciliations,
        acting_for=_absent,
        also=OF_ACTS,
    )
    _register_documents()


def _register_documents() -> None:
    """Papers of deliveries."""
    for key, model in (("shipment", Shipment), ("invoice", Invoice)):
        register_owner(
            key,
            model,
            kind=AttachmentKind.PRIMARY,
            may_add=_may_add_signed,
            may_see=permissions.can_see_money,
            acting_for=_absent_of,
        )
