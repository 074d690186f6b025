"""What is pressed on the page of a proposal: approval, sending, the client's answer, versions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crm.approvals.limits import steps_of
from crm.dialogs import READ_AND_WRITE, attempt, dialog, pressed, saved
from crm.forms import VersionForm
from crm.web import move_on, person_of, sent_version
from crm.work.registry import setting
from deals import permissions
from deals.actions import proposal_moves as moves
from deals.actions import proposals as actions
from deals.forms.proposals import AcceptForm, DeclineForm, SendForm
from deals.models import Order, Proposal
from deals.pages.proposals import ProposalPage
from deals.views.proposals import visible_proposal

EVENT = "proposal-changed"


@require_http_methods(READ_AND_WRITE)
def proposal_submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Send it for approval; who will decide is shown first."""
    proposal, user, today = visible_proposal(request, pk), person_of(request), timezone.localdate()
    if not permissions.can_edit_proposal(user, proposal):
        raise PermissionDenied
    form = VersionForm(request.POST or None, initial={"version": proposal.version})
    status = attempt(
        request,
        form,
        lambda: actions.submit_proposal(pk, by=user, today=today, **form.new_values()),
    )
    if not status:
        return _saved(request, proposal, _("Sent for approval"))
    found = actions.way_of(proposal.deviation)
    steps = steps_of(found, author=user, org_unit=proposal.client.org_unit, today=today)
    title = _("Send for approval: %(number)s") % {"number": proposal}
    words: dict[str, Any] = {"title": title, "submit": _("Send for approval"), "status": status}
    return dialog(request, form, body="deals/_contract_way.html", steps=steps, **words)


@require_POST
def proposal_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """The author takes it back from its way."""
    proposal, user, today = visible_proposal(request, pk), person_of(request), timezone.localdate()
    if not ProposalPage(proposal, user, today).may_withdraw:
        raise PermissionDenied
    return pressed(
        request,
        lambda: actions.withdraw_proposal(pk, by=user, today=today),
        _("Withdrawn"),
        event=EVENT,
        back=proposal.get_absolute_url(),
    )


@require_POST
def proposal_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Back to the draft; its approval is void."""
    proposal, user = visible_proposal(request, pk), person_of(request)
    if not permissions.can_reopen_proposal(user, proposal):
        raise PermissionDenied
    return pressed(
        request,
        lambda: actions.reopen_proposal(pk, by=user, version=sent_version(request)),
        _("The proposal can be changed again"),
        event=EVENT,
        back=proposal.get_absolute_url(),
    )


@require_POST
def proposal_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw the draft away."""
    proposal, user = visible_proposal(request, pk), person_of(request)
    if not permissions.can_discard_proposal(user, proposal):
        raise PermissionDenied
    return pressed(
        request,
        lambda: actions.discard_proposal(pk, by=user, version=sent_version(request)),
        _("Draft thrown away"),
        event=EVENT,
        back=proposal.get_absolute_url(),
    )


@require_http_methods(READ_AND_WRITE)
def proposal_send(request: HttpRequest, pk: int) -> HttpResponse:
    """It went to the client."""
    proposal, user, today = visible_proposal(request, pk), person_of(request), timezone.localdate()
    if not permissions.can_send_proposal(user, proposal):
        raise PermissionDenied
    form = SendForm(request.POST or None, initial={"version": proposal.version, "on": today})
    status = attempt(
        request,
        form,
        lambda: moves.send_proposal(pk, by=user, today=today, **form.new_values()),
    )
    if not status:
        return _saved(request, proposal, _("Sent; the PDF stands among the files"))
    title = _("Sent to the client: %(number)s") % {"number": proposal}
    return dialog(request, form, title=title, submit=_("Mark as sent"), status=status)


@require_http_methods(READ_AND_WRITE)
def proposal_accept(request: HttpRequest, pk: int) -> HttpResponse:
    """The client agrees; the draft of the order opens where one was asked for."""
    proposal, user, today = visible_proposal(request, pk), person_of(request), timezone.localdate()
    if not permissions.can_answer_proposal(user, proposal):
        raise PermissionDenied
    form = AcceptForm(request.POST or None, initial={"version": proposal.version, "on": today})
    made: list[Order | None] = []
    status = attempt(
        request,
        form,
        lambda: made.append(moves.accept_proposal(pk, by=user, today=today, **form.new_values())),
    )
    if not status:
        target = made[0] or proposal
        return move_on(request, target.get_absolute_url())
    title = _("Accepted by the client: %(number)s") % {"number": proposal}
    return dialog(request, form, title=title, submit=_("Accepted by the client"), status=status)


@require_http_methods(READ_AND_WRITE)
def proposal_decline(request: HttpRequest, pk: int) -> HttpResponse:
    """The client does not want it."""
    proposal, user, today = visible_proposal(request, pk), person_of(request), timezone.localdate()
    if not permissions.can_answer_proposal(user, proposal):
        raise PermissionDenied
    form = DeclineForm(request.POST or None, initial={"version": proposal.version, "on": today})
    status = attempt(
        request,
        form,
        lambda: moves.decline_proposal(pk, by=user, today=today, **form.new_values()),
    )
    if not status:
        return _saved(request, proposal, _("Noted: declined"))
    title = _("Declined by the client: %(number)s") % {"number": proposal}
    return dialog(request, form, title=title, submit=_("Declined by the client"), status=status)


@require_POST
def proposal_renew(request: HttpRequest, pk: int) -> HttpResponse:
    """The next version, to be edited."""
    proposal, user, today = visible_proposal(request, pk), person_of(request), timezone.localdate()
    if not permissions.can_renew_proposal(user, proposal):
        raise PermissionDenied
    holds = today + timedelta(days=setting("proposal.valid_days"))
    return _made(
        request,
        proposal,
        lambda: actions.renew_proposal(
            pk, by=user, version=sent_version(request), today=today, holds=holds
        ),
    )


@require_POST
def proposal_order(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft of an order of what was accepted."""
    proposal, user, today = visible_proposal(request, pk), person_of(request), timezone.localdate()
    if not permissions.can_order_proposal(user, proposal):
        raise PermissionDenied
    return _made(
        request,
        proposal,
        lambda: moves.order_proposal(pk, by=user, version=sent_version(request), today=today),
    )


def _made(request: HttpRequest, proposal: Proposal, make: Any) -> HttpResponse:
    """On to what was made, or the refusal on the page of the proposal."""
    made: list[Any] = []
    back = proposal.get_absolute_url()
    answer = pressed(request, lambda: made.append(make()), "", event=EVENT, back=back)
    return move_on(request, made[0].get_absolute_url()) if made else answer


def _saved(request: HttpRequest, proposal: Proposal, text: str) -> HttpResponse:
    return saved(request, text, event=EVENT, back=proposal.get_absolute_url())
