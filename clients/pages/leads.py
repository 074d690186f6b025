"""What the card of a lead, its scoring and a campaign show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Count, Q

from clients import permissions
from clients.actions.leads import waits
from clients.lists.leads import grade_chip, state_chip
from clients.models import (
    LEAD_MOVES,
    Client,
    Lead,
    LeadNote,
    LeadState,
    ReliabilityScore,
    SearchCampaign,
)
from clients.reliability import FACTORS, Factor, terms_of
from crm.accounts.models import User
from crm.approvals.models import Approval
from crm.money import percent, round_half_up

SHOWN_NOTES = 50


@dataclass(frozen=True)
class ScoreLine:
    """One factor of a scoring: what was answered, its points, and the most there are."""

    factor: Factor
    answer: str
    points: int
    most: int


@dataclass(frozen=True)
class ScorePage:
    """A scoring as people read it."""

    score: ReliabilityScore
    today: date

    @property
    def lines(self) -> list[ScoreLine]:
        """Factor by factor, with the points of its day."""
        found = []
        for factor in FACTORS:
            kept = self.score.factors.get(factor.key, {})
            words = {one.key: str(one.label) for one in factor.answers}
            answer = words.get(kept.get("answer"), "—")
            found.append(ScoreLine(factor, answer, kept.get("points", 0), factor.most))
        return found

    @property
    def chip(self) -> str:
        return grade_chip(self.score.grade, self.score.score)

    @property
    def terms(self) -> str:
        return terms_of(self.score.grade, self.score.deferral_days)

    @property
    def is_past(self) -> bool:
        """To be checked again."""
        return self.score.valid_to < self.today


@dataclass(frozen=True)
class LeadPage:
    """One lead for one person."""

    lead: Lead
    user: User
    today: date

    @cached_property
    def approval(self) -> Approval | None:
        """The request that waits for the head."""
        found: Approval | None = Approval.objects.of(self.lead).running().first()
        return found

    @cached_property
    def may_work(self) -> bool:
        """Whether the person may do anything with it now."""
        may = permissions.can_work_on_lead(self.user, self.lead)
        return self.lead.is_open and may and not waits(self.lead)

    def _may(self, state: str) -> bool:
        return self.may_work and state in LEAD_MOVES[self.lead.state]

    @property
    def may_negotiate(self) -> bool:
        return self._may(LeadState.NEGOTIATING)

    @property
    def may_accept(self) -> bool:
        return self._may(LeadState.OFFER_ACCEPTED)

    @property
    def may_convert(self) -> bool:
        return self._may(LeadState.CONVERTED)

    @property
    def is_new(self) -> bool:
        return self.lead.state == LeadState.NEW

    @property
    def chip(self) -> str:
        return state_chip(self.lead)

    @property
    def is_late(self) -> bool:
        """The next step was due before today, or nobody has planned one."""
        return self.lead.is_due(self.today) and self.lead.next_on != self.today

    @cached_property
    def score(self) -> ScorePage | None:
        """The scoring in force."""
        rows = ReliabilityScore.objects.current().filter(lead=self.lead).select_related("author")
        found = rows.first()
        return ScorePage(found, self.today) if found else None

    @cached_property
    def notes(self) -> list[LeadNote]:
        """The last ones."""
        return list(self.lead.notes.select_related("author")[:SHOWN_NOTES])  # type: ignore[attr-defined]


def lead_section(lead: Lead, user: User, today: date) -> Mapping[str, Any]:
    """The scoring and the last notes, beside the decision."""
    page = LeadPage(lead, user, today)
    return {"score": page.score, "notes": page.notes[:5]}


@dataclass(frozen=True)
class ScoresOf:
    """Scorings of a client, for its card."""

    client: Client
    user: User
    today: date

    @cached_property
    def rows(self) -> list[ScorePage]:
        """The last ones, the one in force first."""
        rows = ReliabilityScore.objects.visible_to(self.user).filter(client=self.client)
        return [ScorePage(row, self.today) for row in rows.select_related("author")[:5]]

    @property
    def may_score(self) -> bool:
        return permissions.can_score_client(self.user, self.client)


@dataclass(frozen=True)
class CampaignPage:
    """Plan and fact of a campaign of the whole company, and the leads of it that one sees."""

    campaign: SearchCampaign
    user: User

    @property
    def may_edit(self) -> bool:
        return permissions.can_plan_search(self.user)

    @cached_property
    def seen(self) -> dict[str, int]:
        """How many of its leads the person sees, and how many of them became clients."""
        rows = Lead.objects.visible_to(self.user).filter(campaign=self.campaign).order_by()
        won = Count("pk", filter=Q(state=LeadState.CONVERTED))
        return rows.aggregate(leads=Count("pk"), clients=won)

    @property
    def sees_leads(self) -> bool:
        return permissions.can_see_leads(self.user)

    @property
    def leads_done(self) -> Any:
        return percent(self._count("leads_count"), self.campaign.target_leads)

    @property
    def clients_done(self) -> Any:
        return percent(self._count("converted_count"), self.campaign.target_clients)

    @property
    def cost_done(self) -> Any:
        return percent(self.campaign.cost, self.campaign.planned_cost)

    @property
    def conversion(self) -> Any:
        return percent(self._count("converted_count"), self._count("leads_count"))

    @property
    def per_client(self) -> Any:
        won = self._count("converted_count")
        return round_half_up(self.campaign.cost / won) if won else None

    def _count(self, name: str) -> int:
        return int(getattr(self.campaign, name))
