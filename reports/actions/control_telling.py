"""Whom checks tell what; of a planned one nobody learns."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.notices.actions import notify_many
from crm.said import in_each_language
from reports.models import SpotCheck

TITLES = {
    "control.started": _("%(checker)s has started a check: %(question)s"),
    "control.completed": _("Check %(number)s is completed, violations: %(violations)s"),
    "control.to_begin": _("Start today: check %(number)s: %(question)s"),
    "control.not_begun": _("The check %(number)s was to begin on %(due)s: %(question)s"),
    "control.to_complete": _("Complete the check %(number)s by %(due)s: %(question)s"),
    "control.not_completed": _("The check %(number)s was to be completed by %(due)s: %(question)s"),
}


def tell_of_start(check: SpotCheck) -> None:
    """The checked, now that it has begun."""
    _tell(check, "control.started", {check.checked_id})


def tell_of_end(check: SpotCheck) -> None:
    """The checked and the head over the checked."""
    unit = check.checked.org_unit
    head = unit.head_id if unit is not None else None
    people = {check.checked_id, head} - {check.checker_id, None}
    _tell(check, "control.completed", people)


def _tell(check: SpotCheck, kind: str, people: set[int | None]) -> None:
    found = check.items.filter(result="violation").count()
    notify_many(
        sorted(pk for pk in people if pk is not None),
        kind=kind,
        params={
            "checker": check.checker.short_name,
            "question": in_each_language(lambda: check.question_label),
            "number": check.number,
            "violations": found,
        },
        url=check.get_absolute_url(),
        dedupe_key=f"{kind}:{check.pk}",
    )
