"""Calculating an ABC analysis and proposing changes of category from it (CL-07, ABC-1, ABC-4)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from clients.actions.categories import propose_by_system
from clients.categorising.category_terms import usual_effective_day
from crm.accounts.models import User
from crm.copying import copy_values
from crm.errors import RuleViolation
from crm.garbage import collected_seldom
from crm.history import verb
from crm.money import format_money, format_percent
from crm.work.registry import setting
from deals import permissions
from deals.abc.reading import borders_in_force, count_turnovers
from deals.abc.rules import classify, period_until, whole
from deals.models import AbcResult, AbcRun

# Those of `Placed`, and the category of today.
COLUMNS = ("client_id", "rank", "net_amount", "share", "cumulative", "category", "assigned")


@dataclass
class Proposed:
    """How many requests were written, and why others were not, by the client's name."""

    count: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)


@transaction.atomic
def run_abc(*, by: User | None, last: date) -> AbcRun:
    """Rank all clients over the months of the setting that end with the day, and keep the result.

    Thresholds are kept with the run. `by` is None for the monthly task. Changes no category.
    """
    if by is not None and not permissions.can_run_abc(by):
        raise PermissionDenied
    first, last = period_until(last, setting("abc.months"))
    with collected_seldom(), verb("abc.calculated", by=by):
        borders, counted = borders_in_force(), count_turnovers(first, last)
        placed = list(classify(counted.turnovers, borders))
        run = AbcRun.objects.create(
            date_from=first,
            date_to=last,
            share_a=borders.share_a,
            share_b=borders.share_b,
            border_inside=borders.border_inside,
            total=whole(counted.turnovers),
            clients_count=len(placed),
            started_by=by,
        )
        rows = [(*place, counted.assigned[place.client_id]) for place in placed]
        copy_values(AbcResult, COLUMNS, rows, run_id=run.pk)
    return run


def recalculate_abc(*, today: date) -> int:
    """The monthly analysis up to the end of the last month, once (C.6); returns its clients.

    Proposes changes itself only where the setting `abc.auto_propose` says so.
    """
    last = today.replace(day=1) - timedelta(days=1)
    if AbcRun.objects.filter(started_by=None, date_to=last).exists():
        return 0
    run = run_abc(by=None, last=last)
    if setting("abc.auto_propose"):
        _propose(run, None, by=None, today=today)
    return run.clients_count


def propose_changes(run_id: int, result_ids: Collection[int], *, by: User, today: date) -> Proposed:
    """Send requests for the chosen disagreements of a run on the usual route.

    The system is their author, so head and director decide as ever; nothing is applied here.
    Raises RuleViolation when nothing was chosen.
    """
    if not permissions.can_run_abc(by):
        raise PermissionDenied
    if not result_ids:
        raise RuleViolation(_("Choose the clients first."))
    run = AbcRun.objects.get(pk=run_id)
    return _propose(run, result_ids, by=by, today=today)


def _propose(
    run: AbcRun, result_ids: Collection[int] | None, *, by: User | None, today: date
) -> Proposed:
    rows = AbcResult.objects.filter(run=run)
    if by is not None:
        rows = rows.visible_to(by)
    if result_ids is not None:
        rows = rows.filter(pk__in=result_ids)
    done = Proposed()
    day = usual_effective_day(today)
    for result in rows.proposable().for_list().order_by("rank"):
        try:
            with transaction.atomic(), verb("abc.proposed", by=by):
                propose_by_system(
                    result.client_id,
                    to_category=result.category,
                    reason=partial(reason_of, run, result),
                    effective_from=day,
                    today=today,
                )
        except RuleViolation as refusal:
            done.refused.append((result.client.name, str(refusal)))
        else:
            done.count += 1
    _count_proposed(run.pk, done.count, by)
    return done


@transaction.atomic
def _count_proposed(run_id: int, count: int, by: User | None) -> None:
    if not count:
        return
    run = AbcRun.objects.select_for_update(of=("self",)).get(pk=run_id)
    with verb("abc.proposed", by=by):
        run.proposed_count += count
        run.save(update_fields=["proposed_count"])


def reason_of(run: AbcRun, result: AbcResult) -> str:
    """What the request says: place, amount and shares of the client."""
    return _(
        "ABC analysis for %(first)s – %(last)s: place %(rank)s of %(count)s, net shipments"
        " %(amount)s, cumulative share %(share)s. By calculation: %(category)s."
    ) % {
        "first": f"{run.date_from:%d.%m.%Y}",
        "last": f"{run.date_to:%d.%m.%Y}",
        "rank": result.rank,
        "count": run.clients_count,
        "amount": format_money(result.net_amount),
        "share": format_percent(result.cumulative),
        "category": result.category,
    }
