"""What is pressed on the page of a retro bonus: the agreement's way, the way of an accrual."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods

from crm.approvals.limits import steps_of
from crm.dialogs import READ_AND_WRITE, asked
from crm.forms import ReasonForm, VersionForm
from crm.web import person_of
from deals import permissions
from deals.actions import retro as actions
from deals.actions import retro_accruals as accruals
from deals.forms.retro import GiveForm
from deals.models import RetroBonusAccrual, RetroBonusAgreement
from deals.pages.retro import RetroPage
from deals.views.retro import visible_retro

EVENT = "retro-changed"
Step = tuple[Callable[..., Any], Callable[..., bool], Any, Any]
# What is done, who may, the button, what is said afterwards.
STEPS: dict[str, Step] = {
    "check": (
        accruals.check_accrual,
        permissions.can_check_accrual,
        _lazy("Checked: documents and the base are right"),
        _lazy("Checked"),
    ),
    "recount": (
        accruals.recount_accrual,
        permissions.can_recount_accrual,
        _lazy("Recalculate from the documents"),
        pgettext_lazy("retro bonus", "Recalculated"),
    ),
    "approve": (
        accruals.approve_accrual,
        permissions.can_approve_accrual,
        _lazy("Approve the bonus"),
        pgettext_lazy("retro bonus", "Approved"),
    ),
    "close": (
        accruals.close_accrual,
        permissions.can_close_accrual,
        _lazy("Close: the papers are in order"),
        pgettext_lazy("retro bonus", "Closed"),
    ),
}


@require_http_methods(READ_AND_WRITE)
def retro_move(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Send, take back, give up or end an agreement."""
    moves = {"submit": _submit, "withdraw": _withdraw, "discard": _discard, "end": _end}
    if step not in moves:
        raise Http404
    return moves[step](request, visible_retro(request, pk))


def _submit(request: HttpRequest, agreement: RetroBonusAgreement) -> HttpResponse:
    """Who will decide is shown first."""
    user, today = person_of(request), timezone.localdate()
    if not permissions.can_submit_retro(user, agreement):
        raise PermissionDenied
    form = _version(request, agreement)
    found, unit = actions.retro_route(agreement), agreement.client.org_unit
    return _asked(
        request,
        agreement,
        form,
        lambda: actions.submit_retro(agreement.pk, by=user, today=today, **form.new_values()),
        title=_("Send the retro bonus for approval"),
        submit=_("Send for approval"),
        done=_("Sent for approval"),
        body="deals/_contract_way.html",
        steps=steps_of(found, author=user, org_unit=unit, today=today),
    )


def _withdraw(request: HttpRequest, agreement: RetroBonusAgreement) -> HttpResponse:
    user, today = person_of(request), timezone.localdate()
    return _asked(
        request,
        agreement,
        _version(request, agreement),
        lambda: actions.withdraw_retro(agreement.pk, by=user, today=today),
        may=RetroPage(agreement, user, today).may_withdraw,
        title=_("Withdraw the request?"),
        submit=_("Withdraw the request"),
        done=_("Withdrawn"),
    )


def _discard(request: HttpRequest, agreement: RetroBonusAgreement) -> HttpResponse:
    user, form = person_of(request), _version(request, agreement)
    return _asked(
        request,
        agreement,
        form,
        lambda: actions.discard_retro(agreement.pk, by=user, **form.new_values()),
        may=permissions.can_edit_retro(user, agreement),
        title=_("Give the draft up?"),
        submit=_("Give up"),
        done=_("Given up"),
    )


def _end(request: HttpRequest, agreement: RetroBonusAgreement) -> HttpResponse:
    user, today = person_of(request), timezone.localdate()
    form = ReasonForm(request.POST or None, initial={"version": agreement.version})
    return _asked(
        request,
        agreement,
        form,
        lambda: actions.end_retro(agreement.pk, by=user, today=today, **form.new_values()),
        may=permissions.can_end_retro(user, agreement),
        title=_("End the retro bonus"),
        submit=_("End the retro bonus"),
        done=_("Ended"),
    )


@require_http_methods(READ_AND_WRITE)
def retro_accrual_move(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Check, count anew, approve, give or close what is accrued."""
    accrual = _visible_accrual(request, pk)
    if step == "give":
        return _give(request, accrual)
    if step not in STEPS:
        raise Http404
    act, may, submit, done = STEPS[step]
    form = _version(request, accrual)
    return _asked(
        request,
        accrual,
        form,
        lambda: act(accrual.pk, by=person_of(request), **form.new_values()),
        may=may(person_of(request), accrual),
        submit=submit,
        done=str(done),
        body="deals/_retro_accrual.html",
        accrual=accrual,
    )


def _visible_accrual(request: HttpRequest, pk: int) -> RetroBonusAccrual:
    rows = RetroBonusAccrual.objects.visible_to(person_of(request))
    rows = rows.select_related("client__org_unit", "agreement__contract")
    accrual: RetroBonusAccrual = get_object_or_404(rows, pk=pk)
    return accrual


def _give(request: HttpRequest, accrual: RetroBonusAccrual) -> HttpResponse:
    user, today = person_of(request), timezone.localdate()
    form = GiveForm(request.POST or None, initial={"version": accrual.version, "on": today})
    return _asked(
        request,
        accrual,
        form,
        lambda: accruals.give_accrual(accrual.pk, by=user, today=today, **form.new_values()),
        may=permissions.can_give_accrual(user, accrual),
        submit=_("Record the settlement"),
        done=_("Saved"),
        body="deals/_retro_accrual.html",
        accrual=accrual,
    )


def _version(request: HttpRequest, record: Any) -> VersionForm:
    return VersionForm(request.POST or None, initial={"version": record.version})


def _asked(
    request: HttpRequest, record: Any, form: Any, write: Callable[[], object], **words: Any
) -> HttpResponse:
    return asked(request, record, form, write, event=EVENT, **words)
