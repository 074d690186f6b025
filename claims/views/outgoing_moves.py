"""What is pressed on the page of a claim against a client."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from claims.actions import outgoing as drafting
from claims.actions import outgoing_moves as actions
from claims.forms.outgoing import (
    AccrualForm,
    AnswerForm,
    RecountForm,
    SatisfyForm,
    SendForm,
    recount_initial,
)
from claims.permissions import outgoing as permissions
from claims.views.outgoing import visible_claim
from crm import dialogs
from crm.approvals.routes import preview
from crm.dialogs import READ_AND_WRITE, pressed
from crm.web import person_of, sent_version
from deals.forms.contracts import ReasonForm, VersionForm

EVENT = "outgoing-changed"


asked = partial(dialogs.asked, event=EVENT)


@require_http_methods(READ_AND_WRITE)
def outgoing_recount(request: HttpRequest, pk: int) -> HttpResponse:
    """Count it to another day."""
    claim, user, today = visible_claim(request, pk), person_of(request), timezone.localdate()
    form = RecountForm(request.POST or None, initial=recount_initial(claim, today))
    return asked(
        request,
        claim,
        form,
        lambda: drafting.recount_outgoing(pk, by=user, today=today, **form.recounting()),
        may=permissions.can_edit_outgoing(user, claim),
        done=_("Recalculated"),
        title=_("Recalculate"),
        submit=_("Count"),
    )


@require_http_methods(READ_AND_WRITE)
def outgoing_request(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the head to hand it to the lawyer; who will decide is shown first."""
    claim, user, today = visible_claim(request, pk), person_of(request), timezone.localdate()
    form = VersionForm(request.POST or None, initial={"version": claim.version})
    may = permissions.can_request_outgoing(user, claim)
    unit = claim.client.org_unit
    steps = preview(drafting.KIND, author=user, org_unit=unit, today=today) if may else None
    return asked(
        request,
        claim,
        form,
        lambda: drafting.request_outgoing(pk, by=user, today=today, **form.new_values()),
        may=may,
        done=_("Sent to the head"),
        title=_("Hand to the lawyer"),
        submit=_("Send for approval"),
        body="claims/_outgoing_request.html",
        steps=steps,
    )


@require_POST
def outgoing_initiate(request: HttpRequest, pk: int) -> HttpResponse:
    """The head hands it to the lawyer."""
    claim, user = visible_claim(request, pk), person_of(request)
    if not permissions.can_initiate_outgoing(user, claim):
        raise PermissionDenied
    version = sent_version(request)
    return pressed(
        request,
        lambda: drafting.initiate_outgoing(pk, by=user, version=version),
        _("Handed to the lawyer"),
        event=EVENT,
        back=claim.get_absolute_url(),
    )


