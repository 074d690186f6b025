"""What a client is found by: its names, INN, phones and e-mails and those of its parts.

Clients, people and counterparties are written one by one, by imports and by COPY, so the database
itself keeps this table: triggers see every write, and a contact that changes a date of the client
touches no trigram index.
"""

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

_OWN = "' ', c.search_key, ' ', lower(c.code), ' ', replace(c.phone, '+', ''), ' ', lower(c.email)"

_INSERTED = f"""
INSERT INTO clients_clientsearch (client_id, names, text)
SELECT c.id, c.search_key, concat({_OWN}, ' ') FROM new_rows c
ON CONFLICT (client_id) DO UPDATE SET names = EXCLUDED.names, text = EXCLUDED.text;
RETURN NULL;
"""  # noqa: S608  (constants)

# The row of clients that some SELECT names.
FOUND = f"""\
    SELECT c.id, c.search_key AS names, concat({_OWN}, ' ', left(concat_ws(' ',
        (SELECT string_agg(concat_ws(' ', k.search_key, k.inn), ' ' ORDER BY k.id)
         FROM clients_counterparty k WHERE k.client_id = c.id AND k.archived_at IS NULL),
        (SELECT string_agg(
             concat_ws(' ', p.search_key, replace(p.phone, '+', ''), lower(p.email)), ' '
             ORDER BY p.id)
         FROM clients_contactperson p WHERE p.client_id = c.id AND p.archived_at IS NULL)
    ), 20000), ' ') AS text
    FROM clients_client c WHERE c.id IN (%s)
"""  # noqa: S608  (constants)

_REFRESH = f"""
UPDATE clients_clientsearch s SET names = found.names, text = found.text
FROM (
{FOUND}) found
WHERE s.client_id = found.id AND (s.names, s.text) IS DISTINCT FROM (found.names, found.text);
RETURN NULL;
"""  # noqa: S608  (constants)

_DELETED = """
DELETE FROM clients_clientsearch WHERE client_id IN (SELECT id FROM old_rows);
RETURN NULL;
"""


class ClientSearch(models.Model):
    """One row of search per client; `names` is open to everybody, `text` to the whole card."""

    # No constraint: rows come and go with those of the client by its triggers.
    client = models.OneToOneField(
        "clients.Client",
        models.CASCADE,
        primary_key=True,
        db_constraint=False,
        related_name="search",
        verbose_name=_("client"),
    )
    names = models.TextField(editable=False)
    text = models.TextField(editable=False)

    class Meta:
        verbose_name = _("search of a client")
        verbose_name_plural = _("search of clients")
        indexes: ClassVar = [
            GinIndex(fields=["names"], opclasses=["gin_trgm_ops"], name="client_search_names"),
            GinIndex(fields=["text"], opclasses=["gin_trgm_ops"], name="client_search_text"),
        ]

    def __str__(self) -> str:
        return self.names


def _after(name: str, operation: pgtrigger.Operation, func: str) -> pgtrigger.Trigger:
    """A statement trigger that sees the rows of its statement."""
    deletes = operation == pgtrigger.Delete
    rows = {"old": "old_rows"} if deletes else {"new": "new_rows"}
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(**rows),
        func=func,
    )


def client_is_searched() -> list[pgtrigger.Trigger]:
    """Triggers of the client: only a change of what it is found by costs anything."""
    return [
        _after("search_insert", pgtrigger.Insert, _INSERTED),
        _after("search_delete", pgtrigger.Delete, _DELETED),
        pgtrigger.Trigger(
            name="search_update",
            when=pgtrigger.After,
            operation=pgtrigger.Update,
            condition=pgtrigger.AnyChange("search_key", "code", "phone", "email"),
            func=_REFRESH % "NEW.id",
        ),
    ]


def part_is_searched() -> list[pgtrigger.Trigger]:
    """Triggers of a part of a client: one statement of theirs costs one statement more."""
    new, old = "SELECT client_id FROM new_rows", "SELECT client_id FROM old_rows"
    return [
        _after("search_insert", pgtrigger.Insert, _REFRESH % new),
        _after("search_update", pgtrigger.Update, _REFRESH % new),
        _after("search_delete", pgtrigger.Delete, _REFRESH % old),
    ]
