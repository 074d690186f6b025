"""What a contact person sees and does by the link of a survey; who comes in, the door decides."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy

from clients.actions import survey_answers as actions
from clients.forms.surveys import AnswerForm
from clients.models import SurveyInvitation, SurveyResponse
from clients.our_company import our_name
from crm.dialogs import beside_its_field
from crm.errors import RuleViolation
from crm.links.doors import Door, NoSuchLink, Visitor, token_in

DOOR = Door(
    "survey",
    find=actions.find_invitation,
    title=gettext_lazy("Survey"),
    page="survey_public_page",
    back=gettext_lazy("Back to the survey"),
)


@DOOR.public("GET", "HEAD")
def survey_public_page(
    request: HttpRequest, link: SurveyInvitation, visitor: Visitor
) -> HttpResponse:
    """The questions, or thanks."""
    actions.note_opened(link, visitor)
    return _page(request, link, _form(link))


@DOOR.public("POST")
def survey_public_answer(
    request: HttpRequest, link: SurveyInvitation, visitor: Visitor
) -> HttpResponse:
    """Keep the answers, once."""
    form, status = _form(link, request), 422
    if form.is_valid():
        try:
            actions.answer_survey(token_in(request), form.given(), visitor=visitor)
            return redirect("survey_public_page", token=token_in(request))
        except NoSuchLink:
            raise
        except RuleViolation as refusal:
            status = beside_its_field(form, refusal)
    return _page(request, link, form, status=status)


@DOOR.public("POST")
def survey_public_stop(
    request: HttpRequest, link: SurveyInvitation, visitor: Visitor
) -> HttpResponse:
    """No more letters of this kind: the consent ends."""
    actions.stop_writing(token_in(request), visitor=visitor)
    return render(request, "clients/survey_public_stopped.html", {"company": our_name()})


def _form(link: SurveyInvitation, request: HttpRequest | None = None) -> AnswerForm:
    questions = link.survey.questions.all()  # type: ignore[attr-defined]
    return AnswerForm(request.POST if request else None, questions=questions)


def _page(
    request: HttpRequest, link: SurveyInvitation, form: AnswerForm, status: int = 200
) -> HttpResponse:
    context = {
        "invitation": link,
        "form": form,
        "answered": SurveyResponse.objects.filter(invitation=link).exists(),
        "company": our_name(),
        "token": token_in(request),
    }
    return render(request, "clients/survey_public.html", context, status=status)
