"""What the page of a campaign shows: progress by unit and manager, every number a link (REG-1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import SafeString

from clients import permissions
from clients.actions.campaigns import count_concerned
from clients.lists.sheets import campaign_chip
from clients.models import (
    CampaignState,
    RegistrationCampaign,
    RegistrationQuestion,
    RegistrationSheet,
)
from clients.pages.campaign_rows import Line, write_foot, write_rows
from clients.querysets.registration import SheetSums
from clients.sheets.sheet_questions import Question, all_questions, frozen
from crm.accounts.models import OrgUnit, User
from crm.accounts.querysets import NAME_PARTS


@dataclass(frozen=True)
class CampaignPage:
    """One campaign for one person: figures over the clients that the person sees."""

    campaign: RegistrationCampaign
    user: User
    today: date

    @property
    def state(self) -> str:
        return campaign_chip(self.campaign)

    @property
    def rows(self) -> SafeString:
        """The table of units and managers."""
        return write_rows(self.lines)

    @property
    def foot(self) -> SafeString:
        """Its total."""
        return write_foot(self.whole)

    @property
    def is_draft(self) -> bool:
        return bool(self.campaign.state == CampaignState.DRAFT)

    @property
    def may_change(self) -> bool:
        return permissions.can_change_campaign(self.user, self.campaign)

    @property
    def may_steer(self) -> bool:
        return permissions.can_steer_campaign(self.user, self.campaign)

    @property
    def may_edit_questions(self) -> bool:
        return permissions.can_edit_dictionaries(self.user)

    @cached_property
    def missing(self) -> int:
        """Clients for whom a sheet is due and who have none yet."""
        return count_concerned(self.campaign)

    @cached_property
    def questions(self) -> list[Question]:
        """As the campaign asks them, or would if it began now."""
        kept: Any = self.campaign.questions
        if self.is_draft:
            kept = frozen(RegistrationQuestion.objects.filter(archived_at=None))
        return all_questions(kept)

    @property
    def obligatory(self) -> int:
        return sum(one.required for one in self.questions)

    @cached_property
    def _pairs(self) -> dict[tuple[int | None, int], SheetSums]:
        rows = RegistrationSheet.objects.in_sums_of(self.user).filter(campaign=self.campaign)
        found: dict[tuple[int | None, int], SheetSums] = rows.sums_by(
            self.today, "client__org_unit", "manager"
        )
        return found

    @cached_property
    def whole(self) -> Line:
        """All sheets of the campaign that the person sees."""
        sums = sum(self._pairs.values(), SheetSums())
        return Line(str(self.campaign), sums, 0, True, self._register)

    @cached_property
    def _register(self) -> str:
        return f"{reverse('clients:sheet_list')}?campaign={self.campaign.pk}"

    @cached_property
    def lines(self) -> list[Line]:
        """Units from the top down, each with the sums of all below it, and their managers."""
        named = User.objects.only("sort_key", *NAME_PARTS)
        people = named.in_bulk({manager for _unit, manager in self._pairs})
        homes = {unit for unit, _manager in self._pairs if unit}
        units = list(OrgUnit.objects.order_by("path")) if homes else []
        paths = {unit.pk: unit.path for unit in units if unit.pk in homes}
        above = {int(part) for path in paths.values() for part in path.split("/") if part}
        rows: list[Line] = []
        for unit in (one for one in units if one.pk in above and one.parent_id is not None):
            inside = {pk for pk, path in paths.items() if path.startswith(unit.path)}
            sums = sum((s for (u, _m), s in self._pairs.items() if u in inside), SheetSums())
            rows.append(self._line(unit.name, sums, unit.path.count("/") - 2, {"unit": unit.pk}))
            rows += self._managers(unit, people)
        return rows

    def _managers(self, unit: OrgUnit, people: dict[int, User]) -> list[Line]:
        here = [(m, sums) for (u, m), sums in self._pairs.items() if u == unit.pk]
        here.sort(key=lambda pair: people[pair[0]].sort_key)
        depth = unit.path.count("/") - 1
        return [
            self._line(
                people[manager].short_name,
                sums,
                depth,
                {"unit": unit.pk, "manager": manager},
                is_unit=False,
            )
            for manager, sums in here
        ]

    def _line(
        self, name: str, sums: SheetSums, depth: int, query: dict[str, int], *, is_unit: bool = True
    ) -> Line:
        url = f"{self._register}&{urlencode(query)}"
        return Line(name, sums, max(0, min(depth, 3)), is_unit, url)
