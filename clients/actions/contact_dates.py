"""The one place that keeps the last and the next contact of clients."""

from collections.abc import Iterable

from django.db.models import Max, Min, OuterRef, QuerySet, Subquery

from clients.models import Client, ContactLog

BATCH = 5000


def refresh_contact_dates(client_ids: Iterable[int]) -> None:
    """Set last_contact_at (reached ones only) and next_contact_at of the clients from contacts.

    Runs inside the transaction of the action that changed the contacts.
    """
    ids = sorted(set(client_ids))
    contacts = ContactLog.objects.filter(client=OuterRef("pk")).order_by()
    for start in range(0, len(ids), BATCH):
        Client.objects.filter(pk__in=ids[start : start + BATCH]).update(
            last_contact_at=_one(contacts.credited(), Max("done_at")),
            next_contact_at=_one(contacts.planned(), Min("planned_at")),
        )


def _one(contacts: "QuerySet[ContactLog]", figure: Max | Min) -> Subquery:
    return Subquery(contacts.values("client").annotate(moment=figure).values("moment"))
