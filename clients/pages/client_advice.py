"""The tab of the card: what the client was advised, who else courts it, what it was invited to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from clients import permissions
from clients.lists.client_advice import advice_chip
from clients.lists.competitors import note_value
from clients.lists.events import invitation_chip
from clients.models import Client, ClientRecommendation, CompetitorNote, EventInvitation
from crm.accounts.models import User

SHOWN = 20


@dataclass(frozen=True)
class AdviceLine:
    """One recommendation for one person."""

    row: ClientRecommendation
    user: User

    @property
    def chip(self) -> str:
        return advice_chip(self.row)

    @property
    def may_edit(self) -> bool:
        return permissions.can_edit_recommendation(self.user, self.row)

    @property
    def may_move(self) -> bool:
        return permissions.can_move_recommendation(self.user, self.row)


@dataclass(frozen=True)
class NoteLine:
    """One note on a competitor for one person."""

    row: CompetitorNote
    value: str
    may_edit: bool


@dataclass(frozen=True)
class InvitationLine:
    """One invitation with its state."""

    row: EventInvitation
    chip: str


@dataclass(frozen=True)
class AdviceOfClient:
    """The tab for one person: three queries."""

    client: Client
    user: User

    @cached_property
    def advice(self) -> list[AdviceLine]:
        """The open ones first, then the latest."""
        rows = ClientRecommendation.objects.visible_to(self.user).filter(client=self.client)
        latest = rows.select_related("author").order_by("-given_on", "-pk")[:SHOWN]
        found = sorted(latest, key=lambda row: not row.is_open)
        for row in found:
            row.client = self.client
        return [AdviceLine(row, self.user) for row in found]

    @cached_property
    def notes(self) -> list[NoteLine]:
        """What was learnt of competitors at this client, the latest first."""
        rows = CompetitorNote.objects.visible_to(self.user).filter(client=self.client)
        found = rows.select_related("competitor", "author").order_by("-noted_on", "-pk")[:SHOWN]
        return [
            NoteLine(row, note_value(row), permissions.can_edit_note(self.user, row))
            for row in found
        ]

    @cached_property
    def invitations(self) -> list[InvitationLine]:
        """Events to which its people were invited, the latest first."""
        rows = EventInvitation.objects.visible_to(self.user).filter(client=self.client)
        found = rows.select_related("event", "person").order_by("-event__starts_on", "-pk")[:SHOWN]
        return [InvitationLine(row, invitation_chip(row)) for row in found]

    @property
    def sees_competitors(self) -> bool:
        return permissions.can_see_competitors(self.user)

    @property
    def may_recommend(self) -> bool:
        return permissions.can_recommend(self.user, self.client)

    @property
    def may_note(self) -> bool:
        return permissions.can_note_of_client(self.user, self.client)
