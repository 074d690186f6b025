"""Campaigns of registration sheets: the register, the draft, the start, progress, the end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clients import permissions
from clients.actions import campaigns as actions
from clients.forms.registration import CampaignForm, DeadlineForm, stored
from clients.lists.sheets import CAMPAIGNS
from clients.models import RegistrationCampaign
from clients.pages.campaigns import CampaignPage
from crm.accounts.history_view import render_history
from crm.dialogs import READ_AND_WRITE, attempt, dialog, pressed, saved
from crm.forms import VersionForm
from crm.lists import render_list
from crm.web import move_on, person_of, sent_version
from crm.work.registry import setting

EVENT = "campaign-changed"


@require_safe
def campaign_list(request: HttpRequest) -> HttpResponseBase:
    """The campaigns of all years that the person sees."""
    user = person_of(request)
    if not permissions.can_see_sheets(user):
        raise PermissionDenied
    rows = RegistrationCampaign.objects.visible_to(user).for_list()
    context = {"may_make": permissions.can_make_campaigns(user)}
    return render_list(request, CAMPAIGNS, rows, context=context)


@require_safe
def campaign_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Progress by unit and manager."""
    campaign = visible_campaign(request, pk)
    page = CampaignPage(campaign, person_of(request), timezone.localdate())
    return render(request, "clients/campaign_detail.html", {"campaign": campaign, "page": page})


@require_safe
def campaign_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who did what with the campaign."""
    return render_history(request, visible_campaign(request, pk))


@require_http_methods(READ_AND_WRITE)
def campaign_create(request: HttpRequest) -> HttpResponse:
    """A draft of this year for the own department."""
    user, today = person_of(request), timezone.localdate()
    if not permissions.can_make_campaigns(user):
        raise PermissionDenied
    last = today + timedelta(days=setting("registration.term_days"))
    initial = {"year": today.year, "deadline": last}
    form, made = CampaignForm(request.POST or None, user=user, initial=initial), list[Any]()

    def write() -> None:
        key = form.cleaned_data["key"]
        made.append(actions.create_campaign(form.values(), by=user, key=key, today=today))

    status = attempt(request, form, write)
    if not status:
        return move_on(request, made[0].get_absolute_url())
    return dialog(request, form, title=_("New campaign"), submit=_("Save"), status=status)


@require_http_methods(READ_AND_WRITE)
def campaign_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a draft."""
    campaign, user = visible_campaign(request, pk), person_of(request)
    if not permissions.can_change_campaign(user, campaign):
        raise PermissionDenied
    form = CampaignForm(request.POST or None, user=user, initial=stored(campaign))

    def write() -> None:
        version, today = form.cleaned_data["version"] or 0, timezone.localdate()
        actions.edit_campaign(pk, form.values(), by=user, version=version, today=today)

    status = attempt(request, form, write)
    if not status:
        return saved(request, _("Saved"), event=EVENT, back=campaign.get_absolute_url())
    words = {"title": _("Change the campaign"), "submit": _("Save"), "about": str(campaign)}
    return dialog(request, form, status=status, **words)


@require_http_methods(READ_AND_WRITE)
def campaign_start(request: HttpRequest, pk: int) -> HttpResponse:
    """How many sheets there will be is shown first, then they are made."""
    campaign, user, today = visible_campaign(request, pk), person_of(request), timezone.localdate()
    if not permissions.can_change_campaign(user, campaign):
        raise PermissionDenied
    form = VersionForm(request.POST or None, initial={"version": campaign.version})

    def write() -> None:
        actions.start_campaign(pk, by=user, today=today, **form.new_values())

    status = attempt(request, form, write)
    if not status:
        text = _("The campaign has started, managers are notified")
        return saved(request, text, event=EVENT, back=campaign.get_absolute_url())
    text = _start_text(CampaignPage(campaign, user, today))
    title, submit = _("Start the campaign?"), _("Begin")
    return dialog(request, form, title=title, submit=submit, status=status, text=text)


def _start_text(page: CampaignPage) -> str:
    sheets = ngettext("%(n)s sheet will be made", "%(n)s sheets will be made", page.missing)
    asked = _("%(all)s questions, %(obligatory)s of them required; they stay as they are now.")
    figures = {"all": len(page.questions), "obligatory": page.obligatory}
    return f"{sheets % {'n': page.missing}}. {asked % figures}"


@require_POST
def campaign_add_clients(request: HttpRequest, pk: int) -> HttpResponse:
    """Sheets of clients who came since."""
    campaign, user = visible_campaign(request, pk), person_of(request)
    version = sent_version(request)
    if not permissions.runs_campaign(user, campaign):
        raise PermissionDenied
    return pressed(
        request,
        lambda: actions.add_clients(pk, by=user, version=version),
        _("Sheets are made"),
        event=EVENT,
        back=campaign.get_absolute_url(),
    )


@require_http_methods(READ_AND_WRITE)
def campaign_deadline(request: HttpRequest, pk: int) -> HttpResponse:
    """Another last day for what is not approved yet."""
    campaign, user = visible_campaign(request, pk), person_of(request)
    if not permissions.can_steer_campaign(user, campaign):
        raise PermissionDenied
    initial = {"deadline": campaign.deadline, "version": campaign.version}
    form = DeadlineForm(request.POST or None, initial=initial)

    def write() -> None:
        today = timezone.localdate()
        actions.move_deadline(pk, by=user, today=today, **form.new_values())

    status = attempt(request, form, write)
    if not status:
        return saved(request, _("Saved"), event=EVENT, back=campaign.get_absolute_url())
    return dialog(request, form, title=_("Move the day"), submit=_("Save"), status=status)


@require_http_methods(READ_AND_WRITE)
def campaign_close(request: HttpRequest, pk: int) -> HttpResponse:
    """End it; what is still open stays as it is."""
    campaign, user, today = visible_campaign(request, pk), person_of(request), timezone.localdate()
    if not permissions.can_steer_campaign(user, campaign):
        raise PermissionDenied
    form = VersionForm(request.POST or None, initial={"version": campaign.version})

    def write() -> None:
        actions.close_campaign(pk, by=user, today=today, **form.new_values())

    status = attempt(request, form, write)
    if not status:
        return saved(request, _("Closed"), event=EVENT, back=campaign.get_absolute_url())
    left = CampaignPage(campaign, user, today).whole.left.count
    text = ngettext("%(n)s sheet is not filled in", "%(n)s sheets are not filled in", left)
    text = _("%(left)s; nobody can fill them in afterwards.") % {"left": text % {"n": left}}
    title = _("Close the campaign?")
    return dialog(request, form, title=title, submit=_("Close it"), status=status, text=text)


def visible_campaign(request: HttpRequest, pk: int) -> RegistrationCampaign:
    """The campaign; 404 for one that is not seen."""
    rows = RegistrationCampaign.objects.visible_to(person_of(request)).for_list()
    campaign: RegistrationCampaign = get_object_or_404(rows, pk=pk)
    return campaign
