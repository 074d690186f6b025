"""What the clock tells heads: clients that nobody answers for though the term has gone by."""

from __future__ import annotations

from collections import Counter
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.heads import chains_of_units
from crm.accounts.models import Role, User
from crm.calendar import is_working_day
from crm.notices.actions import Told, notify_each
from reports import links
from reports.timeliness.kind import kind_of
from reports.timeliness.rows import reader
from reports.timeliness.terms import OVERDUE

TITLES = {
    "distribution.late": _(
        "Clients without a responsible manager although the deadline has passed: %(count)s"
    ),
}


@transaction.atomic
def tell_of_undistributed(*, today: date) -> int:
    """Daily 10:00 on working days: heads of the unit, directors where there is no unit, learn how
    many clients wait, once a day. A day gone by alerts nobody."""
    if today < timezone.localdate() or not is_working_day(today):
        return 0
    kind = kind_of("distribution")
    assert kind is not None
    read = reader(kind, today)
    found = [read(row) for row in kind.rows(None).filter(manager=None, archived_at=None)]
    late = [one for one in found if one.standing == OVERDUE]
    if not late:
        return 0
    chains, counts = chains_of_units(), Counter[int]()
    directors = User.objects.working().filter(role=Role.DIRECTOR).values_list("pk", flat=True)
    above = list(directors)
    for one in late:
        counts.update(chains.get(one.unit_id or 0, []) or above)
    first = min(one.due for one in late)
    url = links.report("distribution_terms", **{"from": first, "to": today}, standing=OVERDUE)
    key = f"distribution.late:{today}"
    return notify_each(
        [
            Told(pk, "distribution.late", {"count": count}, url, key)
            for pk, count in sorted(counts.items())
        ]
    )
