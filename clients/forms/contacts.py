"""Forms of contacts: the composer and the small dialogs around it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients import dictionaries
from clients.actions.contacts import NextContact, Talk
from clients.contacting.norms import next_contact_day
from clients.models import Client, ContactDirection, ContactKind, ContactLog, ContactPerson
from crm.calendar import next_working_day
from crm.fields import (
    CleanCharField,
    CleanTextField,
    DaysField,
    MinutesField,
    MoneyField,
    RussianDateField,
    RussianTimeField,
    WholeNumberField,
)
from crm.shell.wording import NOT_OFFERED

NOON = time(12)


def day_input() -> forms.DateInput:
    """The calendar of the browser."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def time_input() -> forms.TimeInput:
    """The clock of the browser."""
    return forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


MINUTES = ("", "5", "10", "15", "30")
# The order of the keys 1–6; the rest stands under "more".
KINDS: tuple[tuple[str, str, str], ...] = (
    ("call_out", ContactKind.CALL, ContactDirection.OUT),
    ("call_in", ContactKind.CALL, ContactDirection.IN),
    ("meeting", ContactKind.MEETING, ContactDirection.OUT),
    ("email", ContactKind.EMAIL, ContactDirection.OUT),
    ("messenger", ContactKind.MESSENGER, ContactDirection.OUT),
    ("visit", ContactKind.VISIT, ContactDirection.OUT),
    ("letter", ContactKind.LETTER, ContactDirection.OUT),
    ("presentation", ContactKind.PRESENTATION, ContactDirection.OUT),
    ("event", ContactKind.EVENT, ContactDirection.OUT),
)
KIND_LABELS = {
    "call_out": gettext_lazy("Call out"),
    "call_in": gettext_lazy("Call in"),
}
KIND_ICONS = {
    "call_out": "phone-outgoing",
    "call_in": "phone-incoming",
    "meeting": "users",
    "email": "mail",
    "messenger": "message-2",
    "visit": "map-pin",
    "letter": "file-text",
    "presentation": "presentation",
    "event": "confetti",
}
PROMISE = "payment_promise"  # the code of the result, see clients/seeds.py
NEXT_CODES = ("norm", "week", "fortnight", "pick", "none")
_BY_KEY = {key: (kind, direction) for key, kind, direction in KINDS}


def kind_choices() -> list[tuple[str, str]]:
    """Kinds with the direction of calls, in the order of their keys."""
    labels = dict(ContactKind.choices)
    return [(key, str(KIND_LABELS.get(key, labels[kind]))) for key, kind, _direction in KINDS]


def kind_chips() -> list[tuple[str, str, str]]:
    """Kinds with their labels and icons."""
    return [(key, label, KIND_ICONS[key]) for key, label in kind_choices()]


