"""Giving imported documents the client that their file did not name."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from clients.models import Client
from crm.accounts.models import User
from crm.errors import RuleViolation
from crm.history import verb
from deals import permissions
from deals.actions.bulk import Debt, apply_credits, issue_invoices
from deals.conditions.client_terms import TermsTable
from deals.models import Shipment


@transaction.atomic
def assign_documents(
    shipment_id: int, *, client_id: int, by: User, version: int, same_text: bool = False
) -> int:
    """Give a document its client, and with `same_text` all that call their client the same.

    Invoices and set-offs arise as at posting; the documents count for the manager that the client
    has now. Returns how many documents got the client; raises RuleViolation when the document has
    one already.
    """
    if not permissions.can_enter_documents(by):
        raise PermissionDenied
    client = Client.objects.visible_to(by).get(pk=client_id)
    documents = _locked(shipment_id, by, version, same_text)
    with verb("shipment.assigned", by=by):
        for document in documents:
            document.client_id = client.pk
            document.manager_id, document.org_unit_id = client.manager_id, client.org_unit_id
            document.version += 1
        Shipment.objects.bulk_update(
            documents, ["client", "manager", "org_unit", "version"], batch_size=1_000
        )
        _settle(documents, client.pk, by)
    return len(documents)


def _locked(shipment_id: int, by: User, version: int, same_text: bool) -> list[Shipment]:
    """The document and those that go with it, locked in the order of their keys."""
    rows = Shipment.objects.visible_to(by).counted()
    asked = rows.get(pk=shipment_id)
    if asked.client_id is not None or asked.version != version:
        raise RuleViolation(_("The document has a client already."))
    wanted = rows.alike(asked) if same_text else rows.unassigned().filter(pk=shipment_id)
    locked = list(wanted.select_for_update(of=("self",)).order_by("pk"))
    if shipment_id not in {document.pk for document in locked}:
        raise RuleViolation(_("The document has a client already."))
    return locked


def _settle(documents: list[Shipment], client_id: int, by: User) -> None:
    terms = TermsTable()
    terms.load({client_id}, {row.contract_id for row in documents if row.contract_id})
    debts = [
        Debt(
            *(row.pk, client_id, row.contract_id, row.number),
            *(row.posted_on, row.amount, row.vat_amount),
        )
        for row in documents
        if row.posted_on and row.amount > 0
    ]
    issue_invoices(debts, terms=terms, by=by)
    apply_credits([row.pk for row in documents if row.amount < 0], by=by)
