"""What the forms of the client base share: stale versions, keys of one render, picking a client."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clients.models import Client, Counterparty
from crm.accounts.models import User
from crm.fields import CleanCharField, RussianDateField, WholeNumberField
from crm.names import plain_text, search_key
from crm.stale import Difference, catch_up

CODE_SEPARATOR = " · "
REASON_LENGTH = 500


def helper() -> FormHelper:
    """Fields only; the template has the form tag and the buttons."""
    made = FormHelper()
    made.form_tag = False
    return made


class RecordForm(forms.Form):
    """Plain values of one record: a key of this render for a new one, a version for a known one.

    `values_of` fills it from the record; `stale_fields` compares what was typed with what another
    person has saved meanwhile (G-RL9).
    """

    key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    version = WholeNumberField(required=False, widget=forms.HiddenInput)
    own: tuple[str, ...] = ("key", "version")

    def __init__(self, data: Any = None, *, record: Model | None = None, **options: Any) -> None:
        initial = self.values_of(record) if record is not None else {"key": uuid4()}
        super().__init__(data, initial=initial | options.pop("initial", {}), **options)
        self.record = record
        self.differences: list[Difference] = []
        self.helper = helper()

    @classmethod
    def values_of(cls, record: Any) -> dict[str, Any]:
        """Values of the record for the fields of the same name, and its version."""
        names = [name for name in cls.base_fields if name not in cls.own]
        return {name: getattr(record, name) for name in names} | {"version": record.version}

    def clean_key(self) -> UUID:
        """The key of this render; without one the form is taken for a render of its own."""
        key: UUID | None = self.cleaned_data["key"]
        return key or uuid4()

    def new_values(self) -> dict[str, Any]:
        """Plain values for the action, without key and version."""
        return {name: value for name, value in self.cleaned_data.items() if name not in self.own}

    def compare_with(self, record: Any) -> None:
        """Note what differs from the saved record; the next save is made knowing it."""
        self.initial = self.values_of(record)
        self.differences = catch_up(self, shows_the_record=True) or []


class ClientPickField(CleanCharField):
    """A visible client by its code, typed or chosen from a list of «code · name», or by its name.

    A part of the name is enough where it means one client; the legal form, quotes and ё do not
    count. Where several fit, the refusal says how many and names the first of them.
    """

    user: User
    longest, offered = 400, 5

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=None, **options)  # the value is a client, not a text

    def to_python(self, value: Any) -> Any:
        text = plain_text(super().to_python(value))[: self.longest]
        if not text:
            return None
        code = text.split(CODE_SEPARATOR.strip())[0].strip()
        clients = Client.objects.visible_to(self.user).open()
        return clients.filter(code__iexact=code).first() or self._named(clients, search_key(text))

    def _named(self, clients: Any, key: str) -> Client:
        """The only client whose name, or that of a legal side, is this or has it in it."""
        for how in ("search_key", "search_key__contains"):
            sides = Counterparty.objects.filter(**{how: key}).values("client")
            fitting = clients.filter(Q(**{how: key}) | Q(pk__in=sides)) if key else clients.none()
            found = list(fitting.order_by("sort_key", "pk")[: self.offered])
            if len(found) == 1:
                return found[0]
            if found:
                raise self._several(found, fitting.count())
        raise ValidationError(_("Choose a client from the list."), code="no_client")

    def _several(self, found: list[Client], count: int) -> ValidationError:
        """How many fit, and the first of them as the list offers them."""
        text = ngettext(
            "%(count)s client fits: %(names)s. Type more of the name, or the code.",
            "%(count)s clients fit: %(names)s. Type more of the name, or the code.",
            count,
        )
        names = "; ".join(str(self.prepare_value(client)) for client in found)
        shown = {"count": count, "names": names}
        return ValidationError(text, code="several_clients", params=shown)

    def run_validators(self, value: Any) -> None:
        """A found client is no text to measure."""
        if not isinstance(value, Client):
            super().run_validators(value)

    def prepare_value(self, value: Any) -> Any:
        return f"{value.code}{CODE_SEPARATOR}{value.name}" if isinstance(value, Client) else value


class TagsField(CleanCharField):
    """Marks separated by commas, each once whatever its case."""

    most, longest = 15, 50

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value if not isinstance(value, list) else ", ".join(value))
        tags: dict[str, str] = {}
        for part in text.replace(";", ",").split(","):
            if part.strip():
                tags.setdefault(part.strip().casefold(), part.strip())
        if len(tags) > self.most:
            raise ValidationError(_("At most %(most)s tags.") % {"most": self.most})
        if any(len(tag) > self.longest for tag in tags.values()):
            raise ValidationError(_("A tag has at most %(most)s letters.") % {"most": self.longest})
        return list(tags.values())

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value


class LowerEmailField(forms.EmailField):
    """An e-mail address in small letters, so that it is found and compared."""

    def to_python(self, value: Any) -> Any:
        return str(super().to_python(value) or "").lower()


def day_field(label: Any) -> RussianDateField:
    """A day, by the calendar of the browser or typed."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return RussianDateField(label=label, widget=widget)


class PlainForm(forms.Form):
    """Plain values for an action, with the version of the row where there is one."""

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.helper = helper()

    def new_values(self) -> dict[str, Any]:
        """What the action takes; a missing version is none that ever was."""
        values = dict(self.cleaned_data)
        if "version" in self.fields:
            values["version"] = values["version"] or 0
        return values


class VersionForm(PlainForm):
    """A button that names the version that was shown."""

    version = WholeNumberField(required=False, widget=forms.HiddenInput)


class ReasonForm(VersionForm):
    """A move that says why."""

    reason = CleanCharField(
        label=gettext_lazy("Reason"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
