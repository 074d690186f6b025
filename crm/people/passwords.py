"""How long a password is at least: a setting, for the rule and for what tells of it."""

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import ngettext

from crm.work.registry import setting


class LengthValidator(MinimumLengthValidator):
    """Refuses what is shorter than the setting; passwords that are in use stay as they are."""

    def __init__(self) -> None:
        """Nothing is fixed when the process starts."""

    @property
    def min_length(self) -> int:  # type: ignore[override]
        """Characters."""
        length: int = setting("security.password_length")
        return length


def rules() -> str:
    """What a password must be, in words."""
    length = setting("security.password_length")
    text = ngettext(
        "At least %(length)s character; not only digits, not a common word, not your name.",
        "At least %(length)s characters; not only digits, not a common word, not your name.",
        length,
    )
    return text % {"length": length}
