"""Facts of any days with the unit of who is credited: for reports whose days are no whole months.

Whose a document is, is told by the same SQL as for the months of clients, so a report of a month by
manager or unit is that month.
"""

from __future__ import annotations

from django.conf import settings

from crm.accounts.models import User
from crm.sql import Statement
from reports.querysets.plans import seen_sql
from reports.rollups.months import PLACED, PLACES_OF_FACTS, UNIT
from reports.rollups.sources import Span, credited

_PLACED_FACTS = """
    WITH s AS (
        SELECT f.*, date_trunc('month', f.day::timestamp)::date AS month FROM ({facts}) f
    ), {places}, placed AS (
        SELECT s.*, {unit} AS org_unit_id FROM s {joins}
    )
    SELECT * FROM placed s WHERE {seen}
"""


def placed(user: User, span: Span, sources: tuple[str, ...]) -> Statement:
    """Facts of the days that are credited to those whom the person sees, one row a document.

    Beside the columns of `credited` they have `month` and `org_unit_id`.
    """
    facts, seen = credited(span, sources), seen_sql(user)
    places = Statement.named(PLACES_OF_FACTS, zone=settings.TIME_ZONE)
    sql = _PLACED_FACTS.format(
        places=places.sql, facts=facts.sql, unit=UNIT, joins=PLACED, seen=seen.sql
    )
    return Statement(sql, (*facts.params, *places.params, *seen.params))
