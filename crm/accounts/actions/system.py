"""The author of what the system does by itself: never signs in, sees and decides nothing."""

from django.contrib.auth.hashers import make_password

from crm.accounts.models import Role, User
from crm.accounts.models.people import SYSTEM_LOGIN
from crm.history import verb
from crm.names import sort_key
from crm.russian import SYSTEM_NAME


def system_person() -> User:
    """The row that stands as author under automatic proposals, made when first needed.

    It is inactive, so its scope is empty and it cannot be a signer.
    """
    found = User.objects.filter(username=SYSTEM_LOGIN).first()
    if found is not None:
        return found
    with verb("person.system_added", by=None):
        person, _made = User.objects.get_or_create(
            username=SYSTEM_LOGIN,
            defaults={
                "last_name": SYSTEM_NAME,
                "sort_key": sort_key(SYSTEM_NAME),
                "role": Role.ADMIN,
                "is_active": False,
                "password": make_password(None),
            },
        )
    return person


def is_system(user: User) -> bool:
    """Whether the row is no person."""
    return user.username == SYSTEM_LOGIN
