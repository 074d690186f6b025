"""The category of a client: its tab on the card, the request to change, the first category."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import trigger_client_event

from clients import permissions
from clients.actions import categories, category_proposals
from clients.categorising.category_terms import category_by_potential, compare
from clients.categorising.recommendation import recommended
from clients.forms.categories import AssignCategoryForm, CategoryChangeForm, CategoryProposalForm
from clients.models import CategoryChangeRequest, CategoryProposal, Client, ClientCategory
from clients.pages.category_evidence import history_of
from crm.accounts.models import User
from crm.approvals.models import Approval
from crm.approvals.routes import preview
from crm.approvals.signers import turn_of
from crm.errors import RuleViolation, StaleVersion
from crm.shell.middleware import is_htmx
from crm.web import person_of

OPEN = ("draft", "submitted", "endorsed", "approved", "returned")


@require_safe
def category_tab(request: HttpRequest, pk: int) -> HttpResponse:
    """History, the open request with its way, and what the person may do."""
    client = _client(request, pk)
    if not permissions.can_see_category(person_of(request)):
        raise PermissionDenied
    context = _tab_context(person_of(request), client, timezone.localdate())
    template = "clients/_category_tab.html" if is_htmx(request) else "clients/category.html"
    return render(request, template, context)


@require_http_methods(["GET", "HEAD", "POST"])
def category_request(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a change, or correct the draft or the returned request; the way is shown first."""
    client, user, today = _client(request, pk), person_of(request), timezone.localdate()
    known = _open_request(client)
    if known is None and not permissions.can_request_category_change(user, client):
        raise PermissionDenied(categories.refusal_of(client))
    if known is not None and not permissions.can_correct_category_change(user, known):
        raise PermissionDenied(_("A request for this client is already on its way."))
    form = CategoryChangeForm(
        request.POST or None, client=client, request=known, today=today, initial=_wished(request)
    )
    status = 200
    if request.method == "POST":
        if form.is_valid() and _saved(request, client, known, form, today):
            sent = "draft" not in request.POST
            return _done(request, client, _("Sent for approval") if sent else _("Draft saved"))
        status = 409 if form.has_error("__all__", "stale") else 422
    context = _form_context(user, client, known, today) | {"form": form}
    return _form(request, "category_request", context, status)


