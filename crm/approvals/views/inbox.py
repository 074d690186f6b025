"""The decisions inbox: list on the left, evidence and decision on the right (ux.md)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages as flash
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import replace_url, trigger_client_event

from crm.accounts.models import User
from crm.approvals import actions, registry
from crm.approvals import inbox as reads
from crm.approvals.forms import DecisionForm, RevokeForm, selected
from crm.approvals.models import Approval
from crm.errors import RuleViolation, StaleVersion
from crm.shell.middleware import is_htmx

DONE = {
    "approve": gettext_lazy("Approved"),
    "return": gettext_lazy("Returned for rework"),
    "reject": gettext_lazy("Rejected"),
}


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """The list of a tab with the evidence of the chosen request.

    The evidence of the first one, chosen by nobody, follows where its place is in view; a phone
    has no such place and is spared the work.
    """
    today, user = timezone.localdate(), _user(request)
    state = reads.State.of(request.GET)
    page = reads.page(user, state, today=today)
    panel = reads.panel(user, state.open, today=today) if state.open else None
    if state.open and panel is None:
        raise Http404
    first = page.rows[0] if page.rows and not state.open else None
    chosen = first.approval.pk if first else state.open
    context = _list_context(page, chosen) | _panel_context(panel, state)
    context["later_url"] = first.detail_url if first else ""
    return render(request, "approvals/inbox.html", context)


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One request: the right side for htmx, a page of its own for phones and links."""
    return _show(request, pk, reads.State.of(request.GET))


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign; then the next request of the list opens. A lost race answers 409 and says to whom."""
    user, today = _user(request), timezone.localdate()
    approval = get_object_or_404(Approval.objects.visible_to(user, today=today), pk=pk)
    state = reads.State.of(QueryDict(request.POST.get("state", "")))
    form, extra = DecisionForm(request.POST), _extra_form(request, approval)
    if form.is_valid() and (extra is None or extra.is_valid()):
        values = form.new_values() | {"extra": extra.cleaned_data if extra else {}}
        try:
            decided = actions.decide(pk, by=user, today=today, **values)
        except StaleVersion as refusal:
            comment = form.cleaned_data["comment"]
            return _show(request, pk, state, comment=comment, notice=str(refusal), status=409)
        except RuleViolation as refusal:
            form.add_error("comment" if refusal.field == "comment" else None, str(refusal))
        else:
            return _after(request, decided, state, _said(decided, values["decision"]))
    return _show(request, pk, state, form=form, extra=extra, status=422)


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """The author takes the request back."""
    user, today = _user(request), timezone.localdate()
    get_object_or_404(Approval.objects.visible_to(user, today=today), pk=pk)
    state = reads.State.of(QueryDict(request.POST.get("state", "")))
    try:
        actions.withdraw(pk, by=user, today=today)
    except RuleViolation as refusal:
        return _show(request, pk, state, notice=str(refusal), status=refusal.status)
    if not is_htmx(request):
        flash.success(request, _("Withdrawn"))
        return redirect("approvals:detail", pk)
    return _toasted(_show(request, pk, state), _("Withdrawn"))


@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Whoever decided takes the approval back before it takes effect."""
    user, today = _user(request), timezone.localdate()
    get_object_or_404(Approval.objects.visible_to(user, today=today), pk=pk)
    state = reads.State.of(QueryDict(request.POST.get("state", "")))
    form = RevokeForm(request.POST)
    if not form.is_valid():
        return _show(request, pk, state, revoking=form, status=422)
    try:
        actions.revoke(pk, by=user, today=today, **form.new_values())
    except RuleViolation as refusal:
        return _show(request, pk, state, notice=str(refusal), status=refusal.status)
    if not is_htmx(request):
        flash.success(request, _("The approval is taken back"))
        return redirect("approvals:detail", pk)
    return _toasted(_show(request, pk, state), _("The approval is taken back"))


@require_POST
def approve_selected(request: HttpRequest) -> HttpResponse:
    """Approve the ticked rows; those refused are named with their reasons, the others are done."""
    user, today = _user(request), timezone.localdate()
    state = reads.State.of(QueryDict(request.POST.get("state", "")))
    answers = actions.approve_many(selected(request.POST.getlist("row")), by=user, today=today)
    refused = [answer for answer in answers if answer.refusal]
    bulk = {"done": len(answers) - len(refused), "refused": refused}
    page = reads.page(user, replace(state, open=None), today=today)
    pk = _next(page, "")
    panel = reads.panel(user, pk, today=today) if pk and is_htmx(request) else None
    context = _list_context(page, pk) | _panel_context(panel, state)
    context |= {"place": "inbox", "with_list": True, "bulk": bulk}
    template = "approvals/_after_decision.html" if is_htmx(request) else "approvals/inbox.html"
    answer = render(request, template, context, status=200 if answers else 422)
    done = _("Approved: %(n)s") % {"n": bulk["done"]}
    return _toasted(answer, done) if bulk["done"] else answer


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _said(approval: Approval, decision: str) -> str:
    return f"{DONE[decision]}: {approval.called}"


