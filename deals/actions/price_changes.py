"""Changes of prices: begun with an approved list, their notices prepared, put in force (DL-13)."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

from django.db import connection, transaction
from django.db.models import Count, Q
from django.utils import timezone

from clients.heads import heads_by_unit
from crm.history import verb
from crm.notices.actions import notify
from crm.shell.nav import address
from crm.sql import Statement
from crm.states import move
from crm.work.registry import setting
from deals.models import (
    PRICE_CHANGE_MOVES,
    PriceChange,
    PriceChangeNotice,
    PriceChangeState,
    PriceList,
)
from deals.pricing.price_changes import ListChange, concerned, with_due_day

_INSERT = """
    INSERT INTO deals_pricechangenotice (change_id, client_id, due_on, state, created_at, version)
    SELECT %s, id, due_on, 'pending', %s, 1 FROM ({rows}) AS told (id, due_on) ORDER BY due_on, id
    ON CONFLICT (change_id, client_id) DO NOTHING
"""


def begin_change(new: PriceList, before: PriceList | None) -> PriceChange | None:
    """What the approval of a list begins, in its transaction; nothing where no price changes."""
    if before is None:
        return None
    found = ListChange(new, before)
    if not found.count:
        return None
    return PriceChange.objects.create(
        price_list=new,
        replaces=before,
        effective_from=new.valid_from,
        prices_changed=found.count,
    )


def prepare_new_changes(*, today: date) -> int:
    """Write the notices of changes approved since the last run; how many notices are new."""
    changes = PriceChange.objects.filter(state=PriceChangeState.APPROVED)
    return sum(_advance(pk, today) for pk in changes.order_by("pk").values_list("pk", flat=True))


def advance_changes(*, today: date) -> int:
    """Daily: notices for clients concerned by now too; changes of the day come in force.

    Returns how many notices are new; running twice changes nothing.
    """
    changes = PriceChange.objects.unfinished().order_by("pk").values_list("pk", flat=True)
    return sum(_advance(pk, today) for pk in changes)


@transaction.atomic
def _advance(change_id: int, today: date) -> int:
    rows = PriceChange.objects.select_for_update(of=("self",)).select_related("price_list")
    change: PriceChange = rows.get(pk=change_id)
    if change.state == PriceChangeState.EFFECTIVE:
        return 0
    with verb("price_change.notices", by=None):
        made = _write_notices(change, today)
        if change.state == PriceChangeState.APPROVED:
            told = PriceChangeState.NOTIFYING
            move(change, PRICE_CHANGE_MOVES, told, notices_at=timezone.now())
    if change.effective_from <= today:
        with verb("price_change.effective", by=None):
            held = PriceChangeState.EFFECTIVE
            move(change, PRICE_CHANGE_MOVES, held, effective_at=timezone.now())
    return made


def _write_notices(change: PriceChange, today: date) -> int:
    """One statement for all clients; whoever has a notice of this change keeps it."""
    lines = ListChange(change.price_list, change.replaces).lines
    clients = concerned(change.price_list.kind, lines, today)
    dated = with_due_day(clients, change.effective_from).order_by().values_list("pk", "due_on")
    found = Statement.of(dated)
    sql = _INSERT.format(rows=found.sql)
    with connection.cursor() as cursor:
        cursor.execute(sql, [change.pk, timezone.now(), *found.params])
        return int(cursor.rowcount)


@transaction.atomic
def tell_heads(today: date) -> int:
    """Heads learn once a day how many clients are late to be told, and how many soon will be."""
    rows = PriceChangeNotice.objects.to_tell(last_day_shown(today), today).order_by()
    by_unit = (
        rows.filter(client__org_unit__isnull=False)
        .values_list("client__org_unit")
        .annotate(
            late=Count("pk", filter=Q(due_on__lt=today)),
            soon=Count("pk", filter=Q(due_on__gte=today)),
        )
    )
    counted: dict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    heads = heads_by_unit()
    for unit, late, soon in by_unit:
        for head in heads[unit]:
            counted[head] = (counted[head][0] + late, counted[head][1] + soon)
    return sum(
        notify(
            head,
            kind="prices.to_tell",
            params={"late": late, "soon": soon},
            url=f"{address('deals:price_notice_list')}?due=soon&due=late",
            dedupe_key=f"prices:{today}",
        )
        for head, (late, soon) in sorted(counted.items())
    )


def last_day_shown(today: date) -> date:
    """Notices to be given by this day are near."""
    return today + timedelta(days=setting("prices.notice_ahead_days"))
