"""Who may sign a step: heads, roles and those who stand in for them (CR-02, DELEG-1)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q

from crm.accounts.models import Delegation, Role, User
from crm.accounts.scope import held_by
from crm.approvals.models import StepKind, StepState

if TYPE_CHECKING:
    from crm.approvals.models import Approval, ApprovalStep


@dataclass(frozen=True)
class Substitution:
    """The person may decide for the owner up to the day, inclusive."""

    owner: User
    delegate: User
    until: date


@dataclass(frozen=True)
class Signing:
    """In whose names a person decides on a day."""

    user: User
    substitutions: tuple[Substitution, ...]

    @property
    def people(self) -> list[User]:
        """The person, then those the person stands in for."""
        return [self.user, *(s.owner for s in self.substitutions)]


@dataclass(frozen=True)
class Capacity:
    """The right to decide a step: in the own name, or for an absent person until a day."""

    on_behalf_of: User | None = None
    until: date | None = None


def signing_of(user: User, today: date) -> Signing:
    """In whose names the person decides today; read once per user object and day."""
    cached: tuple[date, Signing] | None = getattr(user, "_signing", None)
    if cached is not None and cached[0] == today:
        return cached[1]
    held = [row for row in held_by(user, today) if row.covers_decisions]
    found = tuple(Substitution(row.owner, user, row.valid_to) for row in held)
    signing = Signing(user, found if user.is_active else ())
    user._signing = (today, signing)  # type: ignore[attr-defined]
    return signing


def capacity(user: User, step: ApprovalStep, *, today: date) -> Capacity | None:
    """In whose name the person may decide this step today; None means not at all.

    The author never decides, nobody signs an approval twice, neither in an own name nor through
    a substitute (four eyes). Reads `step.approval`, its steps and `step.unit`.
    """
    approval = step.approval
    signed = names_on(approval.steps.all())
    if step.state != StepState.WAITING or not user.is_active:
        return None
    barred = {*signed, approval.author_id}
    if user.pk in barred:
        return None
    if signs_by_office(user, step, approval):
        return Capacity()
    for substitution in signing_of(user, today).substitutions:
        owner = substitution.owner
        if owner.pk not in barred and signs_by_office(owner, step, approval):
            return Capacity(owner, substitution.until)
    return None


def signs_by_office(person: User, step: ApprovalStep, approval: Approval) -> bool:
    """`querysets.signs` for one step."""
    if is_superior(person, step):
        return True
    if step.unit is None:
        return person.role == step.role
    if step.unit.head_id == person.pk:
        return True
    author_heads = step.unit.head_id == approval.author_id
    return author_heads and person.role == Role.DIRECTOR and step.kind != StepKind.VISA


def is_superior(person: User, step: ApprovalStep) -> bool:
    """Whether the late step has gone on to this person."""
    if step.escalated_unit is not None:
        return step.escalated_unit.head_id == person.pk
    return bool(step.escalated_role) and step.escalated_role == person.role


def names_on(steps: Iterable[ApprovalStep]) -> set[int]:
    """Ids of everybody who signed or for whom somebody signed."""
    ids = {step.decided_by_id for step in steps} | {step.on_behalf_of_id for step in steps}
    return {pk for pk in ids if pk is not None}


def people_of(step: ApprovalStep) -> list[User]:
    """Working people who sign the step by office, superiors of a late one too; not the author."""
    author = step.approval.author_id
    office = Q(role=step.role) if step.unit is None else Q(pk=step.unit.head_id)
    if step.unit is not None and step.unit.head_id == author and step.kind != StepKind.VISA:
        office = Q(role=Role.DIRECTOR)
    if step.escalated_unit is not None:
        office |= Q(pk=step.escalated_unit.head_id)
    if step.escalated_role:
        office |= Q(role=step.escalated_role)
    return working(office, author)


def superiors_of(step: ApprovalStep) -> list[User]:
    """Working people to whom a late step has gone on, the author left out."""
    author = step.approval.author_id
    if step.escalated_unit is not None:
        return working(Q(pk=step.escalated_unit.head_id), author)
    return working(Q(role=step.escalated_role), author) if step.escalated_role else []


def turn_of(approval: Approval, today: date) -> tuple[list[User], list[Substitution]]:
    """Who signs the current step by office, and who stands in for them today."""
    step = next((s for s in approval.steps.all() if s.state == StepState.WAITING), None)
    if step is None:
        return [], []
    people = people_of(step)
    return people, substitutes_of(people, today) if people else []


def working(condition: Q, author_id: int) -> list[User]:
    """Active people under the condition, the author left out, in the order of names."""
    people = User.objects.working().filter(condition).exclude(pk=author_id)
    return list(people.order_by("sort_key", "pk"))


def substitutes_of(people: Iterable[User], today: date) -> list[Substitution]:
    """Who decides today for these people."""
    rows = (
        Delegation.objects.on(today)
        .filter(owner__in=list(people), covers_decisions=True, delegate__is_active=True)
        .select_related("owner", "delegate")
        .order_by("pk")
    )
    return [Substitution(row.owner, row.delegate, row.valid_to) for row in rows]
