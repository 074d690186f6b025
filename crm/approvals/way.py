"""The way of a record through its approval, as the page of the record shows it to one person."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Any

from crm.accounts.models import User
from crm.approvals.models import Approval, ApprovalState
from crm.approvals.signers import Substitution, turn_of


class WayOfApproval:
    """Parts of a page: `target` is its record; every part is read when it is shown."""

    target: Any
    user: User
    today: date

    @cached_property
    def approval(self) -> Approval | None:
        """The last way of the record, with its steps."""
        return Approval.objects.of(self.target).with_steps().first()

    @property
    def is_running(self) -> bool:
        """Somebody has to decide."""
        return self.approval is not None and self.approval.state == ApprovalState.RUNNING

    @cached_property
    def turn(self) -> tuple[list[User], list[Substitution]]:
        """Who decides now, and who stands in for them."""
        return turn_of(self.approval, self.today) if self.approval else ([], [])

    @cached_property
    def sees_approval(self) -> bool:
        """Whether the person may open it among the decisions."""
        if not self.is_running or self.approval is None:
            return False
        rows = Approval.objects.visible_to(self.user, today=self.today)
        return rows.filter(pk=self.approval.pk).exists()

    @property
    def may_withdraw(self) -> bool:
        """The author of the request, until somebody has signed."""
        if not self.is_running or self.approval is None:
            return False
        signed = any(step.decided_by_id for step in self.approval.steps.all())
        return self.approval.author_id == self.user.pk and not signed
