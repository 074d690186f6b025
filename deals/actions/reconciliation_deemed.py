"""Acts that the contract counts as agreed when the client has not answered in time (D.3)."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from crm.history import verb
from crm.notices.actions import notify
from crm.shell.nav import address_of
from deals.actions.acts import Signature, close_as_signed
from deals.models import (
    ActLink,
    ActLinkVisit,
    Discrepancy,
    ItemState,
    ReconciliationItem,
    SignatoryAuthority,
)

TITLE = _(
    "Act %(act)s of %(client)s counts as agreed from %(day)s: the contract %(contract)s says so,"
    " and no answer came"
)


@transaction.atomic
def deem_agreed(*, today: date) -> int:
    """Close acts of contracts with such a term, once its calendar days are over.

    An act of all contracts never counts as agreed. Nobody has signed, so limitation goes on. A
    late run gives the same day. Returns how many.
    """
    count = 0
    for item in _unanswered().order_by("pk"):
        assert item.contract is not None
        assert item.act.sent_on is not None
        last = item.act.sent_on + timedelta(days=item.contract.deemed_agreed_days or 0)
        if last < today:
            with verb("reconciliation.deemed", by=None):
                close_as_signed(item, Signature(last, "", "", SignatoryAuthority.DEEMED))
            _tell(item, last)
            count += 1
    return count


def _unanswered() -> QuerySet[ReconciliationItem]:
    """Sent, and the client has neither answered, objected nor sent a file by its link."""
    act = OuterRef("act")
    came = Exists(ActLinkVisit.objects.filter(link=OuterRef("pk"), what="uploaded"))
    answered = ActLink.objects.filter(
        Q(answered_at__isnull=False) | came, act=act, revision=OuterRef("act__revision")
    )
    objected = Discrepancy.objects.filter(act=act).unresolved()
    rows = ReconciliationItem.objects.filter(
        ~Exists(answered),
        ~Exists(objected),
        state=ItemState.SENT,
        contract__deemed_agreed_days__isnull=False,
    )
    locked = rows.select_for_update(of=("self",))
    return locked.select_related("contract", "client__manager", "act")


def _tell(item: ReconciliationItem, last: date) -> None:
    manager = item.client.manager
    if manager is None or not manager.is_active:
        return
    notify(
        manager,
        kind="reconciliation.deemed",
        params={
            "act": item.act.number,
            "client": item.client.name,
            "contract": str(item.contract),
            "day": f"{last:%d.%m.%Y}",
        },
        url=address_of("deals:reconciliation_detail", item.pk),
        dedupe_key=f"reconciliation.deemed:{item.pk}",
    )
