"""What the page of notices shows."""

from dataclasses import dataclass
from datetime import datetime

from crm.accounts.models import User
from crm.notices import kinds
from crm.notices.models import Notice

PAGE = 30


@dataclass(frozen=True)
class Line:
    """A notice in the reader's language."""

    pk: int
    text: str
    at: datetime
    is_read: bool


@dataclass(frozen=True)
class NoticePage:
    """Notices, newest first, and the id after which the next page begins (None = that is all)."""

    lines: list[Line]
    next_before: int | None
    unread: int


def notice_page(user: User, *, before: int | None = None) -> NoticePage:
    """A page of one's own notices by keyset: two queries."""
    rows = Notice.objects.visible_to(user).order_by("-pk")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: PAGE + 1])
    lines = [
        Line(n.pk, kinds.render(n.kind, n.params), n.created_at, n.read_at is not None)
        for n in found[:PAGE]
    ]
    following = found[PAGE - 1].pk if len(found) > PAGE else None
    return NoticePage(lines, following, unread_count(user))


def unread_count(user: User) -> int:
    """How many notices the person has not opened; shown at the bell, exact up to a hundred."""
    return Notice.objects.visible_to(user).unread().order_by()[:100].count()
