"""What has to be put right after an import of contacts was taken back."""

from __future__ import annotations

from collections.abc import Callable

from clients.actions.contact_dates import refresh_contact_dates
from clients.models import ContactLog
from crm.imports.journal import Journal, ids_of


def refresh_dates(journal: Journal) -> Callable[[], None]:
    """Clients get the last and next contact that they had before."""
    spans = journal.created.get(ContactLog._meta.label, [])
    changed = [int(pk) for pk in journal.changed.get(ContactLog._meta.label, {})]
    rows = ContactLog.objects.filter(pk__in=[*ids_of(spans), *changed])
    clients = set(rows.exclude(client=None).values_list("client", flat=True))
    return lambda: refresh_contact_dates(clients)
