"""Recommendations to clients: the register, the tab of the card, what came of each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from clients import permissions
from clients.actions import client_advice as actions
from clients.forms.client_advice import AdviceForm, DoneForm
from clients.lists.client_advice import ADVICE
from clients.models import ClientRecommendation
from clients.pages.client_advice import AdviceOfClient
from clients.views.answers import card_tab, save_record, visible_client
from crm.accounts.history_view import render_history
from crm.dialogs import READ_AND_WRITE, asked, attempt, dialog, saved
from crm.forms import ReasonForm, VersionForm
from crm.lists import render_list
from crm.web import person_of

EVENT, TAB = "advice-changed", "advice"
FIELDS = "clients/_recommendation_fields.html"


@require_safe
def recommendation_list(request: HttpRequest) -> HttpResponseBase:
    """The register of recommendations."""
    user = person_of(request)
    if not permissions.can_see_recommendations(user):
        raise PermissionDenied
    rows: Any = ClientRecommendation.objects.visible_to(user)
    return render_list(request, ADVICE, rows.for_list())


@require_safe
def recommendation_tab(request: HttpRequest, pk: int) -> HttpResponse:
    """What the client was advised, who else courts it, what it was invited to."""
    user, client = person_of(request), visible_client(request, pk)
    if not permissions.sees_all_fields(user):
        raise PermissionDenied
    page = AdviceOfClient(client, user)
    return render(request, "clients/_recommendation_tab.html", {"client": client, "page": page})


@require_http_methods(READ_AND_WRITE)
def recommendation_create(request: HttpRequest, pk: int) -> HttpResponse:
    """Advise the client something."""
    client, user, today = visible_client(request, pk), person_of(request), timezone.localdate()
    if not permissions.can_recommend(user, client):
        raise PermissionDenied
    form = AdviceForm(request.POST or None)

    def write() -> object:
        key = form.cleaned_data["key"]
        return actions.give_advice(pk, form.values(), by=user, key=key, today=today)

    status = attempt(request, form, write)
    if not status:
        return saved(request, _("Recommendation noted"), event=EVENT, back=card_tab(pk, TAB))
    words = {"title": _("New recommendation"), "about": str(client), "submit": _("Add")}
    return dialog(request, form, status=status, body=FIELDS, **words)


@require_http_methods(READ_AND_WRITE)
def recommendation_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """What is done with a recommendation, or its history."""
    if step not in STEPS:
        raise Http404
    rows = ClientRecommendation.objects.visible_to(person_of(request))
    advice = get_object_or_404(rows.select_related("client__manager", "author"), pk=pk)
    return STEPS[step](request, advice)


def _history(request: HttpRequest, advice: ClientRecommendation) -> HttpResponse:
    return render_history(request, advice)


def _edit(request: HttpRequest, advice: ClientRecommendation) -> HttpResponse:
    user, today = person_of(request), timezone.localdate()
    if not permissions.can_edit_recommendation(user, advice):
        raise PermissionDenied
    form = AdviceForm(request.POST or None, record=advice)

    def write() -> object:
        version = form.cleaned_data["version"] or 0
        return actions.edit_advice(advice.pk, form.values(), by=user, version=version, today=today)

    status = save_record(request, form, write)
    if not status:
        return saved(request, _("Saved"), event=EVENT, back=advice.get_absolute_url())
    words = {"title": _("Recommendation"), "about": str(advice.client), "submit": _("Save")}
    return dialog(request, form, status=status, body=FIELDS, **words)


def _answer(
    action: Callable[..., Any], form_class: type[VersionForm], **words: Any
) -> Callable[[HttpRequest, ClientRecommendation], HttpResponse]:
    """A dialog that moves a recommendation on."""

    def answered(request: HttpRequest, advice: ClientRecommendation) -> HttpResponse:
        user, today = person_of(request), timezone.localdate()
        initial = {"version": advice.version, "done_on": today}
        form = form_class(request.POST or None, initial=initial)

        def write() -> object:
            return action(advice.pk, by=user, today=today, **form.new_values())

        may = permissions.can_move_recommendation(user, advice)
        text = f"{advice.client}: {advice.text}"
        return asked(request, advice, form, write, event=EVENT, may=may, text=text, **words)

    return answered


Step = Callable[[HttpRequest, ClientRecommendation], HttpResponse]
STEPS: dict[str, Step] = {
    "edit": _edit,
    "history": _history,
    "accept": _answer(
        actions.accept_advice,
        VersionForm,
        title=gettext_lazy("Has the client accepted it?"),
        submit=gettext_lazy("Accepted"),
        done=gettext_lazy("Acceptance noted"),
    ),
    "refuse": _answer(
        actions.refuse_advice,
        ReasonForm,
        title=gettext_lazy("Why has the client declined?"),
        submit=pgettext_lazy("advice", "Declined"),
        done=gettext_lazy("Answer noted"),
    ),
    "done": _answer(
        actions.finish_advice,
        DoneForm,
        title=gettext_lazy("What came of it?"),
        submit=gettext_lazy("Put into practice"),
        done=gettext_lazy("Result noted"),
    ),
}
