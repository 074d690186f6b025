"""Figures of the search for clients: the audience of leads, what channels and campaigns bring."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Spent:
    """Cost and plan of the whole company on a channel or campaign, and what all leads made of it.

    A campaign is paid for and planned by the company: a manager's own clients do not share its
    cost, so what is compared with it is counted over everybody's leads.
    """

    cost: Decimal = ZERO
    target: int = 0
    leads: int = 0
    won: int = 0


def channels(user: User, params: Params) -> list[Row]:
    """What each channel or campaign cost and brought, the highest priority first."""
    return _by_campaign(user, params) if params["by"] == "campaign" else _by_channel(user, params)


def channel_totals(user: User, params: Params, rows: Sequence[Row]) -> Row:
    """Conversion of what is seen, performance and cost per client of the whole company."""
    del user, params
    won = _sum(rows, "all_won")
    return {
        "conversion": percent(_sum(rows, "converted"), _sum(rows, "leads")),
        "done": percent(_sum(rows, "all_leads"), _sum(rows, "target")),
        "per_client": round_half_up(Decimal(_sum(rows, "cost")) / won) if won else None,
    }


def _by_channel(user: User, params: Params) -> list[Row]:
    known, everybody = _known(user, params, "channel"), _everybody(params, "channel")
    paid = {
        one["channel"]: (one["cost"], one["target"])
        for one in _campaigns(params)
        .values("channel")
        .annotate(cost=Sum("cost"), target=Sum("target_leads"))
        .order_by()
    }
    shown = SearchChannel.objects.filter(Q(archived_at=None) | Q(pk__in=[*known, *paid]))
    given, period = _given(params), params["period"]
    days = {"begun_from": f"{period.first:%Y-%m-%d}", "begun_to": f"{period.last:%Y-%m-%d}"}
    rows = list[Row]()
    for one in shown:
        chosen = {"channel": str(one.pk)}
        spent = Spent(*paid.get(one.pk, (ZERO, 0)), *everybody.get(one.pk, (0, 0)))
        row = _brought(known.get(one.pk), spent, {**given, **chosen})
        address = _to("clients:search_campaign_list", {**chosen, **days})
        rows.append({**row, "name": str(one), "priority": one.priority, "campaigns_url": address})
    return rows


def _by_campaign(user: User, params: Params) -> list[Row]:
    known, everybody = _known(user, params, "campaign"), _everybody(params, "campaign")
    begun = {one.pk: (one.cost, one.target_leads) for one in _campaigns(params)}
    shown = SearchCampaign.objects.filter(pk__in=[*begun, *(pk for pk in known if pk)])
    given, rows = _given(params), list[Row]()
    for one in shown.select_related("channel").order_by("-starts_on", "pk"):
        spent = Spent(*begun.get(one.pk, (ZERO, 0)), *everybody.get(one.pk, (0, 0)))
        row = _brought(known.get(one.pk), spent, {**given, "campaign": str(one.pk)})
        named = {"name": one.name, "channel": str(one.channel)}
        rows.append({**row, **named, "campaigns_url": one.get_absolute_url()})
    if None in known:
        row = _brought(known[None], Spent(), {**given, "without_campaign": "true"})
        named = {"name": _("without a campaign"), "channel": "", "campaigns_url": ""}
        rows.append({**row, **named})
    return rows


def _campaigns(params: Params) -> Any:
    period = params["period"]
    return SearchCampaign.objects.filter(starts_on__range=(period.first, period.last))


def _known(user: User, params: Params, key: str) -> dict[Any, Any]:
    """Figures of the leads that the person sees."""
    rows = leads_of(user, params).values(key)
    found = rows.annotate(
        leads=Count("pk"),
        open=Count("pk", filter=Q(state__in=OPEN_LEAD)),
        potential=Coalesce(Sum("potential_monthly", filter=Q(state=LeadState.CONVERTED)), ZERO),
        **{f"n_{state}": COUNTS[state] for state in ("converted", "lost", "rejected")},
    )
    return {one[key]: one for one in found}


def _everybody(params: Params, key: str) -> dict[Any, tuple[int, int]]:
    """Leads of the period and clients made of them, whoever works on them."""
    period = params["period"]
    rows = Lead.objects.filter(found_on__range=(period.first, period.last)).order_by().values(key)
    found = rows.annotate(all=Count("pk"), won=COUNTS[LeadState.CONVERTED])
    return {one[key]: (one["all"], one["won"]) for one in found}


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


def _brought(one: Any, spent: Spent, chosen: dict[str, str]) -> dict[str, Any]:
    known = one or {}
    leads, won = known.get("leads", 0), known.get("n_converted", 0)
    return {
        "cost": spent.cost,
        "target": spent.target,
        "all_leads": spent.leads if spent.target else 0,
        "all_won": spent.won,
        "done": percent(spent.leads, spent.target),
        "per_client": round_half_up(spent.cost / spent.won) if spent.cost and spent.won else None,
        "leads": leads,
        "open": known.get("open", 0),
        "converted": won,
        "lost": known.get("n_lost", 0),
        "rejected": known.get("n_rejected", 0),
        "conversion": percent(won, leads),
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
