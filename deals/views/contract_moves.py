"""Moves of a contract: on its way, back, signed, ended, handed up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crm.approvals.routes import preview
from crm.dialogs import READ_AND_WRITE, attempt, dialog, pressed, saved
from crm.forms import ReasonForm, VersionForm
from crm.web import person_of
from deals import permissions
from deals.actions import contract_signatures as signatures
from deals.actions import contracts as actions
from deals.forms.contracts import ClientSignForm, EndForm, SignForm
from deals.models import Contract
from deals.pages.contracts import ContractPage
from deals.views.contracts import EVENT, visible_contract


def _asked(
    request: HttpRequest,
    contract: Contract,
    form: Any,
    write: Callable[[dict[str, Any]], object],
    *,
    may: bool,
    done: str,
    **words: Any,
) -> HttpResponse:
    """A dialog over the contract that is sent once."""
    if not may:
        raise PermissionDenied
    status = attempt(request, form, lambda: write(form.new_values()))
    if not status:
        return saved(request, done, event=EVENT, back=contract.get_absolute_url())
    return dialog(request, form, status=status, **words)


@require_http_methods(READ_AND_WRITE)
def contract_submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Send it to its visas; who will sign is shown first."""
    contract, user, today = visible_contract(request, pk), person_of(request), timezone.localdate()
    steps = preview(
        actions.route_of(contract), author=user, org_unit=contract.client.org_unit, today=today
    )
    return _asked(
        request,
        contract,
        VersionForm(request.POST or None, initial={"version": contract.version}),
        lambda values: actions.submit_contract(pk, by=user, today=today, **values),
        may=permissions.can_submit_contract(user, contract),
        done=_("Sent for approval"),
        title=_("Send for approval: %(number)s") % {"number": contract},
        submit=_("Send for approval"),
        body="deals/_contract_way.html",
        steps=steps,
    )


@require_POST
def contract_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """The author takes it back from its way."""
    contract, user, today = visible_contract(request, pk), person_of(request), timezone.localdate()
    if not ContractPage(contract, user, today).may_withdraw:
        raise PermissionDenied
    return pressed(
        request,
        lambda: actions.withdraw_contract(pk, by=user, today=today),
        _("Withdrawn"),
        event=EVENT,
        back=contract.get_absolute_url(),
    )


@require_http_methods(READ_AND_WRITE)
def contract_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an approved contract back to change it."""
    contract, user = visible_contract(request, pk), person_of(request)
    return _asked(
        request,
        contract,
        VersionForm(request.POST or None, initial={"version": contract.version}),
        lambda values: actions.reopen_contract(pk, by=user, **values),
        may=permissions.can_reopen_contract(user, contract),
        done=_("The contract can be changed again"),
        title=_("Change an approved contract: %(number)s") % {"number": contract},
        text=_("It will pass all endorsements again."),
        submit=_("Take it back"),
    )


@require_http_methods(READ_AND_WRITE)
def contract_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Give up a contract that was not concluded."""
    contract, user, today = visible_contract(request, pk), person_of(request), timezone.localdate()
    return _asked(
        request,
        contract,
        ReasonForm(request.POST or None, initial={"version": contract.version}),
        lambda values: actions.cancel_contract(pk, by=user, today=today, **values),
        may=permissions.can_cancel_contract(user, contract),
        done=_("Not concluded"),
        title=_("Will not be concluded: %(number)s") % {"number": contract},
        submit=_("Give it up"),
    )


@require_http_methods(READ_AND_WRITE)
def contract_sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Our signature."""
    contract, user, today = visible_contract(request, pk), person_of(request), timezone.localdate()
    return _asked(
        request,
        contract,
        SignForm(request.POST or None, initial={"version": contract.version, "on": today}),
        lambda values: signatures.sign_contract(pk, by=user, today=today, **values),
        may=permissions.can_sign_contract(user, contract, today),
        done=_("Signed by us"),
        title=_("Sign: %(number)s") % {"number": contract},
        submit=_("Sign"),
    )


@require_http_methods(READ_AND_WRITE)
def contract_client_sign(request: HttpRequest, pk: int) -> HttpResponse:
    """The client has signed: in force."""
    contract, user, today = visible_contract(request, pk), person_of(request), timezone.localdate()
    return _asked(
        request,
        contract,
        ClientSignForm(request.POST or None, initial={"version": contract.version, "on": today}),
        lambda values: signatures.note_client_signature(pk, by=user, today=today, **values),
        may=permissions.can_note_client_signature(user, contract),
        done=_("In force"),
        title=_("Signed by the client: %(number)s") % {"number": contract},
        submit=_("Put it in force"),
    )


@require_http_methods(READ_AND_WRITE)
def contract_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask to end a contract before its term."""
    contract, user, today = visible_contract(request, pk), person_of(request), timezone.localdate()
    steps = preview(
        signatures.TERMINATION, author=user, org_unit=contract.client.org_unit, today=today
    )
    return _asked(
        request,
        contract,
        EndForm(request.POST or None, initial={"version": contract.version, "on": today}),
        lambda values: signatures.ask_to_end(pk, by=user, today=today, **values),
        may=permissions.can_end_contract(user, contract),
        done=_("Sent for approval"),
        title=_("End before its term: %(number)s") % {"number": contract},
        submit=_("Send for approval"),
        body="deals/_contract_way.html",
        steps=steps,
    )
