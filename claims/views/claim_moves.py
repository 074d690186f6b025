"""What is done with a claim: looked into, decided, compensated, answered, closed, opened again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claims import permissions
from claims.actions import claim_decisions as actions
from claims.actions.claim_replies import answer_by_letter
from claims.actions.claims import withdraw_claim
from claims.forms.claim_moves import (
    AnswerForm,
    AssignForm,
    CompensateForm,
    DecideForm,
    GuiltyForm,
    ObjectionForm,
)
from claims.models import Claim
from claims.pages.claims import ClaimPage
from claims.papers import reply
from claims.views.claims import visible_claim
from crm import papers
from crm.accounts.models import User
from crm.dialogs import READ_AND_WRITE, attempt, dialog, pressed, saved
from crm.errors import RuleViolation
from crm.web import person_of, sent_version
from deals.forms.contracts import ReasonForm

EVENT = "claim-changed"
Right = Callable[[User, Claim], bool]
CONTENT = {"pdf": papers.PDF, "docx": papers.DOCX}


@require_http_methods(READ_AND_WRITE)
def claim_assign(request: HttpRequest, pk: int) -> HttpResponse:
    """A head says who looks into it."""
    claim, user = _claim_for(request, pk, permissions.can_assign_claim)
    form = AssignForm(request.POST or None, claim=claim, user=user)
    return _answer(
        request,
        form,
        claim,
        lambda: actions.assign_claim(pk, by=user, **form.new_values()),
        title=_("Who looks into the claim"),
        submit=_("Assign"),
        done=_("Assigned"),
    )


@require_http_methods(READ_AND_WRITE)
def claim_examine(request: HttpRequest, pk: int) -> HttpResponse:
    """What was found out."""
    claim, user = _claim_for(request, pk, permissions.can_examine_claim)
    form = GuiltyForm(request.POST or None, claim=claim)
    return _answer(
        request,
        form,
        claim,
        lambda: actions.examine_claim(pk, form.findings_of(), by=user, version=_version(form)),
        title=_("What was found out about the claim"),
        submit=_("Save"),
        done=_("Findings recorded"),
    )


@require_http_methods(READ_AND_WRITE)
def claim_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Satisfied, in part or refused; who was second is told who decided."""
    claim, user, today = visible_claim(request, pk), person_of(request), timezone.localdate()
    may_look = claim.decided_on is not None and request.method == "POST"
    if not may_look and not permissions.can_decide_claim(user, claim):
        raise PermissionDenied
    form = DecideForm(request.POST or None, claim=claim)
    return _answer(
        request,
        form,
        claim,
        lambda: actions.decide_claim(
            pk, form.decided(), by=user, version=_version(form), today=today
        ),
        title=_("Decide the claim"),
        submit=_("Decide"),
        done=_("Decided"),
        body="claims/_claim_decide.html",
        page=ClaimPage(claim, user, today),
    )


@require_http_methods(READ_AND_WRITE)
def claim_compensate(request: HttpRequest, pk: int) -> HttpResponse:
    """The client has got it."""
    claim, user = _claim_for(request, pk, permissions.can_compensate_claim)
    today = timezone.localdate()
    form = CompensateForm(request.POST or None, claim=claim, today=today)
    return _answer(
        request,
        form,
        claim,
        lambda: actions.compensate_claim(pk, by=user, today=today, **form.new_values()),
        title=_("The client is compensated"),
        submit=_("Note"),
        done=_("Compensation recorded"),
    )


@require_http_methods(READ_AND_WRITE)
def claim_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The client is answered; the letter is made and kept."""
    claim, user = _claim_for(request, pk, permissions.can_answer_claim)
    today = timezone.localdate()
    form = AnswerForm(request.POST or None, claim=claim, today=today)
    return _answer(
        request,
        form,
        claim,
        lambda: answer_by_letter(pk, by=user, today=today, **form.new_values()),
        title=_("Answer the client"),
        submit=_("Mark as answered"),
        done=_("Answer recorded"),
        body="claims/_claim_answer.html",
    )


@require_safe
def claim_reply(request: HttpRequest, pk: int, suffix: str) -> HttpResponse:
    """The letter to look at before it is sent."""
    claim, user = _claim_for(request, pk, permissions.can_answer_claim)
    if suffix not in CONTENT:
        raise Http404
    try:
        content = reply.made(claim, suffix, by=user, on=timezone.localdate())
    except RuleViolation as refusal:
        messages.error(request, _("DOCX: %(why)s") % {"why": refusal})
        return redirect(claim)
    return papers.as_download(content, reply.file_name(claim, suffix), CONTENT[suffix])


@require_POST
def claim_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Nothing is left to do."""
    claim, user = _claim_for(request, pk, permissions.can_close_claim)
    version = sent_version(request)
    return pressed(
        request,
        lambda: actions.close_claim(pk, by=user, version=version),
        _("The claim is closed"),
        event=EVENT,
        back=claim.get_absolute_url(),
    )


@require_http_methods(READ_AND_WRITE)
def claim_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """The client objects."""
    claim, user = _claim_for(request, pk, permissions.can_reopen_claim)
    today = timezone.localdate()
    form = ObjectionForm(request.POST or None, initial={"version": claim.version})
    return _answer(
        request,
        form,
        claim,
        lambda: actions.reopen_claim(pk, by=user, today=today, **form.new_values()),
        title=_("Open the claim again"),
        submit=_("Open again"),
        done=_("The claim is opened again"),
        text=_("The decision is withdrawn; the history keeps it. The time to answer starts again."),
    )


@require_http_methods(READ_AND_WRITE)
def claim_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """The client takes it back."""
    claim, user = _claim_for(request, pk, permissions.can_withdraw_claim)
    form = ReasonForm(request.POST or None, initial={"version": claim.version})
    return _answer(
        request,
        form,
        claim,
        lambda: withdraw_claim(pk, by=user, today=timezone.localdate(), **form.new_values()),
        title=_("The client withdraws the claim"),
        submit=_("Mark as withdrawn"),
        done=_("The claim is withdrawn"),
        text=_("By the client's own word, before anything was decided."),
    )


def _claim_for(request: HttpRequest, pk: int, may: Right) -> tuple[Claim, User]:
    claim, user = visible_claim(request, pk), person_of(request)
    if not may(user, claim):
        raise PermissionDenied
    return claim, user


def _answer(
    request: HttpRequest,
    form: Any,
    claim: Claim,
    write: Callable[[], object],
    *,
    title: str,
    submit: str,
    done: str,
    **more: Any,
) -> HttpResponse:
    status = attempt(request, form, write)
    if not status:
        return saved(request, done, event=EVENT, back=claim.get_absolute_url())
    words = {"title": title, "submit": submit, "about": f"{claim}, {claim.client}"}
    return dialog(request, form, status=status, claim=claim, **words, **more)


def _version(form: Any) -> int:
    return form.cleaned_data["version"] or 0
