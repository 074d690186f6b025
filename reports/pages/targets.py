"""What the page of a target task shows: what may be done, the owner's month and its result."""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property

from crm.accounts.models import User
from reports import permissions
from reports.models import TargetState, TargetTask
from reports.queries.kpi import result_of
from reports.queries.target_measures import Counted, count_of


class TargetPage:
    """One task for one person."""

    def __init__(self, row: TargetTask, user: User) -> None:
        self.row, self.user = row, user
        self._sets = permissions.can_set_tasks_of(user, row.owner)

    @property
    def may_edit(self) -> bool:
        return self._sets and self.row.state == TargetState.DRAFT

    @property
    def may_report(self) -> bool:
        return permissions.can_report_task(self.user, self.row)

    @property
    def may_judge(self) -> bool:
        return permissions.can_judge_task(self.user, self.row)

    @cached_property
    def counted(self) -> Counted | None:
        """What the measure gives now, with the lists behind it; None where there is none."""
        return count_of(self.row)

    @cached_property
    def others(self) -> list[TargetTask]:
        """The tasks of the owner's month, dropped ones left out."""
        rows = TargetTask.objects.visible_to(self.user).of_month(self.row.month)
        rows = rows.filter(owner=self.row.owner_id).exclude(state=TargetState.DROPPED)
        return list(rows.order_by("pk"))

    @property
    def weights(self) -> Decimal:
        """What they weigh together; 100 once they are set."""
        return sum((one.weight for one in self.others), Decimal(0))

    @property
    def result(self) -> Decimal | None:
        """KPI-4 of the owner's month as reported so far."""
        return result_of(one for one in self.others if one.state != TargetState.DRAFT)
