"""Forms of correspondence: registering, filing, assigning, answering."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.actions.letter_drafts import Draft
from clients.actions.letters import NewLetter
from clients.forms.picking import ClientPickField
from clients.models import (
    Client,
    ContactPerson,
    Correspondence,
    LetterChannel,
    LetterDirection,
    LetterKind,
)
from clients.permissions import EXECUTORS
from crm.accounts.models import User
from crm.fields import CleanCharField, CleanTextField
from crm.forms import LowerEmailField, PlainForm, VersionForm, day_field

TEXT_LENGTH = 50_000
PICK = {"list": "client-options", "autocomplete": "off"}


def executors() -> Any:
    """People who answer letters."""
    return User.objects.working().filter(role__in=sorted(EXECUTORS)).order_by("sort_key", "pk")


def people_of(client: Client | None) -> Any:
    """Contact persons who are still there."""
    if client is None:
        return ContactPerson.objects.none()
    return ContactPerson.objects.open().filter(client=client)


def _optional_day(label: Any, help_text: Any = "") -> Any:
    field = day_field(label)
    field.required, field.help_text = False, help_text
    return field


class OnceForm(PlainForm):
    """A form that makes one record for one render of itself (G-RL7)."""

    key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, **options: Any) -> None:
        initial = {"key": uuid4(), **options.pop("initial", {})}
        super().__init__(data, initial=initial, **options)

    def clean_key(self) -> UUID:
        """One without a key is taken for a render of its own."""
        key: UUID | None = self.cleaned_data["key"]
        return key or uuid4()


class RegisterForm(OnceForm):
    """A letter that has come or gone; the client may stay open until somebody files it."""

    direction = forms.ChoiceField(
        label=_("Direction"), choices=LetterDirection.choices, widget=forms.RadioSelect
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=LetterKind.choices)
    channel = forms.ChoiceField(label=_("Received or sent by"), choices=LetterChannel.choices)
    client = ClientPickField(
        label=_("Client"),
        required=False,
        widget=forms.TextInput(attrs=PICK),
        help_text=_("Empty: filed later."),
    )
    person = forms.ModelChoiceField(
        label=_("Contact person"), queryset=ContactPerson.objects.none(), required=False
    )
    correspondent = CleanCharField(label=_("From whom, to whom"), max_length=200, required=False)
    address = LowerEmailField(label=_("E-mail"), max_length=254, required=False)
    their_no = CleanCharField(label=_("Number of the sender"), max_length=50, required=False)
    on_day = day_field(_("Received or sent on"))
    subject = CleanCharField(label=pgettext_lazy("letter", "Subject"), max_length=300)
    text = CleanTextField(
        label=_("Text or summary"),
        max_length=TEXT_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    executor = forms.ModelChoiceField(
        label=_("Assignee"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Manager of the client"),
    )
    reply_due = _optional_day(_("To be answered by"), _("Empty: by the deadline in the settings."))

    def __init__(
        self, data: Any = None, *, user: User, client: Client | None, today: date, **options: Any
    ) -> None:
        initial = {"direction": "in", "kind": "letter", "channel": "email", "on_day": today}
        super().__init__(data, initial=initial, **options)
        self.fields["executor"].queryset = executors()  # type: ignore[attr-defined]
        self.fields["on_day"].widget.attrs["max"] = today.isoformat()
        if client is None:
            self.fields["client"].user = user  # type: ignore[attr-defined]
            del self.fields["person"]
        else:
            del self.fields["client"]
            self.fields["person"].queryset = people_of(client)  # type: ignore[attr-defined]
        self.known = client

    @property
    def client_id(self) -> int | None:
        """Whose letter it is, as far as one knows."""
        client = self.known or self.cleaned_data.get("client")
        return client.pk if client else None

    def new_letter(self) -> NewLetter:
        """What the action takes."""
        left_out = {"key", "client", "version"}
        return NewLetter(**{k: v for k, v in self.new_values().items() if k not in left_out})


class FileForm(VersionForm):
    """Whose letter it is."""

    client = ClientPickField(label=_("Client"), widget=forms.TextInput(attrs=PICK))

    def __init__(self, data: Any = None, *, user: User, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["client"].user = user  # type: ignore[attr-defined]


class AssignForm(VersionForm):
    """Who answers, by which day."""

    executor = forms.ModelChoiceField(label=_("Assignee"), queryset=User.objects.none())
    kind = forms.ChoiceField(label=_("Kind"), choices=LetterKind.choices)
    reply_due = day_field(_("To be answered by"))

    def __init__(self, data: Any = None, *, letter: Correspondence, **options: Any) -> None:
        initial = {
            "version": letter.version,
            "executor": letter.executor_id,
            "kind": letter.kind,
            "reply_due": letter.reply_due,
        }
        super().__init__(data, initial=initial, **options)
        self.fields["executor"].queryset = executors()  # type: ignore[attr-defined]


class RepliedForm(VersionForm):
    """Answered without a letter."""

    on = day_field(_("Answered on"))
    how = CleanCharField(
        label=_("How it was answered"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class NoReplyForm(VersionForm):
    """Why no answer is needed."""

    reason = CleanCharField(
        label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )


class WriteForm(OnceForm):
    """A letter to a client; an answer is prepared with what it answers."""

    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    channel = forms.ChoiceField(label=_("Sending method"), choices=LetterChannel.choices)
    kind = forms.ChoiceField(label=_("Kind"), choices=LetterKind.choices)
    person = forms.ModelChoiceField(
        label=_("Contact person"), queryset=ContactPerson.objects.none(), required=False
    )
    address = LowerEmailField(
        label=_("E-mail"),
        max_length=254,
        required=False,
        help_text=_("Empty: the address of the contact person."),
    )
    subject = CleanCharField(label=pgettext_lazy("letter", "Subject"), max_length=300)
    text = CleanTextField(
        label=_("Text"),
        max_length=TEXT_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 12}),
    )

    def __init__(self, data: Any = None, *, client: Client, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["person"].queryset = people_of(client)  # type: ignore[attr-defined]

    def draft(self) -> Draft:
        """What the action takes."""
        values = self.new_values()
        return Draft(**{k: v for k, v in values.items() if k not in {"key", "version"}})
