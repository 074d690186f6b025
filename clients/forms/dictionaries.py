"""Form of a word of a dictionary."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy

from clients.books import Book
from crm.fields import CleanCharField, WholeNumberField


class WordForm(forms.Form):
    """A word in both languages with what its dictionary has besides; its code is given once."""

    version = WholeNumberField(widget=forms.HiddenInput, required=False)
    code = CleanCharField(
        label=gettext_lazy("Code"),
        max_length=40,
        help_text=gettext_lazy("Latin letters, digits, _; it is never changed afterwards."),
        validators=[
            RegexValidator(
                r"\A[a-z][a-z0-9_]*\Z",
                gettext_lazy("Small Latin letters, digits and _, beginning with a letter."),
            )
        ],
    )
    name_ru = CleanCharField(label=gettext_lazy("Name in Russian"), max_length=100)
    name_en = CleanCharField(label=gettext_lazy("Name in English"), max_length=100)
    order = WholeNumberField(label=gettext_lazy("Order"), max_value=30_000, initial=100)

    def __init__(self, *args: Any, book: Book, word: Any = None, **more: Any) -> None:
        super().__init__(*args, **more)
        for part in book.parts:
            self.fields[part.name] = part.field()
        if word is not None:
            self.initial = {name: getattr(word, name) for name in self.fields}
            self.fields["code"].disabled = True

    def new_values(self) -> dict[str, Any]:
        """Plain values for the action."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}
