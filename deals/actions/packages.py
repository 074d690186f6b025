"""Papers of shipments: made, handed over, come back signed; and who is told of missing ones."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from clients.heads import heads_by_client
from crm.accounts.models import User
from crm.errors import RuleViolation
from crm.history import verb
from crm.notices.actions import notify
from crm.shell.nav import address
from deals import permissions
from deals.models import Shipment, ShipmentDocument, ShipmentDocumentKind
from deals.packages import is_late, paid_invoices_without_documents

STEPS = ("made", "handed", "returned")


@transaction.atomic
def note_document(
    shipment_id: int, *, by: User, kind: str, step: str, on: date, today: date
) -> ShipmentDocument:
    """Note the next step of one paper of a posted sale.

    Raises RuleViolation for a step out of turn, a day to come or before the step before it.
    """
    rows = Shipment.objects.visible_to(by).select_for_update(of=("self",))
    shipment: Shipment = rows.select_related("client").get(pk=shipment_id)
    if not permissions.can_note_documents(by, shipment):
        raise PermissionDenied
    if kind not in ShipmentDocumentKind.values or step not in STEPS:
        raise RuleViolation(_("Choose a paper and a step."))
    if on > today:
        raise RuleViolation(_("This day is still to come."), field="on")
    known = ShipmentDocument.objects.filter(shipment=shipment, kind=kind).first()
    with verb(f"package.{step}", by=by):
        if known is None:
            return _made(shipment, kind, step, on, by)
        return _moved(known, step, on, by)


def _made(shipment: Shipment, kind: str, step: str, on: date, by: User) -> ShipmentDocument:
    if step != "made":
        raise RuleViolation(_("It has not been made yet."))
    return ShipmentDocument.objects.create(shipment=shipment, kind=kind, made_on=on, noted_by=by)


def _moved(document: ShipmentDocument, step: str, on: date, by: User) -> ShipmentDocument:
    before = document.made_on if step == "handed" else document.handed_on
    taken = document.handed_on if step == "handed" else document.returned_on
    if step == "made" or taken is not None:
        raise RuleViolation(_("This has already been recorded."))
    if before is None:
        raise RuleViolation(_("It has not been handed over yet."))
    if on < before:
        raise RuleViolation(_("Not before the step before it."), field="on")
    setattr(document, f"{step}_on", on)
    document.noted_by = by
    document.version += 1
    document.save(update_fields=[f"{step}_on", "noted_by", "version"])
    return document


@transaction.atomic
def tell_of_missing_documents(today: date) -> int:
    """Managers and heads learn once a day how many paid invoices are late (DOC-1)."""
    counts: dict[int, int] = defaultdict(int)
    rows = paid_invoices_without_documents()
    late = [row for row in rows.select_related("client") if is_late(row.settled_on, None, today)]
    heads = heads_by_client({row.client_id for row in late})
    for row in late:
        people = {head for head, clients in heads.items() if row.client_id in clients}
        for person in (people | {row.client.manager_id}) - {None}:
            counts[person] += 1
    return sum(
        notify(
            person,
            kind="package.late",
            params={"count": count},
            url=f"{address('reports:report_list')}paid_without_documents/",
            dedupe_key=f"{today}",
        )
        for person, count in counts.items()
    )
