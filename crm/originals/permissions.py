"""Rights on issued originals."""

from crm.accounts.models import Role, User
from crm.originals.models import IssuedOriginal

# Who keeps papers and things of the company, and heads for their people.
KEEPERS = frozenset(
    {
        Role.SECTOR_HEAD, Role.DEPARTMENT_HEAD, Role.DIRECTOR, Role.GENERAL_DIRECTOR,
        Role.ACCOUNTANT, Role.LAWYER, Role.ADMIN,
    }
)  # fmt: skip


def can_issue(user: User) -> bool:
    """Give out an original, to oneself too."""
    return user.is_active and user.role in KEEPERS


def is_keeper(user: User, original: IssuedOriginal) -> bool:
    """May take it back or give more time; never the holder, who would confirm the own duty."""
    return can_issue(user) and original.holder_id != user.pk


def can_receive(user: User, original: IssuedOriginal) -> bool:
    """A keeper, while it is held."""
    return is_keeper(user, original) and original.is_out
