"""Forms of work items."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from crm.accounts.models import User
from crm.assignments import permissions
from crm.assignments.actions import NewWork
from crm.assignments.models import GIVEN, Verdict, WorkItem, WorkKind
from crm.calendar import add_working_days
from crm.fields import CleanCharField, CleanTextField
from crm.people.forms import PersonChoice, VersionMixin, day_field
from crm.work.registry import setting

LONG = 4000


def _text(label: Any, *, required: bool = True, rows: int = 3) -> CleanTextField:
    return CleanTextField(
        label=label,
        max_length=LONG,
        required=required,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class WorkForm(forms.Form):
    """A new work item; the kind decides which fields there are."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"))
    title = CleanCharField(label=gettext_lazy("What is wanted"), max_length=200)
    addressee = forms.ChoiceField(label=gettext_lazy("Of whom"))
    order_number = CleanCharField(
        label=gettext_lazy("Number of the order"), max_length=50, required=False
    )
    order_on = day_field(label=gettext_lazy("Date of the order"), required=False)
    justification = _text(gettext_lazy("Justification"), required=False)
    feedback_due = day_field(label=gettext_lazy("Answer by"), required=False)
    due_on = day_field(label=pgettext_lazy("last day", "Due"))
    body = _text(gettext_lazy("Details"), required=False)
    subject = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60)

    def __init__(self, data: Any = None, *, user: User, today: date, given: Any) -> None:
        kinds = permissions.kinds_for(user)
        usual = kinds[0] if permissions.gives_downwards(user) else WorkKind.INFO_REQUEST
        asked = (data or given).get("kind", "")
        self.chosen_kind = asked if asked in kinds else usual
        initial = {
            "due_on": add_working_days(today, setting("work.due_days")),
            "feedback_due": add_working_days(today, setting("work.answer_days")),
            "order_on": today,
            **{name: value for name, value in given.items() if value},
            "kind": self.chosen_kind,
        }
        super().__init__(data, initial=initial)
        self.user = user
        fields: dict[str, Any] = self.fields
        fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]
        fields["kind"].widget.attrs |= _reload()
        fields["addressee"].choices = _addressees(user, self.chosen_kind)
        for name in self._needless():
            del self.fields[name]
        if self.chosen_kind == WorkKind.PROPOSAL:
            fields["justification"].required = True

    def _needless(self) -> list[str]:
        found = []
        if self.chosen_kind in GIVEN:
            found.append("feedback_due")
        if self.chosen_kind != WorkKind.PROPOSAL:
            found.append("justification")
        if self.chosen_kind != WorkKind.ORDER:
            found += ["order_number", "order_on"]
        return found

    def new_work(self, subject: tuple[str, int] | None) -> NewWork:
        """Plain values for the action."""
        values = dict(self.cleaned_data)
        values.pop("subject", None)
        chosen = values.pop("addressee")
        rows: Any = permissions.units_for if chosen[0] == "u" else permissions.people_for
        found = rows(self.user, self.chosen_kind).get(pk=int(chosen[1:]))
        name = "unit" if chosen[0] == "u" else "executor"
        return NewWork(**values, **{name: found}, subject=subject)


def _reload() -> dict[str, str]:
    """Another kind has other fields and addressees: the dialog is shown anew, words kept."""
    return {
        "hx-get": reverse("assignments:create"),
        "hx-target": "#_dialog_form",
        "hx-swap": "outerHTML",
        "hx-trigger": "change",
        "hx-include": "closest form",
        "hx-params": "not csrfmiddlewaretoken",
        "hx-disabled-elt": "this",
    }


def _addressees(user: User, kind: str) -> list[Any]:
    """Units and people whom the person may address, by groups."""
    units = [
        (f"u{unit.pk}", "\u2003" * (len(unit.path_ids) - 1) + unit.name)
        for unit in permissions.units_for(user, kind).order_by("path")
    ]
    people = [
        (f"p{person.pk}", f"{person.full_name} · {person.get_role_display()}")
        for person in permissions.people_for(user, kind).distinct().order_by("sort_key", "pk")
    ]
    groups = [(_("People"), people), (_("Units, their head takes it"), units)]
    return [("", "—"), *((str(title), rows) for title, rows in groups if rows)]


class AnswerForm(VersionMixin, forms.Form):
    """An answer, or what was done; of a proposal also what becomes of it."""

    verdict = forms.ChoiceField(
        label=gettext_lazy("What becomes of the proposal"), choices=Verdict.choices
    )
    text = _text(gettext_lazy("Answer"), rows=5)

    def __init__(self, data: Any = None, *, item: WorkItem, is_action: bool = False) -> None:
        super().__init__(data, initial={"version": item.version})
        if item.kind != WorkKind.PROPOSAL or item.answered_on is not None:
            del self.fields["verdict"]
        if is_action:
            self.fields["text"].label = _("What was done")

    def new_values(self) -> dict[str, Any]:
        """Plain values for the action."""
        return dict(self.cleaned_data)


class ReturnForm(VersionMixin, forms.Form):
    """What is not right, and another day if there is one."""

    reason = _text(gettext_lazy("What is not right"))
    due_on = day_field(label=gettext_lazy("Another due day"), required=False)

    def new_values(self) -> dict[str, Any]:
        """Plain values for the action."""
        return dict(self.cleaned_data)


class ReasonForm(VersionMixin, forms.Form):
    """Why it is withdrawn."""

    reason = CleanCharField(label=gettext_lazy("Reason"), max_length=300)

    def new_values(self) -> dict[str, Any]:
        """Plain values for the action."""
        return dict(self.cleaned_data)


class HandOnForm(VersionMixin, forms.Form):
    """To whom it is handed on."""

    executor = PersonChoice(label=gettext_lazy("To whom"), queryset=User.objects.none())
    reason = CleanCharField(label=gettext_lazy("Note"), max_length=300, required=False)

    def __init__(self, data: Any = None, *, item: WorkItem, user: User) -> None:
        super().__init__(data, initial={"version": item.version})
        people: Any = self.fields["executor"]
        people.queryset = permissions.heirs_for(user, item).distinct().order_by("sort_key", "pk")

    def new_values(self) -> dict[str, Any]:
        """Plain values for the action."""
        return dict(self.cleaned_data)


class PostponeForm(VersionMixin, forms.Form):
    """Another day with its reason."""

    due_on = day_field(label=gettext_lazy("Another due day"))
    feedback_due = day_field(label=gettext_lazy("Answer by"))
    reason = CleanCharField(label=gettext_lazy("Reason"), max_length=300)

    def __init__(self, data: Any = None, *, item: WorkItem) -> None:
        days = {"due_on": item.due_on, "feedback_due": item.feedback_due}
        super().__init__(data, initial={"version": item.version, **days})
        if item.feedback_due is None or item.answered_on is not None:
            del self.fields["feedback_due"]

    def new_values(self) -> dict[str, Any]:
        """Plain values for the action."""
        return {"feedback_due": None, **self.cleaned_data}


class CommentForm(forms.Form):
    """Something said about it."""

    text = _text(gettext_lazy("Comment"), rows=2)
