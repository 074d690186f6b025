"""Leads: the register, the card, what is done with one, its scoring."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from clients import permissions
from clients.actions import leads as actions
from clients.actions.lead_conversion import ask_conversion
from clients.actions.reliability import score_client, score_lead
from clients.forms.leads import LeadForm, ScoreForm, StepForm
from clients.lists.leads import LEADS, SCORES
from clients.models import Client, Lead, LeadState, ReliabilityScore
from clients.pages.leads import LeadPage, ScoresOf
from crm.accounts.history_view import render_history
from crm.calendar import add_working_days
from crm.dialogs import READ_AND_WRITE, asked, attempt, dialog, saved
from crm.forms import ReasonForm, VersionForm
from crm.lists import render_list
from crm.web import is_fragment, move_on, person_of
from crm.work.registry import setting

EVENT = "lead-changed"
FIELDS = "clients/_lead_fields.html"


@require_safe
def lead_list(request: HttpRequest) -> HttpResponseBase:
    """The register of leads; the rail opens it on what is to be done."""
    user = person_of(request)
    if not permissions.can_see_leads(user):
        raise PermissionDenied
    context = {"may_create": permissions.can_create_lead(user)}
    return render_list(request, LEADS, Lead.objects.visible_to(user).for_list(), context=context)


@require_safe
def lead_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The card: what is known, what comes next, how reliable it is, what was said."""
    lead = visible_lead(request, pk)
    page = LeadPage(lead, person_of(request), timezone.localdate())
    return render(request, "clients/lead_detail.html", {"lead": lead, "page": page})


@require_safe
def lead_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who changed what."""
    return render_history(request, visible_lead(request, pk))


@require_http_methods(READ_AND_WRITE)
def lead_create(request: HttpRequest) -> HttpResponse:
    """Add a lead; the first step is offered by the setting."""
    user, today = person_of(request), timezone.localdate()
    if not permissions.can_create_lead(user):
        raise PermissionDenied
    first = add_working_days(today, setting("leads.first_step_days"))
    form, made = LeadForm(request.POST or None, user=user, initial={"next_on": first}), list[Lead]()

    def write() -> None:
        key = form.cleaned_data["key"]
        made.append(actions.create_lead(by=user, today=today, key=key, **form.asked()))

    status = attempt(request, form, write)
    if not status:
        return move_on(request, made[0].get_absolute_url())
    words = {"title": _("New lead"), "submit": _("Add"), "body": FIELDS}
    return dialog(request, form, status=status, **words)


@require_http_methods(READ_AND_WRITE)
def lead_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct what is known; a head hands it over."""
    lead, user = visible_lead(request, pk), person_of(request)
    form = LeadForm(request.POST or None, user=user, record=lead)

    def write() -> None:
        version = form.cleaned_data["version"] or 0
        actions.edit_lead(pk, by=user, version=version, **form.asked())

    may = LeadPage(lead, user, timezone.localdate()).may_work
    words = {"done": _("Saved"), "submit": _("Save"), "body": FIELDS}
    return asked(request, lead, form, write, event=EVENT, may=may, **words)


@require_http_methods(READ_AND_WRITE)
def lead_act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """One thing done with a lead: a note, a step forward, lost, made a client."""
    if act not in ACTS:
        raise Http404
    lead = visible_lead(request, pk)
    page = LeadPage(lead, person_of(request), timezone.localdate())
    return ACTS[act](request, page)


def _step(request: HttpRequest, page: LeadPage, *, to: str, title: str, done: str) -> HttpResponse:
    lead, user, today = page.lead, page.user, page.today
    offered = today + timedelta(days=setting("leads.next_step_days"))
    initial = {"version": lead.version, "next_on": offered}
    form = StepForm(request.POST or None, initial=initial)

    def write() -> object:
        known: dict[str, Any] = {"by": user, "today": today}
        known["version"] = form.new_values()["version"]
        if not to:
            return actions.note_lead(lead.pk, form.said(), **known)
        return actions.move_lead(lead.pk, form.said(), to=to, **known)

    words = {"title": title, "done": done, "submit": _("Save"), "event": EVENT}
    return asked(request, lead, form, write, may=page.may_work, **words)


def _note(request: HttpRequest, page: LeadPage) -> HttpResponse:
    title = _("What was done: %(lead)s") % {"lead": page.lead}
    return _step(request, page, to="", title=title, done=_("Noted"))


def _negotiate(request: HttpRequest, page: LeadPage) -> HttpResponse:
    title = _("Negotiations with %(lead)s") % {"lead": page.lead}
    return _step(request, page, to=LeadState.NEGOTIATING, title=title, done=_("Negotiating"))


