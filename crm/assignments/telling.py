"""Whom the way of a work item is told to."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.assignments.models import WorkItem, WorkNote
from crm.notices.actions import notify_many

TITLES = {
    "work.entered": _("%(author)s: %(what)s, due %(due)s"),
    "work.handed_on": _("Handed on to you: %(what)s, due %(due)s"),
    "work.answered": _("Answered by %(executor)s: %(what)s"),
    "work.action_taken": _("Done by %(executor)s, to be verified: %(what)s"),
    "work.resolved": _("%(author)s found it solved: %(what)s"),
    "work.returned": _("Returned by %(author)s: %(what)s. %(reason)s"),
    "work.cancelled": _("Withdrawn by %(author)s: %(what)s. %(reason)s"),
    "work.postponed": _("Another day, %(due)s: %(what)s"),
    "work.commented": _("%(by)s about %(what)s: %(text)s"),
    "work.due": _("To be done by %(due)s: %(what)s"),
    "work.answer_due": _("To be answered by %(due)s: %(what)s"),
    "work.unanswered": _("No answer by %(due)s to %(what)s"),
    "work.overdue_digest": _("Overdue work: %(count)s. %(which)s"),
}


def responsible(item: WorkItem) -> int | None:
    """Whoever has to do it: the executor, else the head of the unit."""
    return item.executor_id or (item.unit.head_id if item.unit else None)


def tell_executor(item: WorkItem, kind: str, **more: str) -> None:
    """Tell whoever has to do it, unless it is one's own."""
    _tell({responsible(item)} - {item.author_id}, item, kind, f"{item.version}", **more)


def tell_author(item: WorkItem, kind: str, **more: str) -> None:
    """Tell the author, unless the author did it."""
    people: set[int | None] = {item.author_id}
    _tell(people - {item.executor_id}, item, kind, f"{item.version}", **more)


def tell_of_comment(item: WorkItem, said: WorkNote, by: User) -> None:
    """Tell the author and whoever has to do it of what another one said."""
    people = {item.author_id, responsible(item)} - {by.pk}
    _tell(people, item, "work.commented", f"note{said.pk}", by=by.short_name, text=said.text[:150])


def _tell(people: set[int | None], item: WorkItem, kind: str, key: str, **more: str) -> None:
    executor = item.executor.short_name if item.executor else str(item.unit or "")
    notify_many(
        sorted(pk for pk in people if pk is not None),
        kind=kind,
        params={
            "author": item.author.short_name,
            "executor": executor,
            "what": str(item),
            "due": f"{item.due_on:%d.%m.%Y}",
            **more,
        },
        url=item.get_absolute_url(),
        dedupe_key=f"{kind}:{item.pk}:{key}",
    )
