"""What a person sets for oneself from the top bar."""

from django.db import transaction

from crm.accounts.models import User
from crm.history import verb


@transaction.atomic
def set_language(user_id: int, *, by: User, language: str) -> None:
    """Remember the person's own language; anybody else's is never touched."""
    person = User.objects.select_for_update().get(pk=user_id, id=by.pk)
    with verb("user.language_chosen", by=by):
        person.language = language
        person.save(update_fields=["language"])


@transaction.atomic
def set_theme(user_id: int, *, by: User, theme: str) -> None:
    """Remember the person's own theme (auto, light, dark)."""
    person = User.objects.select_for_update().get(pk=user_id, id=by.pk)
    with verb("user.theme_chosen", by=by):
        person.theme = theme
        person.save(update_fields=["theme"])