def _accept(request: HttpRequest, page: LeadPage) -> HttpResponse:
    title = _("%(lead)s has accepted the offer") % {"lead": page.lead}
    return _step(
        request, page, to=LeadState.OFFER_ACCEPTED, title=title, done=_("The offer is accepted")
    )


def _lose(request: HttpRequest, page: LeadPage) -> HttpResponse:
    lead = page.lead
    form = ReasonForm(request.POST or None, initial={"version": lead.version})

    def write() -> object:
        return actions.lose_lead(lead.pk, by=page.user, today=page.today, **form.new_values())

    words = {"title": _("%(lead)s is lost") % {"lead": lead}, "done": _("The lead is closed")}
    words |= {"submit": _("Close as lost"), "event": EVENT}
    return asked(request, lead, form, write, may=page.may_work, **words)


def _convert(request: HttpRequest, page: LeadPage) -> HttpResponse:
    lead = page.lead
    form = VersionForm(request.POST or None, initial={"version": lead.version})
    decides = permissions.deciding_head(page.user, lead, today=page.today) is not None

    def write() -> object:
        return ask_conversion(lead.pk, by=page.user, today=page.today, **form.new_values())

    words = {
        "title": _("Make a client of %(lead)s") % {"lead": lead},
        "text": _("Name, source, potential, need, contact person and score go over to its card.")
        if decides
        else _("The head of the department confirms; then the client has its card."),
        "done": _("The client has its card") if decides else _("Sent to the head"),
        "submit": _("Make a client") if decides else _("Send to the head"),
    }
    return asked(request, lead, form, write, event=EVENT, may=page.may_work, **words)


ACTS: dict[str, Callable[[HttpRequest, LeadPage], HttpResponse]] = {
    "note": _note,
    "negotiate": _negotiate,
    "accept": _accept,
    "lose": _lose,
    "convert": _convert,
}


@require_http_methods(READ_AND_WRITE)
def lead_score(request: HttpRequest, pk: int) -> HttpResponse:
    """Score a lead by LEAD-1."""
    lead, user, today = visible_lead(request, pk), person_of(request), timezone.localdate()
    page = LeadPage(lead, user, today)
    before = page.score.score.factors if page.score else {}
    form = ScoreForm(request.POST or None, before=before, initial={"version": lead.version})

    def write() -> object:
        version = form.new_values()["version"]
        return score_lead(pk, form.found(), by=user, version=version, today=today)

    words = {"title": _("Reliability of %(name)s") % {"name": lead}, "done": _("Scored")}
    words |= {"submit": _("Score"), "event": EVENT}
    return asked(request, lead, form, write, may=page.may_work, **words)


@require_safe
def score_list(request: HttpRequest) -> HttpResponseBase:
    """Scores in force of leads and clients, those to be checked again first."""
    user = person_of(request)
    if not permissions.can_see_scores(user):
        raise PermissionDenied
    rows = ReliabilityScore.objects.visible_to(user).current().for_list()
    return render_list(request, SCORES, rows)


@require_safe
def client_scores(request: HttpRequest, pk: int) -> HttpResponse:
    """How reliable a client is; part of the category tab."""
    client, user = _client(request, pk), person_of(request)
    template = "clients/_client_scores.html" if is_fragment(request) else "clients/scores.html"
    part = ScoresOf(client, user, timezone.localdate())
    return render(request, template, {"client": client, "part": part})


@require_http_methods(READ_AND_WRITE)
def client_score(request: HttpRequest, pk: int) -> HttpResponse:
    """Score a client anew."""
    client, user, today = _client(request, pk), person_of(request), timezone.localdate()
    if not permissions.can_score_client(user, client):
        raise PermissionDenied
    last = ReliabilityScore.objects.current().filter(client=client).first()
    form = ScoreForm(request.POST or None, before=last.factors if last else {})
    del form.fields["version"]
    status = attempt(request, form, lambda: score_client(pk, form.found(), by=user, today=today))
    if not status:
        return saved(request, _("Scored"), event=EVENT, back=client.get_absolute_url())
    title = _("Reliability of %(name)s") % {"name": client}
    return dialog(request, form, title=title, submit=_("Score"), status=status)


def visible_lead(request: HttpRequest, pk: int) -> Lead:
    """The lead with the names of its card; 404 for one that is not seen."""
    user = person_of(request)
    links = ("manager", "org_unit", "channel", "campaign", "client")
    lead: Lead = get_object_or_404(Lead.objects.visible_to(user).select_related(*links), pk=pk)
    return lead


def _client(request: HttpRequest, pk: int) -> Client:
    """The client; its scores are closed to the limited roles."""
    user = person_of(request)
    rows = Client.objects.visible_to(user).select_related("manager", "org_unit")
    client: Client = get_object_or_404(rows, pk=pk)
    if not permissions.sees_all_fields(user):
        raise PermissionDenied
    return client
