"""What base.html needs besides the page: rail, `+` menu, theme, language, demo logins."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.conf import settings
from django.utils.functional import cached_property
from django.utils.translation import get_language, get_language_info

from crm.accounts.models import Role, User
from crm.shell import nav

if TYPE_CHECKING:
    from django.http import HttpRequest


@dataclass(frozen=True)
class Line:
    """A rail or bottom bar line ready for the template."""

    key: str
    label: nav.Text
    icon: str
    url: str
    current: bool


@dataclass(frozen=True)
class Group:
    """Lines of the rail under one heading."""

    key: str
    label: nav.Text
    lines: list[Line]
    open: bool


def stands_with(request: HttpRequest, record: Any) -> None:
    """The page belongs where the record does: files of anything have no line of their own."""
    request.part_of = f"{record.get_absolute_url().partition('?')[0]}part/"  # type: ignore[attr-defined]


class Shell:
    """Computed only as far as the template asks, because fragments ask for nothing."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def user(self) -> User | None:
        """The signed-in person, or None for a page that anybody may open."""
        user = getattr(self._request, "user", None)
        return user if isinstance(user, User) else None

    @cached_property
    def theme(self) -> str:
        """auto, light or dark: from the profile, for visitors from the cookie."""
        if self.user is not None:
            return self.user.theme
        choice = self._request.COOKIES.get("theme", "auto")
        return choice if choice in {"auto", "light", "dark"} else "auto"

    @property
    def painted_theme(self) -> str:
        """What the server can paint before the browser tells what the system prefers."""
        return "dark" if self.theme == "dark" else "light"

    @property
    def languages(self) -> list[tuple[str, str, bool]]:
        """Code, own name and whether it is the current one."""
        return [
            (code, get_language_info(code)["name_local"], code == get_language())
            for code, _name in settings.LANGUAGES
        ]

    @cached_property
    def _items(self) -> list[nav.NavItem]:
        return nav.items_for(self.user.role) if self.user else []

    @cached_property
    def _here(self) -> nav.NavItem | None:
        match, record = self._request.resolver_match, getattr(self._request, "part_of", "")
        name = "" if record or not match else match.view_name
        return nav.current_item(self._items, name, record or self._request.path)

    @property
    def line_above(self) -> tuple[nav.Text, str] | None:
        """Name and address of the line that the page belongs to; no address on its own page."""
        here = self._here
        if here is None:
            return None
        return here.label, "" if nav.address(here.url_name) == self._request.path else here.url

    @cached_property
    def same_for(self) -> tuple[str, ...]:
        """What the shared parts depend on besides the language and the place."""
        create = nav.create_for(self.user.role) if self.user else []
        keys = [item.key for item in self._items] + [item.key for item in create]
        return (self.theme, *keys)

    @cached_property
    def place(self) -> tuple[str, ...]:
        """Where the page stands in the rail: its line and the groups that are open."""
        return (self._here.key if self._here else "", *sorted(self._opened))

    @cached_property
    def _opened(self) -> set[str]:
        return nav.opened(self._items, self._here, self._request.COOKIES.get("rail"))

    def _lines(self, items: list[nav.NavItem]) -> list[Line]:
        here = self._here.key if self._here else ""
        return [Line(i.key, i.label, i.icon, i.url, i.key == here) for i in items]

    @property
    def rail(self) -> list[Group]:
        """Groups of lines of the left rail."""
        by_key = {line.key: line for line in self._lines(self._items)}
        return [
            Group(key, nav.GROUPS[key], [by_key[item.key] for item in items], key in self._opened)
            for key, items in groupby(self._items, key=lambda item: item.group)
        ]

    @property
    def bar(self) -> list[Line]:
        """Lines of the bottom bar of a phone."""
        items = nav.phone_items(self._items)
        return self._lines([replace(item, label=item.short or item.label) for item in items])

    @property
    def create(self) -> list[tuple[nav.CreateItem, str]]:
        """Lines of the `+` menu with their addresses."""
        items = nav.create_for(self.user.role) if self.user else []
        return [(item, nav.address(item.url_name)) for item in items]

    @cached_property
    def links(self) -> dict[str, str]:
        """Addresses of other apps' pages that the shell points to, empty while absent."""
        names = {
            "search": "reports:search",
            "notices": "notices:list",
            "profile": "accounts:profile",
            "password": "account_change_password",
            "two_factor": "mfa_index",
            "sessions": "usersessions_list",
        }
        return {key: nav.address(name) for key, name in names.items()}

    @property
    def purpose(self) -> str:
        """Where it says which duties this page serves."""
        address = nav.address("library:purpose") if self.user is not None else ""
        return f"{address}?page={quote(self._request.path)}" if address else ""

    @property
    def demo_logins(self) -> list[User]:
        """People with the demo password; nobody in production."""
        if not settings.DEMO:
            return []
        ranks = {role: rank for rank, role in enumerate(Role)}
        people = User.objects.filter(is_demo=True, is_active=True).order_by("username")
        return sorted(people, key=lambda person: ranks.get(Role(person.role), len(ranks)))


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor."""
    return {"shell": Shell(request)}
