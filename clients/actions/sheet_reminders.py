"""The weekly word about registration sheets: managers of what is due, heads of what waits (C.6)."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from clients.heads import chains_of_units
from clients.models import RegistrationCampaign, RegistrationSheet
from clients.querysets.registration import SheetSums
from crm.money import format_percent
from crm.notices.actions import Told, notify_each


@transaction.atomic
def remind_of_sheets(*, today: date) -> int:
    """Once in a week and campaign; a Monday gone by reminds nobody. How many were told."""
    if today < timezone.localdate():
        return 0
    year, week, _day = today.isocalendar()
    return sum(
        _remind(campaign, today, f"{year}-{week:02d}")
        for campaign in RegistrationCampaign.objects.running().order_by("pk")
    )


def _remind(campaign: RegistrationCampaign, today: date, week: str) -> int:
    sheets = RegistrationSheet.objects.filter(campaign=campaign)
    by_pair = sheets.sums_by(today, "manager", "client__org_unit")
    by_manager: dict[int, SheetSums] = defaultdict(SheetSums)
    by_head: dict[int, SheetSums] = defaultdict(SheetSums)
    chains = chains_of_units()
    for (manager, unit), sums in by_pair.items():
        by_manager[manager] += sums
        for head in chains.get(unit or 0, []):
            by_head[head] += sums
    told = [
        _to_manager(campaign, manager, sums, week)
        for manager, sums in by_manager.items()
        if _left(sums)
    ]
    told += [
        _to_head(campaign, head, sums, week)
        for head, sums in by_head.items()
        if sums.approved < sums.total
    ]
    return notify_each(told)


def _left(sums: SheetSums) -> int:
    return sums.not_started + sums.in_progress + sums.returned


def _to_manager(campaign: RegistrationCampaign, manager: int, sums: SheetSums, week: str) -> Told:
    params = {
        "year": campaign.year,
        "left": _left(sums),
        "overdue": sums.overdue,
        "day": f"{campaign.deadline:%d.%m.%Y}",
    }
    url = f"{reverse('clients:sheet_list')}?campaign={campaign.pk}&manager={manager}&step=open"
    key = f"sheets.reminder:{campaign.pk}:{week}"
    return Told(manager, "sheets.reminder", params, url, key)


def _to_head(campaign: RegistrationCampaign, head: int, sums: SheetSums, week: str) -> Told:
    done = sums.collected_pct
    params = {
        "year": campaign.year,
        "done": format_percent(done) if done is not None else "—",
        "waiting": sums.submitted,
        "overdue": sums.overdue,
    }
    key = f"sheets.progress:{campaign.pk}:{week}"
    return Told(head, "sheets.progress", params, campaign.get_absolute_url(), key)
