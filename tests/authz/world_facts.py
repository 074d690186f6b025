"""A target task of the manager in every state that an address asks for."""

from datetime import date
from decimal import Decimal

from reports.actions import targets
from reports.actions.targets import Task

MONTH = date(2026, 11, 1)


def tasks(cast):
    """A task that is set, one that is reported, and a draft of the next month."""
    first, second = (_draft(cast, MONTH, weight) for weight in ("60", "40"))
    targets.set_tasks(first.pk, by=cast.department_head, version=1)
    told = targets.report_task(
        second.pk, by=cast.manager, version=2, fact=Decimal(1), evidence="CANARY доказательство"
    )
    later = _draft(cast, date(2026, 12, 1), "100")
    return {"target": first.pk, "target_reported": told.pk, "target_draft": later.pk}


def _draft(cast, month, weight):
    task = Task("CANARY задача", Decimal(weight), Decimal(10), "шт.", month.replace(day=20))
    return targets.draw_up_task(cast.manager.pk, month, task, by=cast.department_head, today=month)
