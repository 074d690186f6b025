"""The search for clients: campaigns with plan and fact, channels with priorities."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from clients import permissions
from clients.actions import searching as actions
from clients.forms.leads import CampaignForm, ChannelForm
from clients.lists.leads import CAMPAIGNS, CHANNELS
from clients.models import SearchCampaign, SearchChannel
from clients.pages.leads import CampaignPage
from crm.accounts.history_view import render_history
from crm.accounts.models import User
from crm.dialogs import READ_AND_WRITE, asked, attempt, dialog, saved
from crm.lists import render_list
from crm.web import move_on, person_of

EVENT = "search-changed"


@require_safe
def search_campaign_list(request: HttpRequest) -> HttpResponseBase:
    """Campaigns with what they were to bring and what they brought."""
    user = _reader(request)
    context = {"may_plan": permissions.can_plan_search(user)}
    return render_list(request, CAMPAIGNS, SearchCampaign.objects.for_list(), context=context)


@require_safe
def search_channel_list(request: HttpRequest) -> HttpResponseBase:
    """Channels by priority."""
    user = _reader(request)
    context = {"may_plan": permissions.can_plan_search(user)}
    return render_list(request, CHANNELS, SearchChannel.objects.for_list(), context=context)


@require_safe
def search_campaign_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Plan and fact of one."""
    campaign, user = _campaign(request, pk), person_of(request)
    context = {"campaign": campaign, "page": CampaignPage(campaign, user)}
    return render(request, "clients/search_campaign_detail.html", context)


@require_safe
def search_campaign_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who changed what."""
    return render_history(request, _campaign(request, pk))


@require_http_methods(READ_AND_WRITE)
def search_campaign_create(request: HttpRequest) -> HttpResponse:
    """Plan a campaign."""
    user = person_of(request)
    if not permissions.can_plan_search(user):
        raise PermissionDenied
    form, made = CampaignForm(request.POST or None), list[SearchCampaign]()

    def write() -> None:
        key = form.cleaned_data["key"]
        made.append(actions.create_campaign(by=user, key=key, **form.new_values()))

    status = attempt(request, form, write)
    if not status:
        return move_on(request, made[0].get_absolute_url())
    return dialog(request, form, title=_("New campaign"), submit=_("Add"), status=status)


@require_http_methods(READ_AND_WRITE)
def search_campaign_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct plan or cost."""
    campaign, user = _campaign(request, pk), person_of(request)
    form = CampaignForm(request.POST or None, record=campaign)

    def write() -> None:
        version = form.cleaned_data["version"] or 0
        actions.edit_campaign(pk, by=user, version=version, **form.new_values())

    may = permissions.can_plan_search(user)
    words = {"done": _("Saved"), "submit": _("Save"), "event": EVENT}
    return asked(request, campaign, form, write, may=may, **words)


@require_http_methods(READ_AND_WRITE)
def search_channel_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Priority and plan of a channel."""
    user = _reader(request)
    channel = get_object_or_404(SearchChannel, pk=pk)
    if not permissions.can_plan_search(user):
        raise PermissionDenied
    initial = {name: getattr(channel, name) for name in ("version", "priority", "plan")}
    form = ChannelForm(request.POST or None, initial=initial)
    status = attempt(request, form, lambda: actions.plan_channel(pk, by=user, **form.new_values()))
    if not status:
        back = reverse("clients:search_channel_list")
        return saved(request, _("Saved"), event=EVENT, back=back)
    return dialog(request, form, title=str(channel), submit=_("Save"), status=status)


def _reader(request: HttpRequest) -> User:
    user = person_of(request)
    if not permissions.can_see_search(user):
        raise PermissionDenied
    return user


def _campaign(request: HttpRequest, pk: int) -> SearchCampaign:
    _reader(request)
    rows = SearchCampaign.objects.for_list()
    campaign: SearchCampaign = get_object_or_404(rows, pk=pk)
    return campaign
