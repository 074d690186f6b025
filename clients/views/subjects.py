"""Personal data: requests of people, acts of destruction, whose term is over (CL-19)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from clients.actions import destruction, subjects
from clients.forms.subjects import (
    AnswerForm,
    DecideForm,
    ExtendForm,
    ProposeForm,
    SubjectRequestForm,
)
from clients.lists.subjects import REQUESTS
from clients.models import ContactPerson, DestructionAct, SubjectRequest
from clients.pages.subjects import ActPage, RetentionPage, SubjectPage
from clients.papers.subjects import act_pdf, stored_pdf
from clients.permissions import subjects as permissions
from crm import papers
from crm.accounts.actions import log_access
from crm.accounts.history_view import render_history
from crm.accounts.models import User
from crm.dialogs import READ_AND_WRITE, asked, attempt, dialog, saved
from crm.lists import render_list
from crm.web import person_of, whole_number

EVENT = "subject-changed"


@require_safe
def subject_list(request: HttpRequest) -> HttpResponseBase:
    """Requests of people about their data."""
    user = _reader(request)
    rows = SubjectRequest.objects.visible_to(user).for_list()
    return render_list(request, REQUESTS, rows)


@require_safe
def subject_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One request: what is stored about the person, the term, the answer."""
    row, user = _request_of(request, pk), person_of(request)
    page = SubjectPage(row, user, timezone.localdate())
    return render(request, "clients/subject_detail.html", {"row": row, "page": page})


@require_safe
def subject_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who registered, extended and answered."""
    return render_history(request, _request_of(request, pk))


@require_safe
def subject_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """What is stored about the person as a paper; who took it is noted."""
    row, user = _request_of(request, pk), person_of(request)
    page = SubjectPage(row, user, timezone.localdate())
    if not page.sees_person:
        raise PermissionDenied
    log_access(user, kind="export", target=f"clients:subject_paper:{pk}", rows=1, request=request)
    return papers.as_download(stored_pdf(page), f"{row.number}.pdf", papers.PDF)


@require_http_methods(READ_AND_WRITE)
def subject_create(request: HttpRequest, pk: int) -> HttpResponse:
    """Register a request of a person."""
    user, person, today = person_of(request), _person(request, pk), timezone.localdate()
    form = SubjectRequestForm(request.POST or None, today=today)
    made: list[SubjectRequest] = []

    def write() -> None:
        values = {**form.new_values(), "now": timezone.now(), "today": today}
        made.append(subjects.register_request(pk, by=user, **values))

    status = attempt(request, form, write)
    if not status:
        back = made[0].get_absolute_url() if made else reverse("clients:subject_list")
        return saved(request, _("The request is registered"), event=EVENT, back=back)
    title = _("Request about personal data: %(person)s") % {"person": person}
    return dialog(request, form, title=title, submit=_("Register"), status=status)


@require_http_methods(READ_AND_WRITE)
def subject_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer it or refuse it."""
    row, user = _request_of(request, pk), person_of(request)
    form = AnswerForm(request.POST or None, initial={"version": row.version})
    today = timezone.localdate()
    return asked(
        request,
        row,
        form,
        lambda: subjects.answer_request(pk, by=user, today=today, **form.new_values()),
        may=permissions.can_answer_subject(user, row),
        title=_("Answer: %(row)s") % {"row": row},
        submit=_("Save the answer"),
        done=_("The answer is saved"),
        event=EVENT,
    )


@require_http_methods(READ_AND_WRITE)
def subject_extend(request: HttpRequest, pk: int) -> HttpResponse:
    """Extend the term once."""
    row, user = _request_of(request, pk), person_of(request)
    form = ExtendForm(request.POST or None, initial={"version": row.version})
    return asked(
        request,
        row,
        form,
        lambda: subjects.extend_request(pk, by=user, **form.new_values()),
        may=permissions.can_answer_subject(user, row),
        title=_("Extend the term: %(row)s") % {"row": row},
        submit=_("Extend"),
        done=_("The term is extended"),
        event=EVENT,
    )


@require_http_methods(READ_AND_WRITE)
def destruction_propose(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose to destroy the data of a person."""
    user, person, today = person_of(request), _person(request, pk), timezone.localdate()
    given = {"request": whole_number(request.GET.get("request"))}
    form = ProposeForm(request.POST or None, initial=given)
    made: list[DestructionAct] = []

    def write() -> None:
        values = form.new_values()
        made.append(destruction.propose_destruction(pk, by=user, today=today, **values))

    status = attempt(request, form, write)
    if not status:
        back = made[0].get_absolute_url() if made else reverse("clients:subject_list")
        return saved(request, _("Proposed: another person decides"), event=EVENT, back=back)
    title = _("Destroy personal data: %(person)s") % {"person": person}
    return dialog(request, form, title=title, submit=_("Propose"), status=status)


@require_safe
def destruction_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """An act: why, who decided, what was destroyed and what stays."""
    act = _act(request, pk)
    page = ActPage(act, person_of(request))
    return render(request, "clients/destruction_detail.html", {"row": act, "page": page})


@require_safe
def destruction_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The act on paper, with the extract of the journal."""
    act = _act(request, pk)
    paper = act_pdf(ActPage(act, person_of(request)))
    return papers.as_download(paper, f"{act.number}.pdf", papers.PDF)


@require_http_methods(READ_AND_WRITE)
def destruction_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve or decline."""
    act, user = _act(request, pk), person_of(request)
    form = DecideForm(request.POST or None, initial={"version": act.version})
    now = timezone.now()
    return asked(
        request,
        act,
        form,
        lambda: destruction.decide_destruction(pk, by=user, now=now, **form.new_values()),
        may=permissions.can_decide_destruction(user, act),
        title=_("Destruction of personal data: %(act)s") % {"act": act},
        submit=_("Decide"),
        done=_("Decided"),
        event=EVENT,
    )


@require_safe
def retention_list(request: HttpRequest) -> HttpResponse:
    """People whose data has outlived its term; a person proposes, nothing goes by itself."""
    page = RetentionPage(_reader(request), timezone.localdate())
    return render(request, "clients/retention_list.html", {"page": page})


def _reader(request: HttpRequest) -> User:
    user = person_of(request)
    if not permissions.can_see_subjects(user):
        raise PermissionDenied
    return user


def _request_of(request: HttpRequest, pk: int) -> SubjectRequest:
    rows: Any = SubjectRequest.objects.visible_to(person_of(request)).for_list()
    row: SubjectRequest = get_object_or_404(
        rows.select_related("answered_by", "registered_by"), pk=pk
    )
    return row


def _act(request: HttpRequest, pk: int) -> DestructionAct:
    rows: Any = DestructionAct.objects.visible_to(person_of(request)).for_list()
    act: DestructionAct = get_object_or_404(
        rows.select_related("request", "proposed_by", "decided_by"), pk=pk
    )
    return act


def _person(request: HttpRequest, pk: int) -> ContactPerson:
    """A person whose data the reader keeps; 404 for whom the reader does not see."""
    user = person_of(request)
    rows = ContactPerson.objects.visible_to(user).select_related("client")
    person: ContactPerson = get_object_or_404(rows, pk=pk)
    if not permissions.can_ask_about(user, person):
        raise PermissionDenied
    return person
