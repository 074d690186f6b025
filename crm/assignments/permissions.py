"""Rights on work items (CR-03): anybody asks, heads give downwards, the author verifies."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from crm.accounts.models import DIRECTORS, HEADS, OrgUnit, Role, User
from crm.accounts.scope import scope_of, units_below
from crm.assignments.models import GIVEN, WorkItem, WorkKind, WorkState

CHIEFS = HEADS | DIRECTORS
# Work that has not been done yet may be handed on or withdrawn.
BEFORE_ACTION = frozenset({WorkState.NEW, WorkState.ACCEPTED, WorkState.RETURNED})


def kinds_for(user: User) -> list[WorkKind]:
    """What the person may enter: everybody asks, reports and notes own assignments."""
    if not user.is_active:
        return []
    downwards = {WorkKind.INSTRUCTION, WorkKind.ORDER}
    return [kind for kind in WorkKind if kind not in downwards or gives_downwards(user)]


def gives_downwards(user: User) -> bool:
    """Heads to their subtree, directors to all; whoever stands in for a head too."""
    if not user.is_active:
        return False
    return user.role in DIRECTORS or bool(units_below(user))


def people_for(user: User, kind: str) -> QuerySet[User]:
    """Working people whom the person may address with a kind of work."""
    rows: QuerySet[User] = User.objects.visible_to(user).working()
    if kind in {WorkKind.INSTRUCTION, WorkKind.ORDER}:
        return rows.filter(_downwards(user))
    if kind == WorkKind.ASSIGNMENT:
        return rows.filter(Q(pk=user.pk) | _assignable(user))
    return rows.exclude(pk=user.pk)


def units_for(user: User, kind: str) -> QuerySet[OrgUnit]:
    """Open units whom the person may address with a kind of work."""
    rows: QuerySet[OrgUnit] = OrgUnit.objects.visible_to(user).open().exclude(head=None)
    rows = rows.exclude(head=user)
    if kind not in GIVEN or user.role in DIRECTORS:
        return rows
    own = Q(pk__in=units_below(user)) if kind != WorkKind.ASSIGNMENT else ~Q(pk__in=_above(user))
    return rows.filter(own) if gives_downwards(user) else rows.none()


def _downwards(user: User) -> Q:
    """People below: of the subtree for heads, all but one's own superior for directors."""
    if user.role == Role.GENERAL_DIRECTOR:
        return ~Q(pk=user.pk)
    if user.role == Role.DIRECTOR:
        return ~Q(pk=user.pk) & ~Q(role=Role.GENERAL_DIRECTOR)
    return Q(org_unit__in=units_below(user)) & ~Q(pk=user.pk) & ~Q(headed_units__in=_above(user))


def _assignable(user: User) -> Q:
    """Heads assign work to heads and workers of any unit, but to nobody above (L474)."""
    if user.role in DIRECTORS or not gives_downwards(user):
        return _downwards(user)
    superior = Q(role__in=DIRECTORS) | Q(headed_units__in=_above(user))
    higher = Q(pk__in=User.objects.filter(superior).values("pk"))
    return ~Q(pk=user.pk) & ~higher


def _above(user: User) -> list[int]:
    """Units above those that the person heads, for whose heads nobody below has orders."""
    path = user.org_unit.path_ids if user.org_unit else []
    return [pk for pk in path if pk not in units_below(user)]


def acts_as(user: User, person_id: int | None) -> bool:
    """The person, or whoever stands in for the person today."""
    if person_id is None or not user.is_active:
        return False
    return person_id == user.pk or person_id in scope_of(user).substituted_ids


def is_executor(user: User, item: WorkItem) -> bool:
    """Whoever has to do it: the executor, of what nobody has taken the head of the unit."""
    if item.executor_id is not None:
        return acts_as(user, item.executor_id)
    return item.unit is not None and acts_as(user, item.unit.head_id)


def is_author(user: User, item: WorkItem) -> bool:
    """The author; where the author has left, a head above or a director in the author's stead."""
    if not user.is_active:
        return False
    if item.author_id == user.pk:
        return True
    if item.author.is_active:
        return False
    return user.role in DIRECTORS or item.author.org_unit_id in units_below(user)


def can_accept(user: User, item: WorkItem) -> bool:
    """Take it, as long as it is new."""
    return item.state == WorkState.NEW and is_executor(user, item)


def can_answer(user: User, item: WorkItem) -> bool:
    """Answer what has not been answered."""
    return item.state in BEFORE_ACTION and is_executor(user, item)


def can_act(user: User, item: WorkItem) -> bool:
    """Report what was done."""
    return item.state in {*BEFORE_ACTION, WorkState.ANSWERED} and is_executor(user, item)


def can_verify(user: User, item: WorkItem) -> bool:
    """Find it solved, or return it: the author, never whoever did it for somebody else."""
    own = item.executor_id == user.pk and item.author_id != user.pk
    answered = item.state in {WorkState.ANSWERED, WorkState.ACTION_TAKEN}
    return answered and not own and is_author(user, item)


def can_resolve(user: User, item: WorkItem) -> bool:
    """What was given downwards is solved by an action, what was asked also by an answer."""
    return item.waits_for_author and can_verify(user, item)


def can_hand_on(user: User, item: WorkItem) -> bool:
    """The author to another one; a head who has to do it, to somebody below."""
    if item.state not in BEFORE_ACTION:
        return False
    return is_author(user, item) or (is_executor(user, item) and bool(units_below(user)))


def heirs_for(user: User, item: WorkItem) -> QuerySet[User]:
    """To whom it may be handed on."""
    if is_author(user, item):
        return people_for(user, item.kind).exclude(pk=item.executor_id or 0)
    rows: QuerySet[User] = User.objects.visible_to(user).working()
    people = rows.filter(org_unit__in=units_below(user))
    return people.exclude(pk__in=[item.executor_id or 0, item.author_id])


def can_postpone(user: User, item: WorkItem) -> bool:
    """Another day: the author alone."""
    return item.is_open and not item.waits_for_author and is_author(user, item)


def can_cancel(user: User, item: WorkItem) -> bool:
    """Withdraw it: the author (C.5 no. 27)."""
    return item.is_open and is_author(user, item)


def can_comment(user: User, item: WorkItem) -> bool:
    """Everybody who sees it, also after the end."""
    return user.is_active
