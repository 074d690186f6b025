"""Who reads and notes facts about employees: the heads above, never the employee (RP-09)."""

from __future__ import annotations

from crm.accounts.models import Role, User
from reports.permissions.pages import CHIEFS

NOTED_BY = frozenset({Role.DEPARTMENT_HEAD, Role.DIRECTOR})
READ_BY = NOTED_BY | {Role.GENERAL_DIRECTOR}


def can_see_notes(user: User) -> bool:
    """Notes about employees are for heads of departments and above."""
    return user.is_active and user.role in READ_BY


def can_see_staff(user: User, person: User) -> bool:
    """Workload, checks and results of a person below; one's own stand on pages of their own."""
    if not user.is_active or user.role not in CHIEFS or user.pk == person.pk:
        return False
    return User.objects.overseen_by(user).filter(pk=person.pk).exists()


def can_note_staff(user: User, person: User) -> bool:
    """The head of the department and the director note facts about the people below them."""
    return user.role in NOTED_BY and can_see_staff(user, person)
