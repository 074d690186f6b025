"""Surveys, for our people: the register, drafts, asking, results; consents of persons."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clients import permissions
from clients.actions import survey_answers
from clients.actions import surveys as actions
from clients.forms.surveys import MeasuresForm, SurveyForm, offered, stored
from clients.models import Survey, SurveyResponse
from clients.pages.surveys import RESPONSES, SURVEYS, SurveyPage
from crm.accounts.history_view import render_history
from crm.dialogs import READ_AND_WRITE, attempt, dialog, pressed, saved
from crm.forms import VersionForm
from crm.lists import render_list
from crm.web import is_fragment, move_on, person_of, sent_version, whole_number
from crm.work.registry import setting

EVENT = "survey-changed"


@require_safe
def survey_list(request: HttpRequest) -> HttpResponseBase:
    """The register of surveys."""
    user = person_of(request)
    if not permissions.can_see_surveys(user):
        raise PermissionDenied
    context = {"may_make": permissions.can_make_surveys(user)}
    return render_list(
        request, SURVEYS, Survey.objects.visible_to(user).for_list(), context=context
    )


@require_safe
def survey_detail(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The results, over the clients that the person sees."""
    survey, user = visible_survey(request, pk), person_of(request)
    rows = SurveyResponse.objects.for_list().visible_to(user).filter(invitation__survey=survey)
    page = SurveyPage(survey, user, timezone.now())
    return render_list(request, RESPONSES, rows, context={"survey": survey, "page": page})


@require_safe
def survey_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who changed what, questions too."""
    return render_history(request, visible_survey(request, pk))


@require_http_methods(READ_AND_WRITE)
def survey_create(request: HttpRequest) -> HttpResponse:
    """A new draft, with the questions that are asked as a rule."""
    user, today = person_of(request), timezone.localdate()
    if not permissions.can_make_surveys(user):
        raise PermissionDenied
    initial = offered(today + timedelta(days=setting("surveys.term_days")))
    form, made = SurveyForm(request.POST or None, today=today, initial=initial), list[Survey]()

    def write() -> None:
        key = form.cleaned_data["key"]
        made.append(actions.create_survey(form.values(), by=user, key=key, today=today))

    status = attempt(request, form, write)
    if not status:
        return move_on(request, made[0].get_absolute_url())
    return render(request, "clients/survey_form.html", {"form": form}, status=status)


@require_http_methods(READ_AND_WRITE)
def survey_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a draft."""
    survey, user, today = visible_survey(request, pk), person_of(request), timezone.localdate()
    if not permissions.can_change_survey(user, survey):
        raise PermissionDenied
    form = SurveyForm(request.POST or None, today=today, initial=stored(survey))

    def write() -> None:
        version = form.cleaned_data["version"] or 0
        actions.edit_survey(pk, form.values(), by=user, version=version, today=today)

    status = attempt(request, form, write)
    if not status:
        return move_on(request, survey.get_absolute_url())
    context = {"form": form, "survey": survey}
    return render(request, "clients/survey_form.html", context, status=status)


@require_safe
def survey_pick(request: HttpRequest) -> HttpResponse:
    """By which draft the clients chosen in their register are asked."""
    user = person_of(request)
    if not permissions.can_make_surveys(user):
        raise PermissionDenied
    drafts = Survey.objects.visible_to(user).filter(state="draft").order_by("-pk")
    shown = [draft for draft in drafts if permissions.can_start_survey(user, draft)]
    query = urlencode([("ids", pk) for pk in _chosen(request)])
    context = {"drafts": shown, "query": query, "own_page": not is_fragment(request)}
    name = "_survey_pick" if is_fragment(request) else "survey_pick"
    return render(request, f"clients/{name}.html", context)


@require_http_methods(READ_AND_WRITE)
def survey_start(request: HttpRequest, pk: int) -> HttpResponse:
    """Whom it asks is shown first, then the letters go out."""
    survey, user, now = visible_survey(request, pk), person_of(request), timezone.now()
    if not permissions.can_start_survey(user, survey):
        raise PermissionDenied
    form = VersionForm(request.POST or None, initial={"version": survey.version})
    ids = _chosen(request)
    status = attempt(
        request,
        form,
        lambda: actions.start_survey(pk, by=user, now=now, client_ids=ids, **form.new_values()),
    )
    if not status:
        return saved(request, _("The e-mails are on their way"), event=EVENT, back=_page(survey))
    found = actions.audience(survey, by=user, now=now, client_ids=ids)
    more = {"body": "clients/_survey_audience.html", "audience": found, "ids": ids}
    title, submit = _("Send the survey?"), _("Send the letters")
    return dialog(request, form, title=title, submit=submit, status=status, **more)


@require_POST
def survey_ask_more(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask those who have agreed since."""
    survey, user = visible_survey(request, pk), person_of(request)
    if not permissions.runs_survey(user, survey):
        raise PermissionDenied
    version, ids = sent_version(request), _chosen(request)

    def write() -> int:
        now = timezone.now()
        return actions.ask_more(pk, by=user, version=version, now=now, client_ids=ids)

    text = _("The e-mails are on their way")
    return pressed(request, write, text, event=EVENT, back=_page(survey))


@require_POST
def survey_close(request: HttpRequest, pk: int) -> HttpResponse:
    """End it before its day."""
    survey, user = visible_survey(request, pk), person_of(request)
    if not permissions.runs_survey(user, survey):
        raise PermissionDenied
    version = sent_version(request)
    return pressed(
        request,
        lambda: actions.close_survey(pk, by=user, version=version),
        _("The survey is closed"),
        event=EVENT,
        back=_page(survey),
    )


@require_http_methods(READ_AND_WRITE)
def response_handle(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what was done about a bad mark."""
    user = person_of(request)
    rows = SurveyResponse.objects.visible_to(user).select_related("client", "invitation__survey")
    response: SurveyResponse = get_object_or_404(rows, pk=pk)
    if not permissions.can_handle_response(user, response):
        raise PermissionDenied
    form = MeasuresForm(request.POST or None, initial={"version": response.version})
    status = attempt(
        request,
        form,
        lambda: survey_answers.handle_response(
            pk, by=user, now=timezone.now(), **form.new_values()
        ),
    )
    if not status:
        return saved(request, _("Noted"), event=EVENT, back=_page(response.invitation.survey))
    words = {"title": _("%(client)s is dissatisfied") % {"client": response.client}}
    words |= {"text": response.comment, "submit": _("Dealt with")}
    return dialog(request, form, status=status, **words)


def _chosen(request: HttpRequest) -> list[int]:
    """Clients that were chosen in the register; none means the audience of the survey."""
    sent = request.POST if request.method == "POST" else request.GET
    found = (whole_number(text) for text in sent.getlist("ids")[:2000])
    return [pk for pk in found if pk is not None]


def _page(survey: Survey) -> str:
    return survey.get_absolute_url()


def visible_survey(request: HttpRequest, pk: int) -> Survey:
    """The survey; 404 for one that is not seen."""
    rows = Survey.objects.visible_to(person_of(request)).select_related("author", "manager")
    survey: Survey = get_object_or_404(rows, pk=pk)
    return survey