def _extra_form(request: HttpRequest, approval: Approval) -> Form | None:
    """What the signer adds to a yes, e.g. the category that the head assigns."""
    handler = registry.handler(approval.kind)
    if handler.decision_form is None or request.POST.get("decision") != "approve":
        return None
    target = handler.load(approval.object_id)
    return handler.decision_form(request.POST, target=target)


def _list_context(page: reads.Page, chosen: int | None) -> dict[str, Any]:
    state = page.state
    chosen_kind = registry.handler(state.kind) if state.kind else None
    return {
        "page": page,
        "chosen": chosen,
        "chosen_kind": chosen_kind,
        "kind_list_url": chosen_kind.list_url() if chosen_kind and chosen_kind.list_url else "",
        "tabs": _tabs(state),
        "all_kinds_url": reads.State(tab=state.tab).url(),
    }


def _tabs(state: reads.State) -> list[tuple[str, str, bool]]:
    labels = {"waiting": _("To decide"), "mine": _("Asked by me"), "decided": _("Decided")}
    return [
        (labels[tab], reads.State(tab=tab, kind=state.kind).url(), tab == state.tab)
        for tab in reads.TABS
    ]


def _panel_context(panel: reads.Panel | None, state: reads.State, **typed: Any) -> dict[str, Any]:
    """The request with its forms; `typed` are those that come back with a refusal."""
    context: dict[str, Any] = {"panel": panel, "state": state, "today": timezone.localdate()}
    if panel is None:
        return context
    shown = {"version": panel.approval.version}
    if panel.revocable:
        context["revoking"] = typed.get("revoking") or RevokeForm(initial=shown)
    if panel.capacity is None:
        return context
    extra = typed.get("extra")
    if extra is None and panel.handler.decision_form is not None:
        extra = panel.handler.decision_form(None, target=panel.target)
    shown |= {"target_version": panel.approval.target_version}
    blank = DecisionForm(initial=shown | {"comment": typed.get("comment", "")})
    return context | {"form": typed.get("form") or blank, "extra": extra}


def _show(
    request: HttpRequest,
    pk: int,
    state: reads.State,
    *,
    notice: str = "",
    status: int = 200,
    **form: Any,
) -> HttpResponse:
    """The request as a fragment or as a page, with a refusal above it."""
    user = _user(request)
    panel = reads.panel(user, pk, today=timezone.localdate())
    if panel is None:
        raise Http404
    place = request.POST.get("place", "") if is_htmx(request) else "detail"
    context = _panel_context(panel, state, **form) | {"notice": notice, "place": place}
    template = "approvals/_panel.html" if is_htmx(request) else "approvals/detail.html"
    return render(request, template, context, status=status)


def _after(request: HttpRequest, decided: Approval, state: reads.State, said: str) -> HttpResponse:
    """The next request that waits, the list without the decided one, and a toast."""
    user, today = _user(request), timezone.localdate()
    page = reads.page(user, state, today=today)
    pk = _next(page, request.POST.get("next", "")) if state.tab == "waiting" else decided.pk
    url = state.url(open=pk)
    if request.POST.get("place") == "detail" and pk:
        url = reverse("approvals:detail", args=[pk])
    if not is_htmx(request):
        flash.success(request, said)
        return redirect(url)
    panel = reads.panel(user, pk, today=today) if pk else None
    context = _list_context(page, pk) | _panel_context(panel, state)
    context["place"] = "detail" if request.POST.get("place") == "detail" else "inbox"
    context["with_list"] = context["place"] == "inbox"
    answer = render(request, "approvals/_after_decision.html", context)
    return replace_url(_toasted(answer, said), url)


def _next(page: reads.Page, wanted: str) -> int | None:
    """The request that stood below the decided one, else the first of the list."""
    ids = [row.approval.pk for row in page.rows]
    if wanted.isascii() and wanted.isdigit() and int(wanted) in ids:
        return int(wanted)
    return ids[0] if ids else None


def _toasted(response: HttpResponse, text: str) -> HttpResponse:
    trigger_client_event(response, "toast", {"text": text, "tone": "success"})
    trigger_client_event(response, "counters")
    return response