@require_http_methods(["GET", "HEAD", "POST"])
def category_propose(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose the category of a new client to the head of the department."""
    client, user, today = _client(request, pk), person_of(request), timezone.localdate()
    if not permissions.can_propose_category(user, client):
        raise PermissionDenied
    known = CategoryProposal.objects.filter(client=client).first()
    initial = {"category": known.category or "", "reason": known.reason} if known else {}
    form = CategoryProposalForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = form.new_values()
        if _tried(form, category_proposals.propose_category, pk, by=user, today=today, **values):
            return _done(request, client, _("Sent to the head"))
    steps = preview("category.initial", author=user, org_unit=client.org_unit, today=today)
    context = {"client": client, "form": form, "steps": steps, "today": today}
    return _form(request, "category_propose", context, 422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def category_assign(request: HttpRequest, pk: int) -> HttpResponse:
    """The head gives a new client its category at once."""
    client, user, today = _client(request, pk), person_of(request), timezone.localdate()
    if permissions.assigning_head(user, client, today=today) is None:
        raise PermissionDenied(_("The head of the client's department decides."))
    form = AssignCategoryForm(request.POST or None, client=client)
    if request.method == "POST" and form.is_valid():
        values = form.new_values()
        if _tried(form, category_proposals.assign_category, pk, by=user, today=today, **values):
            return _done(request, client, _("Category assigned"))
    suggested = category_by_potential(client.potential_monthly)
    context = {"client": client, "form": form, "recommended": suggested}
    return _form(request, "category_assign", context, 422 if form.errors else 200)


@require_POST
def category_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """The author takes the open request back."""
    client, user, today = _client(request, pk), person_of(request), timezone.localdate()
    known = get_object_or_404(CategoryChangeRequest, client=client, state__in=OPEN)
    try:
        categories.withdraw_category_change(known.pk, by=user, today=today)
    except RuleViolation as refusal:
        context = _tab_context(user, client, today) | {"notice": str(refusal)}
        template = "clients/_category_tab.html" if is_htmx(request) else "clients/category.html"
        return render(request, template, context, status=refusal.status)
    return _done(request, client, _("Withdrawn"))


def _client(request: HttpRequest, pk: int) -> Client:
    rows = Client.objects.visible_to(person_of(request)).select_related("manager", "org_unit")
    client: Client = get_object_or_404(rows, pk=pk)
    return client


def _open_request(client: Client) -> CategoryChangeRequest | None:
    rows = CategoryChangeRequest.objects.filter(client=client, state__in=OPEN)
    return rows.select_related("author").first()


def _wished(request: HttpRequest) -> dict[str, str]:
    """The category that a link proposes."""
    wish = request.GET.get("to", "")
    return {"to_category": wish} if wish in ClientCategory.values else {}


def _saved(
    request: HttpRequest,
    client: Client,
    known: CategoryChangeRequest | None,
    form: CategoryChangeForm,
    today: date,
) -> bool:
    """Write the request and, unless it stays a draft, send it; refusals go into the form."""
    values = form.new_values() | {"by": person_of(request), "today": today}
    return _tried(
        form,
        categories.save_category_change,
        client.pk,
        request_id=known.pk if known else None,
        version=form.cleaned_data["version"] or 0,
        send="draft" not in request.POST,
        **values,
    )


def _tried(form: Form, action: Any, *args: Any, **values: Any) -> bool:
    """Run the action; a refusal becomes an error of the form."""
    try:
        action(*args, **values)
    except StaleVersion as refusal:
        form.add_error(None, ValidationError(str(refusal), code="stale"))
        return False
    except RuleViolation as refusal:
        known = refusal.field if refusal.field in form.fields else None
        form.add_error(known, str(refusal))
        return False
    return True


def _tab_context(user: User, client: Client, today: date) -> dict[str, Any]:
    known = _open_request(client)
    proposal = None
    if client.category is None:
        proposal = CategoryProposal.objects.filter(client=client).select_related("author").first()
    approval = _approval(known or proposal)
    people, substitutes = turn_of(approval, today) if approval else ([], [])
    return {
        "client": client,
        "assignments": history_of(client),
        "recommended": category_by_potential(client.potential_monthly),
        "suggested": recommended(client, today=today),
        "open_request": known,
        "proposal": proposal,
        "approval": approval,
        "people": people,
        "substitutes": substitutes,
        "may": _rights(user, client, known, today),
        "today": today,
    }


def _approval(target: CategoryChangeRequest | CategoryProposal | None) -> Approval | None:
    """The last approval of the request with its steps."""
    if target is None:
        return None
    return Approval.objects.of(target).with_steps().select_related("author").first()


def _rights(
    user: User, client: Client, known: CategoryChangeRequest | None, today: date
) -> dict[str, bool]:
    return {
        "request": known is None and permissions.can_request_category_change(user, client),
        "correct": known is not None and permissions.can_correct_category_change(user, known),
        "withdraw": known is not None and permissions.can_withdraw_category_change(user, known),
        "propose": permissions.can_propose_category(user, client),
        "assign": permissions.can_assign_category(user, client, today=today),
    }


def _form_context(
    user: User, client: Client, known: CategoryChangeRequest | None, today: date
) -> dict[str, Any]:
    return {
        "client": client,
        "open_request": known,
        "steps": preview("category.change", author=user, org_unit=client.org_unit, today=today),
        "terms": [(c, compare(client.category, c)) for c in "ABC" if c != client.category],
        "today": today,
    }


def _form(request: HttpRequest, name: str, context: dict[str, Any], status: int) -> HttpResponse:
    template = f"clients/_{name}.html" if is_htmx(request) else f"clients/{name}.html"
    return render(request, template, context, status=status)


def _done(request: HttpRequest, client: Client, text: str) -> HttpResponse:
    """Close the dialog and let the tab and the header read anew."""
    if not is_htmx(request):
        messages.success(request, text)
        return redirect("clients:category_tab", client.pk)
    answer = HttpResponse(status=204)
    for event in ("dialog-close", "category-changed", "counters"):
        trigger_client_event(answer, event)
    trigger_client_event(answer, "toast", {"text": text, "tone": "success"})
    return answer
