"""Rights on the catalogue of reports (RP-06)."""

from __future__ import annotations

from crm.accounts.models import DIRECTORS, Role, User
from crm.accounts.scope import scope_of
from reports.models import ReportSubmission, SubmissionState


def can_edit_catalogue(user: User) -> bool:
    """Which reports are due when: directors and the administrator."""
    return user.is_active and user.role in DIRECTORS | {Role.ADMIN}


def is_author(user: User, row: ReportSubmission) -> bool:
    """The author, or whoever stands in for the author."""
    own = {user.pk, *scope_of(user).substituted_ids}
    return user.is_active and row.author_id in own


def is_recipient(user: User, row: ReportSubmission) -> bool:
    """The recipient, a substitute or a director; never the author."""
    own = {user.pk, *scope_of(user).substituted_ids}
    received = row.recipient_id in own or user.role in DIRECTORS
    return user.is_active and received and not is_author(user, row)


def can_submit(user: User, row: ReportSubmission) -> bool:
    """Hand it in, as long as it is due or returned."""
    return row.is_open and is_author(user, row)


def can_decide(user: User, row: ReportSubmission) -> bool:
    """Accept it or send it back."""
    return row.state == SubmissionState.SUBMITTED and is_recipient(user, row)


def can_add_file(user: User, row: ReportSubmission) -> bool:
    """Files come before it is handed in."""
    return can_submit(user, row)
