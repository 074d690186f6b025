"""Approving several requests at once: each by itself, a refusal stops none of the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.approvals import registry
from crm.approvals.actions.approvals import decide
from crm.approvals.models import Approval
from crm.errors import RuleViolation


@dataclass(frozen=True)
class Shown:
    """A request as it stood on the page: the versions that the person has seen."""

    approval_id: int
    version: int
    target_version: int


@dataclass(frozen=True)
class Answer:
    """What became of one request; an empty refusal is a yes."""

    approval_id: int
    title: str
    refusal: str = ""


def approve_many(
    rows: Sequence[Shown], *, by: User, today: date, comment: str = ""
) -> list[Answer]:
    """Approve each request in the version that was shown; the answers name every refusal.

    Every request is decided by `decide` in a transaction of its own.
    """
    asked = [row.approval_id for row in rows]
    visible = Approval.objects.visible_to(by, today=today).filter(pk__in=asked)
    known = {approval.pk: approval for approval in visible}
    return [_approve(row, known.get(row.approval_id), by, today, comment) for row in rows]


def _approve(row: Shown, approval: Approval | None, by: User, today: date, comment: str) -> Answer:
    if approval is None:
        return Answer(row.approval_id, "", _("You do not see this request any more."))
    return Answer(row.approval_id, approval.called, _refusal(row, approval, by, today, comment))


def _refusal(row: Shown, approval: Approval, by: User, today: date, comment: str) -> str:
    """Why the request was not approved; empty when it was."""
    if registry.handler(approval.kind).decision_form is not None:
        return _("Something has to be chosen here: open the request.")
    try:
        decide(
            row.approval_id,
            by=by,
            decision="approve",
            comment=comment,
            version=row.version,
            target_version=row.target_version,
            today=today,
        )
    except RuleViolation as refusal:
        return str(refusal)
    except PermissionDenied as refusal:
        return str(refusal) or _("Somebody else decides this request.")
    except Approval.DoesNotExist:
        return _("You do not see this request any more.")
    return ""
