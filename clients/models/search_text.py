"""What a client is found by: names, INN, phones and e-mails of its parts, beside its own.

People and counterparties are written one by one, by imports and by COPY, so the database itself
keeps `Client.related_key`: one statement of theirs costs one statement more.
"""

import pgtrigger

_REFRESH = """
UPDATE clients_client c SET related_key = found.text
FROM (
    SELECT changed.client_id, left(concat_ws(' ',
        (SELECT string_agg(concat_ws(' ', k.search_key, k.inn), ' ' ORDER BY k.id)
         FROM clients_counterparty k
         WHERE k.client_id = changed.client_id AND k.archived_at IS NULL),
        (SELECT string_agg(
             concat_ws(' ', p.search_key, replace(p.phone, '+', ''), lower(p.email)), ' '
             ORDER BY p.id)
         FROM clients_contactperson p
         WHERE p.client_id = changed.client_id AND p.archived_at IS NULL)
    ), 20000) AS text
    FROM (SELECT DISTINCT client_id FROM new_rows) changed
) found
WHERE c.id = found.client_id AND c.related_key IS DISTINCT FROM found.text;
RETURN NULL;
"""


def keeps_search_text() -> list[pgtrigger.Trigger]:
    """Statement triggers of a part of a client: after inserts and after updates."""
    return [
        pgtrigger.Trigger(
            name=f"search_text_{operation}",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=event,
            referencing=pgtrigger.Referencing(new="new_rows"),
            func=_REFRESH,
        )
        for operation, event in (("insert", pgtrigger.Insert), ("update", pgtrigger.Update))
    ]
