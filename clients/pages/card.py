"""What the client card shows above its tabs, and which tabs the person has."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clients import permissions
from clients.categorising.recommendation import Recommendation, recommended
from clients.models import Client
from clients.pages.card_tabs import (
    ABOUT,
    FILES,
    HISTORY,
    RELATIONS,
    CardTab,
    TabGroup,
    grouped,
    later_tabs,
)
from clients.pages.contact_card import ContactFacts, contact_facts
from clients.reading import HeaderRows, header_rows
from crm.declaring import declare_also
from crm.work.registry import setting

if TYPE_CHECKING:
    from crm.accounts.models import User


_strips: list[str] = []


def register_strip(url_name: str) -> None:
    """Let a later app show a strip under the header: a fragment of the client by its address."""
    declare_also(_strips, url_name)


@dataclass(frozen=True)
class Card:
    """The header of one client for one person; every part is read when it is shown."""

    client: Client
    user: User
    tab: str

    @cached_property
    def whole(self) -> bool:
        """Whether the person sees every field (C.9)."""
        return permissions.sees_all_fields(self.user)

    @cached_property
    def may_edit(self) -> bool:
        return permissions.can_edit_client(self.user, self.client)

    @property
    def may_change(self) -> bool:
        """Editing is for clients outside the archive."""
        return self.may_edit and self.client.archived_at is None

    @property
    def may_restore(self) -> bool:
        return self.may_edit and self.client.archived_at is not None

    @property
    def may_transfer(self) -> bool:
        return self.client.archived_at is None and permissions.can_transfer(self.user, self.client)

    @property
    def may_see_contacts(self) -> bool:
        return permissions.can_see_contacts(self.user)

    @property
    def may_log(self) -> bool:
        """The composer is pinned where the person may log a contact."""
        if not self.may_see_contacts or self.client.archived_at is not None:
            return False
        return permissions.can_log_contact(self.user, self.client)

    @property
    def strips(self) -> list[str]:
        """Addresses of what later apps show under the header, for those who see every field."""
        return [reverse(name, args=[self.client.pk]) for name in _strips] if self.whole else []

    @cached_property
    def facts(self) -> ContactFacts:
        """Last and next contact, plan of the month, the next step."""
        return contact_facts(self.client, self.user, timezone.now())

    @cached_property
    def suggested(self) -> Recommendation | None:
        """The category that the figures suggest, where it is not the assigned one."""
        if not self.whole or self.client.category is None or self.client.archived_at is not None:
            return None
        found = recommended(self.client, today=timezone.localdate())
        differs = found.category != self.client.category and not found.by_potential
        return found if differs else None

    @cached_property
    def rows(self) -> HeaderRows:
        """What the header shows of other tables: one query."""
        return header_rows(self.client, self.user)

    @cached_property
    def stale(self) -> bool:
        """Nobody has checked the card for `clients.stale_days` (L41, L639)."""
        checked = self.client.actualised_on
        days = setting("clients.stale_days")
        return checked is None or (timezone.localdate() - checked).days > days

    @cached_property
    def chain(self) -> Client | None:
        """The chain, where the person may see it."""
        parent = self.client.parent
        if parent is None:
            return None
        visible = Client.objects.visible_to(self.user).filter(pk=parent.pk).exists()
        return parent if visible else None

    @cached_property
    def groups(self) -> list[TabGroup]:
        """The tabs that the person has, by matter; one of them is open."""
        made = [
            CardTab(key, label, icon, reverse(name, args=[self.client.pk]), group)
            for key, label, icon, name, group in self._declared()
        ]
        chosen = next((tab.key for tab in made if tab.key == self.tab), made[0].key)
        return grouped(replace(tab, current=tab.key == chosen) for tab in made)

    @property
    def group(self) -> TabGroup:
        """The group of the tab that is shown."""
        return next(group for group in self.groups if group.current)

    @property
    def panel(self) -> CardTab:
        """The tab that is shown."""
        return next(tab for tab in self.group.tabs if tab.current)

    def _declared(self) -> list[tuple[str, str, str, str, str]]:
        if not self.whole:
            return [("outlets", _("Outlets"), "building-store", "clients:requisites_tab", ABOUT)]
        requisites = _("Legal details and outlets")
        return [
            ("timeline", _("Timeline"), "timeline-event", "clients:timeline", RELATIONS),
            ("people", _("Contact persons"), "users", "clients:people_tab", ABOUT),
            ("requisites", requisites, "building-bank", "clients:requisites_tab", ABOUT),
            ("needs", _("Needs"), "bulb", "clients:needs_tab", ABOUT),
            ("work", _("Assignments"), "checklist", "clients:work_tab", RELATIONS),
            ("sheets", _("Registration sheet"), "forms", "clients:sheets_tab", ABOUT),
            ("category", _("Category"), "category", "clients:category_tab", ABOUT),
            *(
                (tab.key, str(tab.label), tab.icon, tab.url_name, tab.group)
                for tab in later_tabs(self.user)
            ),
            ("files", _("Files"), "files", "clients:files_tab", FILES),
            ("history", _("History"), "history", "clients:history_tab", HISTORY),
        ]


def card_of(client: Client, user: User, *, tab: str = "") -> Card:
    """The card of a visible client."""
    return Card(client, user, tab)
