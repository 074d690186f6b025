"""What has to be put right after an import of clients or contacts was taken back."""

from __future__ import annotations

from collections.abc import Callable

from clients.actions.contact_dates import refresh_contact_dates
from clients.models import Client, ContactLog, ContactPerson, Counterparty
from crm.imports.journal import Journal, ids_of


def refresh_search(journal: Journal) -> Callable[[], None]:
    """Clients that keep existing lose the searched names of parts that go."""
    owners: set[int] = set()
    for model in (Counterparty, ContactPerson):
        spans = journal.created.get(model._meta.label, [])
        rows = model._base_manager.filter(pk__in=ids_of(spans))
        owners |= set(rows.values_list("client", flat=True))
    owners -= set(ids_of(journal.created.get(Client._meta.label, [])))

    def afterwards() -> None:
        """Touch what is left, for the trigger to collect it; nothing left means no names."""
        for model in (Counterparty, ContactPerson):
            left = model._base_manager.filter(client__in=owners).order_by("client", "pk")
            ids = left.distinct("client").values_list("pk", "client")
            touched = dict(ids)
            if touched:
                for record in model._base_manager.filter(pk__in=touched):
                    record.save(update_fields=["search_key"])
                owners.difference_update(touched.values())
        Client.objects.filter(pk__in=owners).update(related_key="")

    return afterwards


def refresh_dates(journal: Journal) -> Callable[[], None]:
    """Clients get the last and next contact that they had before."""
    spans = journal.created.get(ContactLog._meta.label, [])
    changed = [int(pk) for pk in journal.changed.get(ContactLog._meta.label, {})]
    rows = ContactLog.objects.filter(pk__in=[*ids_of(spans), *changed])
    clients = set(rows.exclude(client=None).values_list("client", flat=True))
    return lambda: refresh_contact_dates(clients)