class TalkForm(forms.Form):
    """What was talked about: shared by the composer and the correction of a contact.

    The form asks the database for nothing: people are read when it is shown, and the action checks
    which of them belong to the client.
    """

    kind = forms.ChoiceField(label=gettext_lazy("How"), initial="call_out")
    result = forms.TypedChoiceField(
        label=gettext_lazy("Result"),
        coerce=int,
        error_messages={"required": gettext_lazy("Choose a result.")},
    )
    topic = forms.TypedChoiceField(
        label=gettext_lazy("Topic"), coerce=int, required=False, empty_value=None
    )
    note = CleanTextField(
        label=gettext_lazy("Note"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    person = WholeNumberField(label=gettext_lazy("With whom"), required=False, asks=NOT_OFFERED)
    minutes = MinutesField(
        label=gettext_lazy("Minutes"), required=False, min_value=1, max_value=1440
    )
    has_promise = forms.BooleanField(required=False)
    promise_amount = MoneyField(
        label=gettext_lazy("Promised to pay, ₽"), required=False, min_value=0
    )
    promise_on = RussianDateField(
        label=gettext_lazy("by the day"), required=False, widget=day_input()
    )
    done_on = RussianDateField(label=gettext_lazy("Day"), required=False, widget=day_input())
    done_time = RussianTimeField(label=gettext_lazy("Time"), required=False, widget=time_input())

    def __init__(
        self, *args: Any, now: datetime, contact: ContactLog | None = None, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.now, self.contact = now, contact
        set_choices(self, "kind", kind_choices())
        set_choices(self, "result", _words(dictionaries.results(), contact and contact.result))
        topics = _words(dictionaries.topics(), contact and contact.topic)
        set_choices(self, "topic", [("", "—"), *topics])
        promised = (word.pk for word in dictionaries.results() if word.code == PROMISE)
        self.promise_result = str(next(promised, ""))  # choosing it opens the promise

    def clean(self) -> dict[str, Any]:
        """A promise that is ticked is not dropped in silence where it is left empty."""
        data: dict[str, Any] = super().clean() or {}
        names = ("promise_amount", "promise_on")
        is_empty = all(data.get(one) is None and one not in self.errors for one in names)
        if data.get("has_promise") and is_empty:
            self.add_error("promise_amount", _("Enter the promised amount."))
        return data

    def talk(self) -> Talk:
        """The facts for the action."""
        data = self.cleaned_data
        kind, direction = _BY_KEY[data["kind"]]
        minutes = data["minutes"]
        return Talk(
            kind=kind,
            direction=direction,
            result_id=data["result"],
            topic_id=data["topic"],
            person_id=data["person"],
            note=data["note"],
            done_at=self._done_at(data["done_on"], data["done_time"]),
            duration_seconds=minutes * 60 if minutes else None,
            promise_amount=data["promise_amount"],
            promise_on=data["promise_on"],
        )

    def _done_at(self, day: date | None, at: time | None) -> datetime | None:
        """Its own moment; a past day without a time is noon, today without a time is now."""
        today = timezone.localtime(self.now).date()
        if day is None and at is None:
            return None
        if at is None and day == today:
            return None
        return timezone.make_aware(datetime.combine(day or today, at or NOON))


class EditForm(TalkForm):
    """The facts of a stored contact, open to correction."""

    version = WholeNumberField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, now: datetime, contact: ContactLog, **more: Any) -> None:
        local = contact.local_moment
        minutes = contact.minutes
        initial = {
            "version": contact.version,
            "kind": contact.kind_key,
            "result": contact.result_id,
            "topic": contact.topic_id,
            "note": contact.summary,
            "person": contact.person_id,
            "minutes": minutes,
            "promise_amount": contact.promise_amount,
            "promise_on": contact.promise_on and f"{contact.promise_on:%Y-%m-%d}",
            "done_on": f"{local:%Y-%m-%d}",
            "done_time": f"{local:%H:%M}",
        }
        super().__init__(*args, now=now, contact=contact, initial=initial, **more)


class ComposerForm(TalkForm):
    """Everything about one contact in one strip, the next contact included."""

    refused_as: ClassVar = {"next_on": "pick_on"}
    key = forms.UUIDField(widget=forms.HiddenInput)
    client_id = WholeNumberField(widget=forms.HiddenInput, min_value=1)
    closes = WholeNumberField(
        label=gettext_lazy("Closes the plan"), required=False, asks=NOT_OFFERED
    )
    next = forms.ChoiceField(
        label=gettext_lazy("Next contact"), choices=[(code, code) for code in NEXT_CODES]
    )
    norm_on = RussianDateField(required=False, widget=forms.HiddenInput)
    week_on = RussianDateField(required=False, widget=forms.HiddenInput)
    fortnight_on = RussianDateField(required=False, widget=forms.HiddenInput)
    pick_on = RussianDateField(label=gettext_lazy("Day"), required=False, widget=day_input())
    next_time = RussianTimeField(label=gettext_lazy("Time"), required=False, widget=time_input())
    next_purpose = CleanCharField(label=gettext_lazy("What for"), required=False, max_length=300)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        chosen = f"{data.get('next')}_on"
        if chosen in self.fields and not data.get(chosen) and chosen not in self.errors:
            self.add_error("pick_on", ValidationError(_("Choose the day."), code="required"))
        return data

    def new_values(self) -> dict[str, Any]:
        """Plain values for the action."""
        return {"talk": self.talk(), "next_contact": self._next(), "key": self.cleaned_data["key"]}

    def _next(self) -> NextContact | None:
        data = self.cleaned_data
        day = data.get(f"{data['next']}_on")
        if day is None:
            return None
        kind, _direction = _BY_KEY[data["kind"]]
        return NextContact(
            on=day,
            at=data["next_time"],
            kind=kind,
            purpose=data["next_purpose"],
            person_id=data["person"],
        )


class PlanForm(forms.Form):
    """A contact to come."""

    refused_as: ClassVar = {"next_on": "on"}
    kind = forms.ChoiceField(label=gettext_lazy("How"), initial="call_out")
    on = RussianDateField(label=gettext_lazy("Day"), widget=day_input())
    at = RussianTimeField(label=gettext_lazy("Time"), required=False, widget=time_input())
    person = forms.TypedChoiceField(
        label=gettext_lazy("With whom"), coerce=int, required=False, empty_value=None
    )
    purpose = CleanCharField(label=gettext_lazy("What for"), required=False, max_length=300)

    def __init__(self, *args: Any, client: Client, **more: Any) -> None:
        super().__init__(*args, **more)
        people = [(str(person.pk), _person_label(person)) for person in open_people(client)]
        set_choices(self, "kind", kind_choices())
        set_choices(self, "person", [("", "—"), *people])

    def plan(self) -> NextContact:
        """The facts for the action."""
        data = self.cleaned_data
        kind, _direction = _BY_KEY[data["kind"]]
        return NextContact(
            on=data["on"],
            at=data["at"],
            kind=kind,
            purpose=data["purpose"],
            person_id=data["person"],
        )


class RescheduleForm(forms.Form):
    """A new day for a planned contact, and why."""

    refused_as: ClassVar = {"next_on": "on"}
    version = WholeNumberField(widget=forms.HiddenInput)
    on = RussianDateField(
        label=gettext_lazy("New day"),
        widget=day_input(),
    )
    at = RussianTimeField(label=gettext_lazy("Time"), required=False, widget=time_input())
    reason = CleanCharField(label=gettext_lazy("Why"), max_length=300)

    def new_values(self) -> dict[str, Any]:
        """Plain values for the action."""
        return dict(self.cleaned_data)


class ReasonForm(forms.Form):
    """Why a planned contact is cancelled or a series is stopped."""

    version = WholeNumberField(widget=forms.HiddenInput)
    reason = CleanCharField(label=gettext_lazy("Why"), max_length=300)

    def new_values(self) -> dict[str, Any]:
        """Plain values for the action."""
        return dict(self.cleaned_data)


class AttachForm(forms.Form):
    """To which client an imported contact belongs."""

    version = WholeNumberField(widget=forms.HiddenInput)
    client_id = WholeNumberField(
        label=gettext_lazy("Client"),
        asks=gettext_lazy("Choose a client."),
        error_messages={"required": gettext_lazy("Choose a client.")},
    )

    def new_values(self) -> dict[str, Any]:
        """Plain values for the action."""
        return dict(self.cleaned_data)


class SnoozeForm(forms.Form):
    """Until when a client is put off, and why."""

    days = DaysField(label=gettext_lazy("For how many days"), min_value=1, max_value=31)
    reason = CleanCharField(label=gettext_lazy("Why"), max_length=300)

    def new_values(self) -> dict[str, Any]:
        """Plain values for the action."""
        return dict(self.cleaned_data)


def next_days(client: Client, today: date) -> dict[str, date]:
    """What the composer offers: by the norm, in a week, in two; working days, each once."""
    offered: dict[str, date] = {}
    by_norm = next_contact_day(client, today)
    if by_norm is not None:
        offered["norm"] = by_norm
    for code, days in (("week", 7), ("fortnight", 14)):
        day = next_working_day(today + timedelta(days=days))
        if day not in offered.values():
            offered[code] = day
    return offered


def open_people(client: Client) -> list[ContactPerson]:
    """People of the client, decision makers first."""
    return list(ContactPerson.objects.filter(client=client, archived_at=None))


def set_choices(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    """Offer these values."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


def _person_label(person: ContactPerson) -> str:
    return f"{person.full_name}, {person.position}" if person.position else person.full_name


def _words(words: tuple[Any, ...], kept: Any) -> list[tuple[str, str]]:
    """Words in use, and the archived one that the contact already has."""
    chosen = [*words, kept] if kept is not None and kept not in words else list(words)
    return [(str(word.pk), str(word)) for word in chosen]
