"""The signed copy of an act: noted and kept in one go."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from crm.accounts.models import User
from crm.errors import RuleViolation
from crm.files.actions import add_file
from crm.files.models import AttachmentKind
from deals.actions.acts import Signature, sign_act
from deals.models import ReconciliationItem

Scan = tuple[str, bytes]


@transaction.atomic
def sign_with_scan(
    item_id: int,
    *,
    signature: Signature,
    by: User,
    version: int,
    today: date,
    scan: Scan | None = None,
) -> ReconciliationItem:
    """Note the client's signature and keep the scan; a scan that is refused undoes both."""
    item = sign_act(item_id, signature, by=by, version=version, today=today)
    if scan is not None:
        name, content = scan
        try:
            add_file(
                "reconciliation_act",
                item.act.pk,  # type: ignore[attr-defined]
                by=by,
                name=name,
                content=content,
                kind=AttachmentKind.RECONCILIATION,
            )
        except RuleViolation as refusal:
            refusal.field = "scan"
            raise
    return item
