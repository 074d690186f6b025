"""Writes of substitutions (CR-02, DELEG-1, L350, L484)."""

from __future__ import annotations

from datetime import date
from typing import TypedDict

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts import permissions
from crm.accounts.models import DELEGATION_MOVES, Delegation, DelegationState, User
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from crm.refusals import Sentence, politely

OVERLAP = gettext_lazy("This person has another substitute on these days.")
CONSTRAINTS: dict[str, Sentence] = {
    "delegation_clients_no_overlap": (OVERLAP, "valid_from"),
    "delegation_decisions_no_overlap": (OVERLAP, "valid_from"),
    "delegation_ends_after_start": (
        gettext_lazy("The last day is before the first one."),
        "valid_to",
    ),
    "delegation_not_to_oneself": (gettext_lazy("You cannot substitute for yourself."), "delegate"),
    "delegation_covers_something": (
        gettext_lazy("Choose what is handed over: clients, approvals or both."),
        "covers_clients",
    ),
}


class Switched(TypedDict):
    """What the day changed: substitutions that began and that ended."""

    started: list[Delegation]
    ended: list[Delegation]


@transaction.atomic
def create_delegation(
    *,
    by: User,
    today: date,
    owner_id: int,
    delegate_id: int,
    reason: str,
    valid_from: date,
    valid_to: date,
    covers_clients: bool = True,
    covers_decisions: bool = True,
    note: str = "",
) -> Delegation:
    """Plan a substitution, both days inclusive; one that begins today or earlier acts at once.

    Refuses a substitute outside the circle of the absent person or away on these days, a period
    that is over and a day on which the person has a substitute for the same already.
    """
    people = _locked_people(owner_id, delegate_id, by=by)
    owner, delegate = people[owner_id], people[delegate_id]
    if not permissions.can_create_delegation(by, owner):
        raise PermissionDenied
    if valid_to < today:
        raise RuleViolation(_("These days are over."), field="valid_to")
    _check_substitute(owner, delegate, valid_from, valid_to, by=by)
    _check_free(owner, valid_from, valid_to, covers_clients, covers_decisions)
    state = DelegationState.ACTIVE if valid_from <= today else DelegationState.PLANNED
    with verb("delegation.created", by=by), politely(CONSTRAINTS):
        return Delegation.objects.create(
            owner=owner,
            delegate=delegate,
            reason=reason,
            note=note,
            valid_from=valid_from,
            valid_to=valid_to,
            covers_clients=covers_clients,
            covers_decisions=covers_decisions,
            state=state,
            created_by=by,
        )


@transaction.atomic
def revoke_delegation(delegation_id: int, *, by: User, version: int) -> Delegation:
    """End a substitution at once, before its first day or in the middle."""
    delegation: Delegation = (
        Delegation.objects.visible_to(by).select_for_update(of=("self",)).get(pk=delegation_id)
    )
    if not permissions.can_revoke_delegation(by, delegation):
        raise PermissionDenied
    if delegation.version != version:
        raise StaleVersion(of=delegation)
    check_move(delegation, DelegationState.REVOKED)
    delegation.revoked_by, delegation.revoked_at = by, timezone.now()
    with verb("delegation.revoked", by=by):
        _move(delegation, DelegationState.REVOKED, "revoked_by", "revoked_at")
    return delegation


@transaction.atomic
def switch_delegations(*, today: date) -> Switched:
    """Start the substitutions whose first day has come, end those whose last day is over.

    Safe to repeat: a second run of the day finds nothing to do. One whose whole period was missed
    starts and ends in the same run.
    """
    switched = Switched(started=[], ended=[])
    standing = Delegation.objects.standing().select_related("owner", "delegate").order_by("pk")
    for delegation in standing.select_for_update(of=("self",)).filter(valid_from__lte=today):
        if delegation.state == DelegationState.PLANNED:
            check_move(delegation, DelegationState.ACTIVE)
            with verb("delegation.started", by=None):
                _move(delegation, DelegationState.ACTIVE)
            switched["started"].append(delegation)
        if delegation.valid_to < today:
            check_move(delegation, DelegationState.ENDED)
            with verb("delegation.ended", by=None):
                _move(delegation, DelegationState.ENDED)
            switched["ended"].append(delegation)
    return switched


def check_move(delegation: Delegation, state: str) -> None:
    """Raise RuleViolation unless DELEGATION_MOVES allows the move."""
    if state not in DELEGATION_MOVES[delegation.state]:
        text = _("This substitution is %(state)s: nothing can be changed in it.")
        raise RuleViolation(text % {"state": delegation.get_state_display().lower()})


def _move(delegation: Delegation, state: DelegationState, *more: str) -> None:
    delegation.state = state
    delegation.version += 1
    delegation.save(update_fields=["state", "version", *more])


def _locked_people(owner_id: int, delegate_id: int, *, by: User) -> dict[int, User]:
    """Both people under a lock and in order, so that neither is switched off meanwhile."""
    ids = {owner_id, delegate_id}
    found = User.objects.visible_to(by).select_for_update(of=("self",)).order_by("pk")
    people = {person.pk: person for person in found.filter(pk__in=ids)}
    if len(people) < len(ids):
        raise User.DoesNotExist
    return people


def _check_substitute(owner: User, delegate: User, first: date, last: date, *, by: User) -> None:
    if owner.pk == delegate.pk:
        raise RuleViolation(_("You cannot substitute for yourself."), field="delegate")
    if not User.objects.possible_substitutes(owner, chosen_by=by).filter(pk=delegate.pk).exists():
        text = _(
            "%(person)s cannot substitute for %(owner)s: neither from the unit nor a superior."
        )
        raise RuleViolation(text % {"person": delegate, "owner": owner}, field="delegate")
    away = Delegation.objects.filter(owner=delegate).overlapping(first, last).first()
    if away is not None:
        text = _("%(person)s is away from %(first)s to %(last)s.") % {
            "person": delegate,
            "first": f"{away.valid_from:%d.%m.%Y}",
            "last": f"{away.valid_to:%d.%m.%Y}",
        }
        raise RuleViolation(text, field="delegate")


def _check_free(owner: User, first: date, last: date, clients: bool, decisions: bool) -> None:
    """Say who substitutes on these days already; the database refuses whatever slips through."""
    covered = Q(covers_clients=True) if clients else Q()
    if decisions:
        covered |= Q(covers_decisions=True)
    same = Delegation.objects.filter(owner=owner).filter(covered)
    taken = same.overlapping(first, last).select_related("delegate").first()
    if taken is not None:
        text = _("%(delegate)s is already a substitute from %(first)s to %(last)s.") % {
            "delegate": taken.delegate,
            "first": f"{taken.valid_from:%d.%m.%Y}",
            "last": f"{taken.valid_to:%d.%m.%Y}",
        }
        raise RuleViolation(text, field="valid_from")
