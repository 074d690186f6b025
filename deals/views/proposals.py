"""Proposals: the register, one proposal, the line editor, the PDF."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from clients.models import Client
from clients.views.answers import STALE
from crm import papers
from crm.accounts.history_view import render_history
from crm.dialogs import READ_AND_WRITE, beside_its_field
from crm.errors import RuleViolation
from crm.lists import render_list
from crm.web import move_on, person_of, whole_number
from deals import permissions
from deals.actions import proposals as actions
from deals.forms.proposals import ProposalEditor
from deals.lists.proposals import PROPOSALS
from deals.models import Proposal, ProposalState
from deals.pages.proposals import ProposalPage
from deals.papers.proposal import file_name, pdf_of


@require_safe
def proposal_list(request: HttpRequest) -> HttpResponseBase:
    """The register of proposals."""
    user = person_of(request)
    if not permissions.can_see_proposals(user):
        raise PermissionDenied
    context = {
        "may_create": permissions.can_write_proposals(user),
    }
    rows = Proposal.objects.visible_to(user).for_list()
    if "state" not in request.GET:
        rows = rows.exclude(state=ProposalState.DISCARDED)
    return render_list(request, PROPOSALS, rows, context=context)


@require_safe
def proposal_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One proposal: its lines with what deviates, its way, versions, files."""
    proposal = visible_proposal(request, pk)
    page = ProposalPage(proposal, person_of(request), timezone.localdate())
    return render(request, "deals/proposal_detail.html", {"proposal": proposal, "page": page})


@require_http_methods(READ_AND_WRITE)
def proposal_create(request: HttpRequest) -> HttpResponse:
    """Write a proposal, to the client of the address or to one to be named."""
    user = person_of(request)
    if not permissions.can_write_proposals(user):
        raise PermissionDenied
    if request.method == "POST":
        return _sent(request, None)
    pk = whole_number(request.GET.get("client"))
    client = Client.objects.visible_to(user).open().filter(pk=pk).first() if pk else None
    initial = {"client": client, "is_individual": client is not None and client.category == "A"}
    return _show(request, ProposalEditor.empty(user, initial), None, 200)


@require_http_methods(READ_AND_WRITE)
def proposal_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a draft."""
    proposal = visible_proposal(request, pk)
    if not permissions.can_edit_proposal(person_of(request), proposal):
        raise PermissionDenied
    if request.method == "POST":
        return _sent(request, proposal)
    editor = ProposalEditor.stored(proposal, person_of(request))
    return _show(request, editor, proposal, 200)


def _sent(request: HttpRequest, proposal: Proposal | None) -> HttpResponse:
    user, command = person_of(request), request.POST.get("command", "")
    if command.startswith(("add", "remove")):
        editor = ProposalEditor.rearranged(request.POST, user, proposal, command)
        return _show(request, editor, proposal, 200)
    editor = ProposalEditor.sent(request.POST, user, proposal)
    if not editor.is_valid() or not editor.prices_allowed(timezone.localdate()):
        return _show(request, editor, proposal, 422)
    try:
        written = _write(request, editor, proposal)
    except RuleViolation as refusal:
        return _refused(request, editor, proposal, refusal)
    return move_on(request, written.get_absolute_url())


def _write(request: HttpRequest, editor: ProposalEditor, proposal: Proposal | None) -> Proposal:
    by, values = person_of(request), editor.head.cleaned_data
    given: dict[str, Any] = {
        "head": editor.head.head(),
        "goods": editor.lines(),
        "today": timezone.localdate(),
    }
    if proposal is None:
        return actions.create_proposal(by=by, key=values["key"], **given)
    version = values["version"] or 0
    return actions.edit_proposal(proposal.pk, by=by, version=version, **given)


def _refused(
    request: HttpRequest, editor: ProposalEditor, proposal: Proposal | None, refusal: RuleViolation
) -> HttpResponse:
    status = beside_its_field(editor.head, refusal)
    if status == STALE and proposal is not None:
        editor.head.compare_with(visible_proposal(request, proposal.pk))
    return _show(request, editor, proposal, status)


def _show(
    request: HttpRequest, editor: ProposalEditor, proposal: Proposal | None, status: int
) -> HttpResponse:
    context = {"editor": editor, "proposal": proposal}
    return render(request, "deals/proposal_form.html", context, status=status)


@require_safe
def proposal_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The proposal as a PDF."""
    proposal = visible_proposal(request, pk)
    return papers.as_download(pdf_of(proposal), file_name(proposal), papers.PDF)


@require_safe
def proposal_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who changed what of the proposal."""
    return render_history(request, visible_proposal(request, pk))


def visible_proposal(request: HttpRequest, pk: int) -> Proposal:
    """The proposal with the names that its page shows; 404 for one that is not seen."""
    rows = Proposal.objects.visible_to(person_of(request)).select_related(
        "client__manager", "client__org_unit", "author", "root"
    )
    proposal: Proposal = get_object_or_404(rows, pk=pk)
    return proposal
