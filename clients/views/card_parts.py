"""Parts of a client's card that are written in dialogs: people, outlets, needs, legal details."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from clients.views.answers import card_tab, save_record
from crm.dialogs import attempt, dialog, pressed, saved
from crm.forms import RecordForm
from crm.web import person_of


@dataclass(frozen=True)
class CardPart:
    """Where a kind of parts stands: the tab, the event that reloads it, the body of its form.

    `new` is what the form of a new one is called, `added` what is said when it is there.
    """

    tab: str
    event: str
    body: str
    new: str | Promise
    added: str | Promise

    def add(
        self,
        request: HttpRequest,
        form: RecordForm,
        create: Callable[..., object],
        *,
        to: int,
        client: int,
    ) -> HttpResponse:
        """The form of a new part: `create(to, by=…, key=…, **values)` once it is whole."""
        user = person_of(request)
        status = attempt(
            request,
            form,
            lambda: create(to, by=user, key=form.cleaned_data["key"], **form.new_values()),
        )
        if not status:
            back = card_tab(client, self.tab)
            return saved(request, str(self.added), event=self.event, back=back)
        return dialog(request, form, title=self.new, submit=_("Add"), status=status, body=self.body)

    def edit(
        self, request: HttpRequest, form: RecordForm, change: Callable[..., object], *, client: int
    ) -> HttpResponse:
        """The form of the part that it holds: `change(pk, by=…, version=…, **values)`."""
        part, user = form.record, person_of(request)
        assert part is not None
        status = save_record(
            request,
            form,
            lambda: change(
                part.pk, by=user, version=form.cleaned_data["version"] or 0, **form.new_values()
            ),
        )
        if not status:
            return saved(request, _("Saved"), event=self.event, back=card_tab(client, self.tab))
        return dialog(
            request, form, title=str(part), submit=_("Save"), status=status, body=self.body
        )

    def press(
        self,
        request: HttpRequest,
        write: Callable[[], object],
        text: str,
        *,
        client: int,
        undo: str = "",
    ) -> HttpResponse:
        """A button of a part: done with Undo, or the refusal as a toast."""
        back = card_tab(client, self.tab)
        return pressed(request, write, text, event=self.event, back=back, undo=undo)