@require_POST
def outgoing_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Whoever asked takes the request back: a draft again."""
    claim, user, today = visible_claim(request, pk), person_of(request), timezone.localdate()
    return pressed(
        request,
        lambda: drafting.withdraw_outgoing(pk, by=user, today=today),
        _("The request is withdrawn"),
        event=EVENT,
        back=claim.get_absolute_url(),
    )


def _with_reason(
    request: HttpRequest, pk: int, action: Any, right: Any, done: str, **words: Any
) -> HttpResponse:
    """A move that says why."""
    claim, user = visible_claim(request, pk), person_of(request)
    form = ReasonForm(request.POST or None, initial={"version": claim.version})
    return asked(
        request,
        claim,
        form,
        lambda: action(pk, by=user, **form.new_values()),
        may=right(user, claim),
        done=done,
        **words,
    )


@require_http_methods(READ_AND_WRITE)
def outgoing_return(request: HttpRequest, pk: int) -> HttpResponse:
    """The lawyer gives it back."""
    may, done = permissions.can_send_outgoing, _("Given back")
    words = {"title": _("Give back to be corrected"), "submit": _("Give back")}
    return _with_reason(request, pk, drafting.return_outgoing, may, done, **words)


@require_http_methods(READ_AND_WRITE)
def outgoing_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """It will not be sent."""

    def cancel(pk: int, **values: Any) -> object:
        return drafting.cancel_outgoing(pk, today=timezone.localdate(), **values)

    words = {"title": _("The claim will not be sent"), "submit": _("Cancel the claim")}
    return _with_reason(
        request, pk, cancel, permissions.can_cancel_outgoing, _("Cancelled"), **words
    )


@require_http_methods(READ_AND_WRITE)
def outgoing_close(request: HttpRequest, pk: int) -> HttpResponse:
    """No payment and no lawsuit."""

    def close(pk: int, **values: Any) -> object:
        return actions.close_outgoing(pk, today=timezone.localdate(), **values)

    words = {"title": _("Close without a lawsuit"), "submit": _("Close the claim")}
    return _with_reason(request, pk, close, permissions.can_end_outgoing, _("Closed"), **words)


@require_http_methods(READ_AND_WRITE)
def outgoing_send(request: HttpRequest, pk: int) -> HttpResponse:
    """It went out, with proof."""
    claim, user, today = visible_claim(request, pk), person_of(request), timezone.localdate()
    initial = {"version": claim.version, "on": today}
    form = SendForm(request.POST or None, files=request.FILES or None, initial=initial)
    return asked(
        request,
        claim,
        form,
        lambda: drafting.send_outgoing(
            pk, form.sending(), by=user, version=form.new_values()["version"], today=today
        ),
        may=permissions.can_send_outgoing(user, claim),
        done=_("Marked as sent: the time to answer has started"),
        title=_("The claim was sent"),
        submit=_("Save"),
    )


@require_http_methods(READ_AND_WRITE)
def outgoing_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """What the client answers."""
    claim, user, today = visible_claim(request, pk), person_of(request), timezone.localdate()
    initial = {"version": claim.version, "on": today}
    form = AnswerForm(request.POST or None, files=request.FILES or None, initial=initial)
    return asked(
        request,
        claim,
        form,
        lambda: actions.answer_outgoing(
            pk, form.answer(), by=user, version=form.new_values()["version"], today=today
        ),
        may=permissions.can_answer_outgoing(user, claim),
        done=_("The answer is recorded"),
        title=_("Answer to the claim"),
        submit=_("Save"),
    )


@require_http_methods(READ_AND_WRITE)
def outgoing_accrual(request: HttpRequest, pk: int) -> HttpResponse:
    """What came for penalty and interest."""
    claim, user = visible_claim(request, pk), person_of(request)
    initial = {"version": claim.version, "amount": claim.accrual_paid or None}
    form = AccrualForm(request.POST or None, initial=initial)
    return asked(
        request,
        claim,
        form,
        lambda: actions.note_accrual_paid(pk, by=user, **form.new_values()),
        may=permissions.can_note_accrual(user, claim),
        done=_("Saved"),
        title=_("Penalty and interest paid"),
        submit=_("Save"),
    )


@require_http_methods(READ_AND_WRITE)
def outgoing_satisfy(request: HttpRequest, pk: int) -> HttpResponse:
    """The debt is paid."""
    claim, user, today = visible_claim(request, pk), person_of(request), timezone.localdate()
    form = SatisfyForm(request.POST or None, initial={"version": claim.version})
    return asked(
        request,
        claim,
        form,
        lambda: actions.satisfy_outgoing(pk, by=user, today=today, **form.new_values()),
        may=permissions.can_end_outgoing(user, claim),
        done=_("Marked as satisfied"),
        title=_("The claim is satisfied"),
        submit=_("Save"),
    )


@require_POST
def outgoing_stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop shipping because of the claim."""
    claim, user, version = visible_claim(request, pk), person_of(request), sent_version(request)
    if not permissions.can_stop_for(user, claim):
        raise PermissionDenied
    return pressed(
        request,
        lambda: actions.stop_for_claim(pk, by=user, version=version, now=timezone.now()),
        _("Shipping stopped"),
        event=EVENT,
        back=claim.get_absolute_url(),
    )
