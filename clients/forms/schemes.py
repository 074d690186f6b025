"""Forms of approach schemes: the editor's rows, starting a series."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from clients.actions.schemes import MOST_STEPS, Step
from clients.forms.contacts import set_choices
from clients.models import ApproachScheme, ContactKind
from crm.accounts.models import User
from crm.fields import CleanCharField, CleanTextField, DaysField, RussianDateField, WholeNumberField


class SchemeForm(forms.Form):
    """What the scheme is called and for whom it is."""

    version = WholeNumberField(widget=forms.HiddenInput, required=False)
    name = CleanCharField(label=gettext_lazy("Name"), max_length=200)
    segment = CleanCharField(label=gettext_lazy("For whom"), required=False, max_length=200)


class StepForm(forms.Form):
    """One step of the editor."""

    step_id = WholeNumberField(widget=forms.HiddenInput, required=False)
    offset_days = DaysField(
        label=gettext_lazy("Working day from the start"), max_value=250, initial=0
    )
    kind = forms.ChoiceField(label=gettext_lazy("How"), choices=ContactKind.choices)
    title = CleanCharField(label=gettext_lazy("What to do"), max_length=200)
    script = CleanTextField(
        label=gettext_lazy("What to say"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def step(self) -> Step:
        """The values for the action."""
        return Step(**self.cleaned_data)


class SchemeEditor:
    """The scheme with its steps: rows are added, moved and removed by buttons of the form.

    The whole form travels with each button, so nothing typed is lost and no script is needed.
    """

    def __init__(self, head: SchemeForm, rows: list[StepForm]) -> None:
        self.head, self.rows = head, rows

    @classmethod
    def empty(cls) -> SchemeEditor:
        """A new scheme with one empty step."""
        return cls(SchemeForm(), [StepForm(prefix="step-0")])

    @classmethod
    def stored(cls, scheme: ApproachScheme) -> SchemeEditor:
        """The scheme as it stands."""
        head = SchemeForm(
            initial={
                "name": scheme.name,
                "segment": scheme.segment,
                "version": scheme.version,
            }
        )
        rows = [
            StepForm(
                prefix=f"step-{place}",
                initial={
                    "step_id": step.pk,
                    "offset_days": step.offset_days,
                    "kind": step.kind,
                    "title": step.title,
                    "script": step.script,
                },
            )
            for place, step in enumerate(scheme.steps.all())
        ]
        return cls(head, rows)

    @classmethod
    def sent(cls, data: QueryDict) -> SchemeEditor:
        """The form as it was sent."""
        return cls(
            SchemeForm(data), [StepForm(data, prefix=f"step-{place}") for place in _places(data)]
        )

    @classmethod
    def rearranged(cls, data: QueryDict, command: str) -> SchemeEditor:
        """The form after add, remove-N, up-N or down-N; nothing is checked yet."""
        rows = [_raw(data, place) for place in _places(data)]
        _rearrange(rows, command)
        head = SchemeForm(
            initial={name: data.get(name, "") for name in ("name", "segment", "version")}
        )
        return cls(
            head,
            [StepForm(prefix=f"step-{place}", initial=row) for place, row in enumerate(rows)],
        )

    def is_valid(self) -> bool:
        """Every part is looked at, so that every mistake is shown at once."""
        return all([self.head.is_valid(), *[row.is_valid() for row in self.rows]])

    def new_values(self) -> dict[str, Any]:
        """Plain values for the action."""
        data = self.head.cleaned_data
        return {
            "name": data["name"],
            "segment": data["segment"],
            "steps": [row.step() for row in self.rows],
        }


def _places(data: QueryDict) -> range:
    count = data.get("steps", "0")
    known = count.isascii() and count.isdigit() and len(count) < 3
    return range(min(int(count) if known else 0, MOST_STEPS))


def _raw(data: QueryDict, place: int) -> dict[str, str]:
    return {name: data.get(f"step-{place}-{name}", "") for name in StepForm.base_fields}


def _rearrange(rows: list[dict[str, str]], command: str) -> None:
    verb, _dash, number = command.partition("-")
    place = int(number) if number.isascii() and number.isdigit() and len(number) < 3 else -1
    if verb == "add" and len(rows) < MOST_STEPS:
        last = rows[-1]["offset_days"] if rows else "0"
        rows.append({"offset_days": last, "kind": ContactKind.CALL})
    if not 0 <= place < len(rows):
        return
    if verb == "remove" and len(rows) > 1:
        rows.pop(place)
    if verb in {"up", "down"}:
        other = place - 1 if verb == "up" else place + 1
        if 0 <= other < len(rows):
            _swap(rows, place, other)


def _swap(rows: list[dict[str, str]], one: int, other: int) -> None:
    """Steps change places; the days stay where they are, so the order of days stays right."""
    rows[one], rows[other] = rows[other], rows[one]
    days = rows[one]["offset_days"], rows[other]["offset_days"]
    rows[other]["offset_days"], rows[one]["offset_days"] = days


class StartSchemeForm(forms.Form):
    """Which scheme is started for the client and from what day."""

    scheme = forms.TypedChoiceField(label=gettext_lazy("Scheme"), coerce=int)
    start_on = RussianDateField(
        label=gettext_lazy("From the day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, user: User, **more: Any) -> None:
        super().__init__(*args, **more)
        schemes = ApproachScheme.objects.visible_to(user).open()
        set_choices(self, "scheme", [(str(scheme.pk), str(scheme)) for scheme in schemes])

    def new_values(self) -> dict[str, Any]:
        """Plain values for the action."""
        data = self.cleaned_data
        return {"scheme_id": data["scheme"], "start_on": data["start_on"]}
