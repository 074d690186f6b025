"""Reads of approvals and of their steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from crm.accounts.models import OrgUnit, Role
from crm.accounts.querysets import names_of, own_columns

if TYPE_CHECKING:
    from datetime import date

    from crm.accounts.models import User


class ApprovalQuerySet(models.QuerySet[Any]):
    """Reads of approvals."""

    def visible_to(self, user: User, *, today: date | None = None) -> ApprovalQuerySet:
        """Own requests, those one signs or signed, also as a substitute; all for directors.

        Conditions are subqueries on the key, so that the rows can be locked.
        """
        if not user.is_active:
            return self.none()
        if user.role in {Role.DIRECTOR, Role.GENERAL_DIRECTOR}:
            return self.all()
        from crm.approvals.models import ApprovalStep

        steps = ApprovalStep.objects.concerning(user, today=today or timezone.localdate())
        return self.filter(Q(author=user) | Q(pk__in=steps.values("approval")))

    def of(self, target: models.Model) -> ApprovalQuerySet:
        """All approvals that the record has passed, newest first."""
        from django.contrib.contenttypes.models import ContentType

        kind = ContentType.objects.get_for_model(target)
        return self.filter(content_type=kind, object_id=target.pk).order_by("-pk")

    def with_steps(self) -> ApprovalQuerySet:
        """With all steps and the people on them, in one further query."""
        from crm.approvals.models import ApprovalStep

        links = ("unit__head", "decided_by", "on_behalf_of", "escalated_unit__head")
        steps = ApprovalStep.objects.select_related(*links)
        units = ("unit__name", "escalated_unit__name")
        steps = steps.only(*own_columns(ApprovalStep), *units, *names_of(*links))
        return self.prefetch_related(models.Prefetch("steps", steps))

    def for_panel(self) -> ApprovalQuerySet:
        """With the names of the author, the unit and whoever took the approval back."""
        people = names_of("author", "revoked_by")
        shown = (*own_columns(self.model), *people, "org_unit__name")
        return self.select_related("author", "org_unit", "revoked_by").only(*shown)

    def running(self) -> ApprovalQuerySet:
        """Not decided yet."""
        return self.filter(state="running")

    def waiting_for(self, user: User, *, today: date) -> ApprovalQuerySet:
        """Requests whose current step this person may decide today, also as a substitute."""
        from crm.approvals.models import ApprovalStep

        steps = ApprovalStep.objects.signable_by(user, today=today)
        return self.filter(pk__in=steps.values("approval"))


class ApprovalStepQuerySet(models.QuerySet[Any]):
    """Reads of steps."""

    def waiting(self) -> ApprovalStepQuerySet:
        """The current step of each running approval."""
        return self.filter(state="waiting", approval__state="running")

    def for_inbox(self, *signers: str) -> ApprovalStepQuerySet:
        """With what a line of the inbox shows; `signers` are the links whose names it shows too."""
        links = ("approval__author", "escalated_unit__head", *signers)
        fields = ("kind", "title", "facts", "object_id", "version", "target_version")
        request = [f"approval__{name}" for name in fields]
        units = ("unit__head", "escalated_unit__name")
        rows = self.select_related("unit", *links)
        return rows.only(*own_columns(self.model), *request, *units, *names_of(*links))

    def overdue(self, today: date) -> ApprovalStepQuerySet:
        """Waiting after the last day of their term."""
        return self.waiting().filter(due_on__lt=today)

    def concerning(self, user: User, *, today: date) -> ApprovalStepQuerySet:
        """Steps that the person signed or is to sign, now or later, also as a substitute."""
        from crm.approvals.signers import signing_of

        condition = Q(decided_by=user)
        for person in signing_of(user, today).people:
            condition |= signs(person)
        return self.filter(condition)

    def signable_by(self, user: User, *, today: date) -> ApprovalStepQuerySet:
        """Waiting steps that the person may decide today: `signers.capacity` as a query."""
        if not user.is_active:
            return self.none()
        from crm.approvals.signers import signing_of

        condition = Q(pk__in=[])
        for person in signing_of(user, today).people:
            allowed = signs(person)
            if person != user:  # for the person's own name both hold below, for every step
                allowed &= ~Q(approval__author=person.pk) & ~Q(self._already_signed(person))
            condition |= allowed
        mine = self.waiting().filter(condition).exclude(approval__author=user)
        return mine.exclude(self._already_signed(user))

    def _already_signed(self, person: User) -> Exists:
        """The approval carries the person's name already; nobody signs twice."""
        signed = self.model.objects.filter(approval=OuterRef("approval")).filter(
            Q(decided_by=person.pk) | Q(on_behalf_of=person.pk)
        )
        return Exists(signed)


def signs(person: User) -> Q:
    """Steps that the person signs by office, and late ones that have gone on to the person.

    The head signs for the unit; the role where the step names one; the director decides, but
    gives no visa, where the head of the unit is the author.
    """
    headed = OrgUnit.objects.filter(head=person.pk).order_by().values("pk")
    condition = Q(unit__in=headed) | Q(role=person.role)
    condition |= Q(escalated_unit__in=headed) | Q(escalated_role=person.role)
    if person.role == Role.DIRECTOR:
        condition |= Q(unit__head=F("approval__author")) & ~Q(kind="visa")
    return condition
