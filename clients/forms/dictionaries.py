"""Forms of the contact dictionaries."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy

from clients.models import ContactResult, ContactTopic
from crm.fields import CleanCharField, WholeNumberField


class WordForm(forms.Form):
    """A word in both languages; its code is given once."""

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
    reached = forms.BooleanField(
        label=gettext_lazy("The client was reached: the contact counts for the plan"),
        required=False,
        initial=True,
    )

    def __init__(
        self,
        *args: Any,
        model: type[ContactResult] | type[ContactTopic],
        word: ContactResult | ContactTopic | None = None,
        **more: Any,
    ) -> None:
        initial = {}
        if word is not None:
            initial = {name: getattr(word, name, None) for name in self.base_fields}
        more["initial"] = initial
        super().__init__(*args, **more)
        if model is ContactTopic:
            del self.fields["reached"]
        if word is not None:
            self.fields["code"].disabled = True

    def new_values(self) -> dict[str, Any]:
        """Plain values for the action."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}
