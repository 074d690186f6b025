"""The way of a request: which steps it will pass and who will sign, before it is submitted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from crm.accounts.models import OrgUnit, OrgUnitKind, Role, User
from crm.approvals.models import ApprovalRoute, ApprovalRouteStep, SkipReason, StepKind
from crm.approvals.signers import Substitution, substitutes_of, working


@dataclass(frozen=True)
class StepPreview:
    """A step as it would be if the request were submitted today."""

    order: int
    kind: str
    role: str
    unit: OrgUnit | None
    due_working_days: int
    people: tuple[User, ...] = ()
    substitutes: tuple[Substitution, ...] = field(default_factory=tuple)
    skipped: str = ""
    problem: str = ""

    @property
    def kind_label(self) -> str:
        """Visa, approval or signature."""
        return str(StepKind(self.kind).label)

    @property
    def office(self) -> str:
        """Who signs by office: the role, or the head of which unit."""
        if self.unit is not None:
            return _("head of “%(unit)s”") % {"unit": self.unit}
        return str(Role(self.role).label) if self.role else ""

    @property
    def skipped_label(self) -> str:
        """Why nobody has to sign."""
        return str(SkipReason(self.skipped).label) if self.skipped else ""


def active_route(kind: str) -> ApprovalRoute | None:
    """The route that new requests of the kind take."""
    return ApprovalRoute.objects.filter(kind=kind, active=True).first()


def preview(kind: str, *, author: User, org_unit: OrgUnit | None, today: date) -> list[StepPreview]:
    """Who will sign a request of this author about this unit, with substitutes of today.

    Steps that need nobody are marked as skipped, steps that nobody can sign carry the problem.
    """
    route = active_route(kind)
    if route is None:
        return []
    steps = [resolve(row, author=author, org_unit=org_unit) for row in route.steps.all()]
    return with_substitutes(skip_repeated(steps), author, today)


def with_substitutes(steps: list[StepPreview], author: User, today: date) -> list[StepPreview]:
    """The steps with those who stand in for their people today."""
    people = {person for step in steps if not step.skipped for person in step.people}
    found = substitutes_of(people, today) if people else []
    return [replace(step, substitutes=of_step(step, found, author)) for step in steps]


def of_step(
    step: StepPreview, found: Iterable[Substitution], author: User
) -> tuple[Substitution, ...]:
    """Substitutes of the people of this step; the author is none (four eyes)."""
    if step.skipped:
        return ()
    return tuple(s for s in found if s.owner in step.people and s.delegate != author)


def resolve(row: ApprovalRouteStep, *, author: User, org_unit: OrgUnit | None) -> StepPreview:
    """One step of the route for this author and unit."""
    step = StepPreview(row.order, row.kind, row.role, None, row.due_working_days)
    if row.role:
        return with_people(step, Q(role=row.role), author, nobody_of_role(row.role))
    unit = nearest(row.unit_kind, org_unit)
    if unit is None:
        return replace(step, problem=no_unit_above(row.unit_kind))
    step = replace(step, unit=unit)
    if unit.head_id == author.pk:
        if row.kind == StepKind.VISA:
            return replace(step, people=(author,), skipped=SkipReason.AUTHOR)
        # The head may not decide about an own request: the director does.
        problem = nobody_of_role(Role.DIRECTOR)
        return with_people(step, Q(role=Role.DIRECTOR), author, problem)
    return with_people(step, Q(pk=unit.head_id), author, no_head(unit))


def with_people(step: StepPreview, condition: Q, author: User, problem: str) -> StepPreview:
    """The step with those who may sign it, or with the problem that nobody may."""
    people = tuple(working(condition, author.pk))
    return replace(step, people=people, problem="" if people else problem)


def nobody_of_role(role: str) -> str:
    """The sentence for a role that nobody (but the author) has."""
    label = str(Role(role).label).lower()
    return _("There is nobody else with the role “%s”.") % label


def no_unit_above(unit_kind: str) -> str:
    """The sentence for a unit that the author's place does not have."""
    label = str(OrgUnitKind(unit_kind).label).lower()
    return _("There is no unit of the kind “%s” above.") % label


def no_head(unit: OrgUnit) -> str:
    """The sentence for a unit that nobody heads."""
    return _("“%(unit)s” has no head. Ask the administrator.") % {"unit": unit}


def nearest(unit_kind: str, org_unit: OrgUnit | None) -> OrgUnit | None:
    """The unit itself or the nearest one above that is of the kind."""
    if org_unit is None:
        return None
    ids = [int(part) for part in org_unit.path.split("/") if part]
    units = OrgUnit.objects.filter(pk__in=ids, kind=unit_kind).select_related("head")
    return max(units, key=lambda unit: ids.index(unit.pk), default=None)


def skip_repeated(steps: list[StepPreview]) -> list[StepPreview]:
    """Nobody signs twice: whoever is indispensable later is not asked before."""
    indispensable: set[User] = set()
    result: list[StepPreview] = []
    for step in reversed(steps):
        people = set() if step.skipped else set(step.people)
        repeated = bool(people) and people <= indispensable
        if len(people) == 1:
            indispensable |= people
        result.append(replace(step, skipped=SkipReason.SIGNS_LATER) if repeated else step)
    return result[::-1]
