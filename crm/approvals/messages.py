"""What people are told about approvals: notices and the sentence of a lost race."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.approvals.models import Approval, ApprovalState, ApprovalStep
from crm.approvals.registry import Decision
from crm.approvals.signers import names_on, people_of, substitutes_of, superiors_of
from crm.notices.actions import notify_many


def signers_today(step: ApprovalStep, today: date) -> list[User]:
    """Who can decide the step today: by office and as substitutes, never the author."""
    barred = {step.approval.author_id, *names_on(step.approval.steps.all())}
    people = [person for person in people_of(step) if person.pk not in barred]
    stand_ins = [s.delegate for s in substitutes_of(people, today)]
    return list({p.pk: p for p in [*people, *stand_ins] if p.pk not in barred}.values())


def step_waits(step: ApprovalStep, *, today: date) -> None:
    """Tell the signers that it is their turn."""
    approval = step.approval
    notify_many(
        signers_today(step, today),
        kind=f"{approval.kind}.waiting",
        params={"title": approval.said, "author": approval.author.short_name},
        url=approval.get_absolute_url(),
        dedupe_key=f"approval.waiting:{step.pk}",
    )


def escalated(step: ApprovalStep, *, today: date) -> None:
    """Tell the superior, the signers and the author that the superior may decide now, too."""
    approval = step.approval
    people = [*signers_today(step, today), approval.author]
    notify_many(
        list({person.pk: person for person in people}.values()),
        kind=f"{approval.kind}.escalated",
        params={
            "title": approval.said,
            "due": f"{step.due_on:%d.%m.%Y}",
            "who": ", ".join(person.short_name for person in superiors_of(step)),
        },
        url=approval.get_absolute_url(),
        dedupe_key=f"approval.escalated:{step.pk}",
    )


def outcome(event: Decision, state: str) -> None:
    """Tell the author what was decided; a withdrawal is told to those who were to decide.

    That an approval was taken back is told to all who signed, too.
    """
    approval = event.approval
    people = [approval.author]
    if state == ApprovalState.REVOKED:
        signed = [step.decided_by for step in approval.steps.all() if step.decided_by]
        people += [person for person in signed if person != event.by]
    if state == ApprovalState.WITHDRAWN:
        first = approval.steps.filter(due_on__isnull=False).first()
        people = signers_today(first, event.today) if first else []
    step = event.step.pk if event.step else 0
    notify_many(
        people,
        kind=f"{approval.kind}.{state}",
        params={
            "title": approval.said,
            "who": event.by.short_name,
            "author": approval.author.short_name,
            "comment": event.comment,
        },
        url=approval.get_absolute_url(),
        dedupe_key=f"approval.{state}:{approval.pk}:{step}",
    )


def already_decided(approval: Approval) -> str:
    """Who was faster and when: «Already decided: Ivanov I. I., 10:42 (Approved)»."""
    if approval.state == ApprovalState.REVOKED and approval.revoked_at:
        return _("%(who)s has taken the approval back, %(when)s.") % {
            "who": approval.revoked_by,
            "when": spoken(approval.revoked_at),
        }
    if approval.state == ApprovalState.WITHDRAWN and approval.closed_at:
        return _("The author %(who)s has withdrawn this request, %(when)s.") % {
            "who": approval.author,
            "when": spoken(approval.closed_at),
        }
    decided = [(step.decided_at, step) for step in approval.steps.all() if step.decided_at]
    if not decided:
        return _("The request has changed since it was shown. Read it again.")
    moment, last = max(decided, key=lambda pair: pair[0])
    return _("Already decided: %(who)s, %(when)s (%(what)s).") % {
        "who": last.decided_by,
        "when": spoken(moment),
        "what": str(last.get_state_display()).lower(),
    }


def spoken(moment: datetime) -> str:
    """The time today, the day and the time otherwise; Moscow clock."""
    local = timezone.localtime(moment)
    return f"{local:%H:%M}" if local.date() == timezone.localdate() else f"{local:%d.%m.%Y %H:%M}"
