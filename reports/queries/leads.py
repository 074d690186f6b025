"""Figures of the search for clients: the audience of leads, what channels and campaigns bring."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Avg, Count, Q, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.filters.clients import NONE
from clients.models import OPEN_LEAD, Lead, LeadState, SearchCampaign, SearchChannel
from crm.accounts.models import User
from crm.money import percent, round_half_up
from reports.registry import Params, Row

ZERO = Decimal(0)
STATES = [state.value for state in LeadState]
COUNTS = {state: Count("pk", filter=Q(state=state)) for state in STATES}
KEYS = {"segment": "segment", "territory": "territory", "source": "channel", "stage": "state"}


def leads_of(user: User, params: Params) -> Any:
    """Visible leads that were found in the period, narrowed by unit and manager."""
    period = params["period"]
    rows = Lead.objects.visible_to(user).filter(found_on__range=(period.first, period.last))
    if params.get("manager"):
        rows = rows.filter(manager=params["manager"])
    if params.get("unit"):
        rows = rows.filter(org_unit__path__startswith=params["unit"].path)
    return rows.order_by()


def audience(user: User, params: Params) -> list[Row]:
    """Leads by segment, territory, source or stage; the largest open potential first."""
    by, given = params["by"], _given(params)
    key = KEYS[by]
    found = (
        leads_of(user, params)
        .values(key)
        .annotate(
            leads=Count("pk"),
            open=Count("pk", filter=Q(state__in=OPEN_LEAD)),
            potential=Coalesce(Sum("potential_monthly", filter=Q(state__in=OPEN_LEAD)), ZERO),
            level=Avg("need_level", filter=~Q(need="")),
            **{f"n_{state}": count for state, count in COUNTS.items()},
        )
    )
    names = _names(by)
    rows = [_row(one, key, names, given) for one in found]
    return sorted(rows, key=lambda row: (-row["potential"], -row["leads"], row["group"]))


def audience_totals(user: User, params: Params, rows: Sequence[Row]) -> Row:
    """The conversion of the whole, never an average of shares."""
    del user, params
    return {"conversion": percent(_sum(rows, "converted"), _sum(rows, "leads"))}


def channels(user: User, params: Params) -> list[Row]:
    """What each channel or campaign cost and brought, the highest priority first."""
    by_campaign = params["by"] == "campaign"
    period = params["period"]
    key = "campaign" if by_campaign else "channel"
    found = (
        leads_of(user, params)
        .values(key)
        .annotate(
            leads=Count("pk"),
            open=Count("pk", filter=Q(state__in=OPEN_LEAD)),
            potential=Coalesce(Sum("potential_monthly", filter=Q(state=LeadState.CONVERTED)), ZERO),
            **{f"n_{state}": COUNTS[state] for state in ("converted", "lost", "rejected")},
        )
    )
    known = {one[key]: one for one in found}
    campaigns = SearchCampaign.objects.filter(starts_on__range=(period.first, period.last))
    given = _given(params)
    if by_campaign:
        shown = SearchCampaign.objects.filter(
            Q(pk__in=campaigns.values("pk")) | Q(pk__in=[pk for pk in known if pk])
        )
        ordered = shown.select_related("channel").order_by("-starts_on", "pk")
        costs = {one.pk: (one.cost, one.target_leads) for one in campaigns}
        rows = [_of_campaign(one, known.get(one.pk), costs, given) for one in ordered]
        return [*rows, *_without_campaign(known.get(None), given)]
    summed = campaigns.values("channel").annotate(cost=Sum("cost"), target=Sum("target_leads"))
    paid = {one["channel"]: (one["cost"], one["target"]) for one in summed.order_by()}
    every = SearchChannel.objects.filter(Q(archived_at=None) | Q(pk__in=[*known, *paid]))
    return [_of_channel(one, known.get(one.pk), paid, given, params) for one in every]


def channel_totals(user: User, params: Params, rows: Sequence[Row]) -> Row:
    """Conversion and cost per client of the whole."""
    del user, params
    leads, won, cost = (_sum(rows, name) for name in ("leads", "converted", "cost"))
    return {
        "conversion": percent(won, leads),
        "per_client": round_half_up(Decimal(cost) / won) if won else None,
    }


def _row(one: dict[str, Any], key: str, names: dict[Any, str], given: dict[str, str]) -> Row:
    value = one[key]
    chosen = {**given, key: str(value) if value not in ("", None) else NONE}
    links = {f"{state}_url": _leads(chosen, state=state) for state in STATES}
    return {
        "group": names.get(value, value) or _("not set"),
        "url": _leads(chosen),
        "open_url": _leads(chosen, open="true"),
        "leads": one["leads"],
        "open": one["open"],
        "potential": one["potential"],
        "level": None if one["level"] is None else round_half_up(Decimal(one["level"]), 1),
        "conversion": percent(one["n_converted"], one["leads"]),
        **{state: one[f"n_{state}"] for state in STATES},
        **links,
    }


def _of_channel(
    channel: SearchChannel, one: Any, paid: dict[Any, Any], given: dict[str, str], params: Params
) -> Row:
    cost, target = paid.get(channel.pk, (ZERO, 0))
    period = params["period"]
    days = {"begun_from": f"{period.first:%Y-%m-%d}", "begun_to": f"{period.last:%Y-%m-%d}"}
    row = _brought(one, cost, target, {**given, "channel": str(channel.pk)})
    address = _to("clients:search_campaign_list", {"channel": str(channel.pk), **days})
    return row | {"name": str(channel), "priority": channel.priority, "campaigns_url": address}


def _of_campaign(
    campaign: SearchCampaign, one: Any, costs: dict[Any, Any], given: dict[str, str]
) -> Row:
    cost, target = costs.get(campaign.pk, (ZERO, 0))
    row = _brought(one, cost, target, {**given, "campaign": str(campaign.pk)})
    named = {"name": campaign.name, "channel": str(campaign.channel)}
    return row | named | {"campaigns_url": campaign.get_absolute_url()}


def _without_campaign(one: Any, given: dict[str, str]) -> Iterable[Row]:
    if one is None:
        return
    row = _brought(one, ZERO, 0, {**given, "without_campaign": "true"})
    yield row | {"name": _("without a campaign"), "channel": "", "campaigns_url": ""}


def _brought(one: Any, cost: Decimal, target: int, chosen: dict[str, str]) -> dict[str, Any]:
    known = one or {}
    leads, won = known.get("leads", 0), known.get("n_converted", 0)
    return {
        "cost": cost,
        "target": target,
        "leads": leads,
        "done": percent(leads, target),
        "open": known.get("open", 0),
        "converted": won,
        "lost": known.get("n_lost", 0),
        "rejected": known.get("n_rejected", 0),
        "conversion": percent(won, leads),
        "per_client": round_half_up(cost / won) if won else None,
        "potential": known.get("potential", ZERO),
        "url": _leads(chosen),
        "open_url": _leads(chosen, open="true"),
        **{f"{state}_url": _leads(chosen, state=state) for state in STATES},
    }


def _given(params: Params) -> dict[str, str]:
    """The parameters as the register of leads names them."""
    period = params["period"]
    found = {"found_from": f"{period.first:%Y-%m-%d}", "found_to": f"{period.last:%Y-%m-%d}"}
    for name in ("manager", "unit"):
        if params.get(name):
            found[name] = str(params[name].pk)
    return found


def _names(by: str) -> dict[Any, str]:
    if by == "source":
        return {one.pk: str(one) for one in SearchChannel.objects.all()}
    return {state.value: str(state.label) for state in LeadState} if by == "stage" else {}


def _leads(chosen: dict[str, str], **more: str) -> str:
    return _to("clients:lead_list", {**chosen, **more})


def _to(name: str, query: dict[str, str]) -> str:
    return f"{reverse(name)}?{urlencode(query)}"


def _sum(rows: Sequence[Row], name: str) -> Any:
    return sum(row[name] for row in rows)
