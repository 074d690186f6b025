"""What a field says by itself: Django's own sentences, told so that one knows what to do.

Every form says so, also those of the packages; a field may still say something of its own.
"""

from typing import Any

from django import forms
from django.core import validators
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

OUT_OF_DATE = _("This page is out of date: open it again.")
CHOOSE = _("Choose one of the options.")
NOT_OFFERED = _("Choose another option: the chosen one is not offered any more.")
CONTROL_CHARACTERS = _("Remove the control characters: this text cannot be stored with them.")
WEB_ADDRESS = _("Enter the whole web address, for example https://example.ru.")
ONE_OF_LIST = {"required": CHOOSE, "invalid_choice": NOT_OFFERED}
OF_LIST = ONE_OF_LIST | {
    "required": _("Choose at least one option."),
    "invalid_list": NOT_OFFERED,
    "invalid_pk_value": NOT_OFFERED,
}
OF_FIELDS: dict[type[forms.Field], dict[str, Any]] = {
    forms.Field: {"required": _("Fill in this field.")},
    forms.BooleanField: {"required": _("Tick this box.")},
    forms.ChoiceField: ONE_OF_LIST,
    forms.MultipleChoiceField: OF_LIST,
    forms.ModelChoiceField: ONE_OF_LIST,
    forms.ModelMultipleChoiceField: OF_LIST,
    forms.IntegerField: {"invalid": _("Enter a whole number.")},
    forms.DecimalField: {"invalid": _("Enter a number, for example 12.5.")},
    forms.DateField: {
        "invalid": _("Enter an existing date as day.month.year, for example 23.11.2026.")
    },
    forms.URLField: {"invalid": WEB_ADDRESS},
    forms.UUIDField: {"invalid": OUT_OF_DATE},
    forms.FileField: {
        "required": _("Choose a file."),
        "missing": _("Choose a file."),
        "invalid": _("Choose a file."),
        "empty": _("This file is empty: choose another one."),
    },
}


def of_unseen(form: forms.BaseForm) -> list[str]:
    """What is wrong with hidden fields, each sentence once.

    What a rule says of one is told; that a value is none of its kind helps nobody, the page does.
    """
    errors = form.errors.as_data()
    return list(
        dict.fromkeys(
            str(OUT_OF_DATE) if error.code else error.messages[0]
            for field in form.hidden_fields()
            for error in errors.get(field.name, ())
        )
    )


def speak_plainly() -> None:
    """Put the sentences in the place of Django's; called before any form is declared."""
    for kind, sentences in OF_FIELDS.items():
        own = vars(kind).get("default_error_messages", {})
        kind.default_error_messages = own | sentences  # type: ignore[attr-defined]
    validators.MaxLengthValidator.message = ngettext_lazy(
        "At most %(limit_value)d character; there are %(show_value)d.",
        "At most %(limit_value)d characters; there are %(show_value)d.",
        "limit_value",
    )
    validators.MinLengthValidator.message = ngettext_lazy(
        "At least %(limit_value)d character; there are %(show_value)d.",
        "At least %(limit_value)d characters; there are %(show_value)d.",
        "limit_value",
    )
    validators.MinValueValidator.message = _("At least %(limit_value)s.")
    validators.MaxValueValidator.message = _("At most %(limit_value)s.")
    validators.ProhibitNullCharactersValidator.message = CONTROL_CHARACTERS
    validators.URLValidator.message = WEB_ADDRESS
    validators.validate_email.message = _("Enter an e-mail address, for example name@example.ru.")
    validators.validate_slug.message = _("Latin letters, digits, _ and - only.")
