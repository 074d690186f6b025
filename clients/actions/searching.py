"""Writes of search campaigns and of the priorities of channels (L99, L376, L476)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TypedDict, Unpack
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients import permissions
from clients.models import SearchCampaign, SearchChannel
from crm.accounts.models import User
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from crm.numbering import one_at_a_time
from crm.refusals import Sentence, politely

CONSTRAINTS: dict[str, Sentence] = {
    "search_campaign_ends_after_start": (
        gettext_lazy("The last day is before the first one."),
        "ends_on",
    ),
    "search_campaign_cost_not_negative": (gettext_lazy("A cost is not negative."), "cost"),
}


class CampaignValues(TypedDict, total=False):
    """What a campaign is and what it shall bring."""

    name: str
    channel: SearchChannel
    starts_on: date
    ends_on: date
    planned_cost: Decimal
    cost: Decimal
    target_leads: int
    target_clients: int
    note: str


@transaction.atomic
def create_campaign(*, by: User, key: UUID, **values: Unpack[CampaignValues]) -> SearchCampaign:
    """Plan a campaign, once per `key`."""
    if not permissions.can_plan_search(by):
        raise PermissionDenied
    one_at_a_time(key)
    known: SearchCampaign | None = SearchCampaign.objects.filter(
        idempotency_key=key, author=by
    ).first()
    if known is not None:
        return known
    campaign = SearchCampaign(author=by, idempotency_key=key, **values)
    with verb("search.campaign_created", by=by), politely(CONSTRAINTS):
        campaign.save(force_insert=True)
    return campaign


@transaction.atomic
def edit_campaign(
    campaign_id: int, *, by: User, version: int, **values: Unpack[CampaignValues]
) -> SearchCampaign:
    """Correct plan or cost; the channel stays once leads came by it."""
    if not permissions.can_plan_search(by):
        raise PermissionDenied
    campaign: SearchCampaign = SearchCampaign.objects.select_for_update().get(pk=campaign_id)
    if campaign.version != version:
        raise StaleVersion(of=campaign)
    channel = values.get("channel", campaign.channel)
    if channel != campaign.channel and campaign.leads.exists():  # type: ignore[attr-defined]
        raise RuleViolation(_("Leads came by this channel already."), field="channel")
    for name, value in values.items():
        setattr(campaign, name, value)
    campaign.version += 1
    with verb("search.campaign_edited", by=by), politely(CONSTRAINTS):
        campaign.save(update_fields=[*values, "version"])
    return campaign


@transaction.atomic
def plan_channel(
    channel_id: int, *, by: User, version: int, priority: int, plan: str
) -> SearchChannel:
    """Set the priority of a channel and how it is developed."""
    if not permissions.can_plan_search(by):
        raise PermissionDenied
    channel: SearchChannel = SearchChannel.objects.select_for_update().get(pk=channel_id)
    if channel.version != version:
        raise StaleVersion(of=channel)
    channel.priority, channel.plan = priority, plan
    channel.version += 1
    with verb("search.channel_planned", by=by):
        channel.save(update_fields=["priority", "plan", "version"])
    return channel
