"""The way of what the director approves in revisions, shared by plans and budgets.

Called in the transaction of the engine of approvals, or of an action that has locked the row.
"""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.errors import RuleViolation
from crm.states import move
from deals.actions.contracts import said
from reports.models.revisions import APPROVED, ON_APPROVAL, RETURNED, SUPERSEDED, Revision


def sent(row: Revision, *, by: User) -> None:
    """→ on approval; the words of a former return go, why it is corrected stays."""
    words = row.comment if row.revision > 1 else ""
    facts: dict[str, Any] = {"sent_by": by, "sent_at": timezone.now(), "comment": words}
    move(row, row.WAY.moves, ON_APPROVAL, **facts)


def approved(row: Revision, *, by: User) -> None:
    """on approval → approved; the former revision is superseded in the same transaction."""
    rows: Any = type(row)._default_manager.all()
    for former in rows.of_same(row).in_force().select_for_update(of=("self",)):
        move(former, row.WAY.moves, SUPERSEDED)
    move(row, row.WAY.moves, APPROVED, approved_by=by, approved_at=timezone.now())


def returned(row: Revision, *, comment: str) -> None:
    """on approval → returned; the reason of a correction is not lost, the words stand with it."""
    words = "\n".join(filter(None, (row.comment, comment)))
    move(row, row.WAY.moves, RETURNED, comment=words[:500])


def withdrawn(row: Revision) -> None:
    """on approval → where it was before: whoever sent it took it back."""
    move(row, row.WAY.moves, row.WAY.taken_back)


def next_revision(row: Any, *, by: User, comment: str, **facts: Any) -> Any:
    """A correction without its lines; `row` holds until the director approves it.

    Raises RuleViolation while another revision is being made, and without words.
    """
    rows = type(row)._default_manager.all()
    if rows.of_same(row).in_work().exists():
        raise RuleViolation(_("A correction of it is being made already."))
    return rows.create(
        org_unit=row.org_unit,
        revision=row.revision + 1,
        comment=said(comment, "comment")[:500],
        created_by=by,
        **{row.WAY.period: getattr(row, row.WAY.period)},
        **facts,
    )
