"""The tabs of a client card: a line of groups, and beneath it the tabs of the open one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from crm.declaring import declare

if TYPE_CHECKING:
    from crm.accounts.models import User

RELATIONS, ABOUT, SALES, MONEY, CLAIMS = "relations", "about", "sales", "money", "claims"
FILES, HISTORY = "files", "history"  # groups of one tab


@dataclass(frozen=True)
class CardTab:
    """A tab of the card: the panel is loaded from its address when it is first shown."""

    key: str
    label: str
    icon: str
    url: str
    group: str
    current: bool = False


@dataclass
class TabGroup:
    """Tabs of one matter; its link opens the first of them. A single tab stands for itself."""

    key: str
    label: str
    icon: str
    tabs: list[CardTab] = field(default_factory=list)

    @property
    def current(self) -> bool:
        return any(tab.current for tab in self.tabs)

    @property
    def title(self) -> str:
        return self.label if len(self.tabs) > 1 else self.tabs[0].label


@dataclass(frozen=True)
class TabOfLaterApp:
    """A tab that an app with later rows adds; `order` places it among those of its group."""

    key: str
    label: str | Promise
    icon: str
    url_name: str
    may_open: Callable[[User], bool]
    order: int = 50
    group: str = RELATIONS


_later_tabs: dict[str, TabOfLaterApp] = {}


def register_tab(tab: TabOfLaterApp) -> None:
    """Add a tab to the card; apps call it from AppConfig.ready()."""
    declare(_later_tabs, tab.key, tab)


def later_tabs(user: User) -> list[TabOfLaterApp]:
    """The tabs of later apps that the person may open, in their order."""
    tabs = sorted(_later_tabs.values(), key=lambda tab: tab.order)
    return [tab for tab in tabs if tab.may_open(user)]


def grouped(tabs: Iterable[CardTab]) -> list[TabGroup]:
    """The groups that have a tab, in the order of a card."""
    groups = {
        group.key: group
        for group in (
            TabGroup(RELATIONS, _("Relations"), "timeline-event"),
            TabGroup(ABOUT, _("About the client"), "id"),
            TabGroup(SALES, _("Sales"), "truck-delivery"),
            TabGroup(MONEY, _("Contracts and money"), "file-certificate"),
            TabGroup(CLAIMS, _("Claims"), "message-report"),
            TabGroup(FILES, _("Files"), "files"),
            TabGroup(HISTORY, _("History"), "history"),
        )
    }
    for tab in tabs:
        groups[tab.group].tabs.append(tab)
    return [group for group in groups.values() if group.tabs]
