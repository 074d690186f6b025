"""Work items: what one person wants of another, until when, and the three flags of its way."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.assignments.querysets import OPEN, WorkItemQuerySet, WorkNoteQuerySet
from crm.history import track


class WorkKind(models.TextChoices):
    """C.1; the first three are given downwards, the others are asked of anybody."""

    ASSIGNMENT = "assignment", pgettext_lazy("work item", "Assignment")
    INSTRUCTION = "instruction", pgettext_lazy("work item", "Instruction")
    ORDER = "order", pgettext_lazy("work item", "Written order")
    INFO_REQUEST = "info_request", pgettext_lazy("work item", "Request for information")
    PROPOSAL = "proposal", pgettext_lazy("work item", "Improvement proposal")
    HELP = "help", pgettext_lazy("work item", "Request for help")
    CONDITIONS = "conditions", pgettext_lazy("work item", "Working conditions")
    RISK_NOTICE = "risk_notice", pgettext_lazy("work item", "Report of a problem")


GIVEN = (WorkKind.ASSIGNMENT, WorkKind.INSTRUCTION, WorkKind.ORDER)
ASKED = tuple(kind for kind in WorkKind if kind not in GIVEN)


class WorkState(models.TextChoices):
    """C.5 no. 27; whether it is overdue is worked out, never written."""

    NEW = "new", pgettext_lazy("work item", "New")
    ACCEPTED = "accepted", pgettext_lazy("work item", "Accepted")
    ANSWERED = "answered", pgettext_lazy("work item", "Answered")
    ACTION_TAKEN = "action_taken", pgettext_lazy("work item", "Action taken")
    RESOLVED = "resolved", pgettext_lazy("work item", "Problem solved")
    RETURNED = "returned", pgettext_lazy("work item", "Returned")
    CANCELLED = "cancelled", pgettext_lazy("work item", "Withdrawn")


# Who answers or acts at once has accepted; the author verifies an answer where nothing more is due.
WORK_MOVES: dict[str, set[str]] = {
    WorkState.NEW: {
        WorkState.ACCEPTED,
        WorkState.ANSWERED,
        WorkState.ACTION_TAKEN,
        WorkState.CANCELLED,
    },
    WorkState.ACCEPTED: {
        WorkState.NEW,  # handed on to another executor
        WorkState.ANSWERED,
        WorkState.ACTION_TAKEN,
        WorkState.CANCELLED,
    },
    WorkState.ANSWERED: {
        WorkState.ACTION_TAKEN,
        WorkState.RESOLVED,
        WorkState.RETURNED,
        WorkState.CANCELLED,
    },
    WorkState.ACTION_TAKEN: {WorkState.RESOLVED, WorkState.RETURNED, WorkState.CANCELLED},
    WorkState.RETURNED: {WorkState.ANSWERED, WorkState.ACTION_TAKEN, WorkState.CANCELLED},
    WorkState.RESOLVED: set(),
    WorkState.CANCELLED: set(),
}


class Verdict(models.TextChoices):
    """What the recipient says of a proposal."""

    TAKEN = "taken", pgettext_lazy("proposal of work", "Taken up")
    PARTLY = "partly", pgettext_lazy("proposal of work", "Taken up in part")
    DECLINED = "declined", pgettext_lazy("proposal of work", "Not taken up")


def _person(name: str, label: Any, **options: Any) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name=name,
        verbose_name=label,
        **options,
    )


@track()
class WorkItem(models.Model):
    """One order, instruction, assignment or request with its answer, action and result.

    `subject_kind` and `subject_id` name the record that it is about, `client_id` that record's
    client: earlier apps have no tables of later ones, see `crm.assignments.registry`.
    """

    number = models.CharField(_("number"), max_length=20, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=WorkKind.choices)
    title = models.CharField(_("what is wanted"), max_length=200)
    body = models.TextField(_("details"), blank=True)
    justification = models.TextField(_("justification"), blank=True)
    order_number = models.CharField(_("number of the order"), max_length=50, blank=True)
    order_on = models.DateField(_("date of the order"), null=True, blank=True)
    author = _person("authored_work", _("author"))
    executor = _person("work", _("assignee"), null=True, blank=True)
    unit = models.ForeignKey(
        "accounts.OrgUnit",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="work",
        verbose_name=_("unit addressed"),
    )
    created_on = models.DateField(_("entered on"))
    due_on = models.DateField(pgettext_lazy("last day", "due"))
    first_due_on = models.DateField(_("first due day"))
    feedback_due = models.DateField(_("answer by"), null=True, blank=True)
    subject_kind = models.CharField(max_length=30, blank=True)
    subject_id = models.PositiveBigIntegerField(null=True, blank=True)
    client_id = models.PositiveBigIntegerField(null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=12, choices=WorkState.choices, default=WorkState.NEW
    )
    accepted_on = models.DateField(_("accepted on"), null=True, blank=True)
    answer = models.TextField(_("answer"), blank=True)
    verdict = models.CharField(
        _("what became of the proposal"), max_length=8, choices=Verdict.choices, blank=True
    )
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    action = models.TextField(_("what was done"), blank=True)
    action_on = models.DateField(_("action taken on"), null=True, blank=True)
    resolved_on = models.DateField(_("problem solved on"), null=True, blank=True)
    resolved_by = _person("+", _("verified by"), null=True, blank=True)
    cancel_reason = models.CharField(_("why withdrawn"), max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = WorkItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("work item")
        verbose_name_plural = _("work items")
        ordering = ("due_on", "pk")
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(title=""), name="work_is_named"),
            models.CheckConstraint(
                condition=Q(executor__isnull=False) | Q(unit__isnull=False),
                name="work_is_addressed",
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("created_on"), first_due_on__gte=F("created_on")),
                name="work_due_after_entry",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=list(GIVEN), feedback_due=None)
                | Q(
                    kind__in=list(ASKED),
                    feedback_due__isnull=False,
                    feedback_due__gte=F("created_on"),
                    feedback_due__lte=F("due_on"),
                ),
                name="work_asked_has_day_of_answer",
            ),
            models.CheckConstraint(
                condition=~Q(kind="proposal") | ~Q(justification=""),
                name="work_proposal_is_justified",
            ),
            models.CheckConstraint(
                condition=(Q(kind="order", order_on__isnull=False) & ~Q(order_number=""))
                | (~Q(kind="order") & Q(order_number="", order_on=None)),
                name="work_order_has_number_and_date",
            ),
            models.CheckConstraint(
                condition=Q(subject_kind="", subject_id=None)
                | (~Q(subject_kind="") & Q(subject_id__isnull=False)),
                name="work_subject_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(state="new") | Q(executor__isnull=False) | Q(state="cancelled"),
                name="work_begun_has_executor",
            ),
            models.CheckConstraint(
                condition=Q(answered_on=None, answer="", verdict="")
                | (Q(answered_on__isnull=False, answered_on__gte=F("created_on")) & ~Q(answer="")),
                name="work_answer_has_day_and_text",
            ),
            models.CheckConstraint(
                condition=Q(answered_on=None)
                | (Q(kind="proposal") & ~Q(verdict=""))
                | (~Q(kind="proposal") & Q(verdict="")),
                name="work_answered_proposal_has_verdict",
            ),
            models.CheckConstraint(
                condition=Q(action_on=None, action="")
                | (
                    Q(action_on__isnull=False, answered_on__isnull=False)
                    & Q(action_on__gte=F("answered_on"))
                    & ~Q(action="")
                ),
                name="work_action_follows_answer",
            ),
            models.CheckConstraint(
                condition=Q(state="resolved", resolved_on__isnull=False, resolved_by__isnull=False)
                | (~Q(state="resolved") & Q(resolved_on=None, resolved_by=None)),
                name="work_resolved_is_verified",
            ),
            models.CheckConstraint(
                condition=Q(resolved_by=None)
                | ~Q(resolved_by=F("executor"))
                | Q(author=F("executor")),
                name="work_verified_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["new", "accepted"], answered_on=None, action_on=None)
                | Q(state="answered", answered_on__isnull=False, action_on=None)
                | Q(state="action_taken", action_on__isnull=False)
                | Q(state="resolved", answered_on__isnull=False)
                | Q(state="returned", action_on=None)
                | Q(state="cancelled"),
                name="work_flags_fit_state",
            ),
            models.CheckConstraint(
                condition=(Q(state="cancelled") & ~Q(cancel_reason=""))
                | (~Q(state="cancelled") & Q(cancel_reason="")),
                name="work_withdrawn_has_reason",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["executor", "due_on", "id"],
                condition=Q(state__in=OPEN),
                name="work_open_of_executor",
            ),
            models.Index(
                fields=["author", "due_on", "id"],
                condition=Q(state__in=OPEN),
                name="work_open_of_author",
            ),
            models.Index(fields=["due_on", "id"], name="work_by_due_day"),
            models.Index(
                fields=["client_id", "due_on"],
                condition=Q(client_id__isnull=False),
                name="work_of_client",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("assignments:detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Neither solved nor withdrawn."""
        return self.state in OPEN

    @property
    def is_given(self) -> bool:
        """Given downwards: an assignment, an instruction or an order."""
        return self.kind in GIVEN

    @property
    def waits_for_author(self) -> bool:
        """The executor has done the own part; the author verifies."""
        done = self.state == WorkState.ACTION_TAKEN
        return done or (self.state == WorkState.ANSWERED and not self.is_given)

    @property
    def done_on(self) -> date | None:
        """The day on which the executor did it: the action, where there was none the answer."""
        return self.action_on or self.answered_on

    def is_overdue(self, today: date) -> bool:
        """Not done and its day has gone by, or not answered and the day of the answer has."""
        if not self.is_open:
            return False
        unanswered = self.answered_on is None and self.feedback_due is not None
        if unanswered and self.feedback_due < today:  # type: ignore[operator]
            return True
        return self.due_on < today and not self.waits_for_author


class NoteKind(models.TextChoices):
    COMMENT = "comment", pgettext_lazy("work note", "Comment")
    RETURN = "return", pgettext_lazy("work note", "Returned")
    HAND_ON = "hand_on", pgettext_lazy("work note", "Handed on")
    POSTPONED = "postponed", pgettext_lazy("work note", "Another day")


@track()
class WorkNote(models.Model):
    """What was said about a work item; nothing is taken back."""

    item = models.ForeignKey(WorkItem, models.CASCADE, related_name="notes")
    kind = models.CharField(max_length=9, choices=NoteKind.choices, default=NoteKind.COMMENT)
    text = models.TextField(_("text"))
    author = _person("+", _("author"))
    created_at = models.DateTimeField(auto_now_add=True)

    objects = WorkNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ("created_at", "pk")
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(text=""), name="work_note_says_something"),
        ]

    def __str__(self) -> str:
        return self.text[:60]
