"""Rights on people, units, substitutions and the journal (C.9: users → ADM; CR-02)."""

from crm.accounts.models import HEADS, Delegation, OrgUnit, Role, User

OVERSEERS = frozenset({Role.ADMIN, Role.DIRECTOR, Role.GENERAL_DIRECTOR})


def can_manage_people(user: User) -> bool:
    """The administrator creates, edits, switches off and unlocks people (C.9)."""
    return user.is_active and user.role == Role.ADMIN


def can_manage_units(user: User) -> bool:
    """The administrator shapes the tree (C.9)."""
    return user.is_active and user.role == Role.ADMIN


def can_see_people_list(user: User) -> bool:
    """The administrator, directors and heads; heads get the people of their subtree."""
    return user.is_active and user.role in OVERSEERS | HEADS


def can_see_units(user: User) -> bool:
    """Those who read the list of people also read the tree."""
    return can_see_people_list(user)


def can_see_full_card(user: User, person: User) -> bool:
    """History, sessions and scope of a person: oneself, the heads above, the overseers."""
    if not user.is_active:
        return False
    if user.pk == person.pk or user.role in OVERSEERS:
        return True
    return User.objects.overseen_by(user).filter(pk=person.pk).exists()


def can_see_journal(user: User) -> bool:
    """The access journal: administrator and directors (CR-06)."""
    return user.is_active and user.role in OVERSEERS


def can_create_delegation(user: User, owner: User) -> bool:
    """For oneself; heads for their people; the director and the administrator for anybody."""
    if not user.is_active:
        return False
    return User.objects.may_be_away(user).filter(pk=owner.pk).exists()


def can_revoke_delegation(user: User, delegation: Delegation) -> bool:
    """Those who could create it; never the substitute alone."""
    return can_create_delegation(user, delegation.owner)


def can_head(person: User, unit: OrgUnit) -> bool:
    """Whether the person's role fits the head of the unit."""
    return User.objects.can_head(unit.kind).filter(pk=person.pk).exists()
