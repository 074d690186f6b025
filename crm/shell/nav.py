"""What the left rail, the bottom bar and the `+` menu offer to whom.

Apps add their own from AppConfig.ready():
    nav.register(NavItem("deals", _("Deals"), "file-text", "deals:list", WORK, roles=SALES))
    nav.register_create(CreateItem("deal", _("Deal"), "file-plus", "deals:create", roles=SALES))
    nav.register_counter("decisions", count_waiting)      # (user) -> int, the badge of an item
An item whose URL name does not resolve is left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import NoReverseMatch, Resolver404, get_urlconf, resolve, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.accounts.models import DIRECTORS, SALES, Role
from crm.declaring import declare

if TYPE_CHECKING:
    from crm.accounts.models import User

_KEY = 2_000_000_011  # stands for the key of a record while its address is taken apart
LINES_AT_FIRST = 14
Text = str | Promise
Count = Callable[["User"], int]

WORK = "work"
CLIENTS = "clients"
GROWTH = "growth"
DEALS = "deals"
TERMS = "terms"
MONEY = "money"
CLAIMS = "claims"
PLANS = "plans"
CONTROL = "control"
COMPANY = "company"
SETUP = "setup"
GROUPS: dict[str, Text] = {
    WORK: _("Work"),
    CLIENTS: _("Clients"),
    GROWTH: pgettext_lazy("rail", "Growth"),
    DEALS: _("Sales"),
    TERMS: _("Contracts and terms"),
    MONEY: _("Money"),
    CLAIMS: _("Claims"),
    PLANS: _("Plans and results"),
    CONTROL: _("Reports and control"),
    COMPANY: _("Company"),
    SETUP: _("Set-up"),
}

# Merchandisers have the outlets of their visits, no clients (DL-16).
SEES_CLIENTS = SALES | DIRECTORS | {Role.ACCOUNTANT, Role.LAWYER, Role.MARKETER, Role.LOGISTICS}
SEES_MONEY = SALES | DIRECTORS | {Role.ACCOUNTANT, Role.LAWYER}
LOGS_CONTACTS = SALES | {Role.DIRECTOR}
EVERYBODY = frozenset(Role)


@dataclass(frozen=True)
class NavItem:
    """One line of the rail; `phone` ranks it for the bottom bar (smaller comes first)."""

    key: str
    label: Text
    icon: str
    url_name: str
    group: str
    roles: frozenset[Role]
    phone: int = 90
    order: int = 50
    # Other URL names under which the item is the current one; `deals:vat_` is all that begin so.
    also: tuple[str, ...] = ()
    short: Text = ""  # the name in the bottom bar, where the whole one has no room
    query: str = ""  # what the page opens on

    @property
    def url(self) -> str:
        """Where the line leads."""
        return f"{address(self.url_name)}?{self.query}" if self.query else address(self.url_name)


@dataclass(frozen=True)
class CreateItem:
    """One line of the `+` menu; with `dialog` the form opens over the page."""

    key: str
    label: Text
    icon: str
    url_name: str
    roles: frozenset[Role]
    dialog: bool = False
    shortcut: str = ""


_items: dict[str, NavItem] = {}
_create: dict[str, CreateItem] = {}
_counters: dict[str, Count] = {}
_gates: dict[str, Callable[[User], bool]] = {}
# What was registered and what of it a role is offered, by the role and the addresses there are.
_offered: dict[tuple[str, str | None], tuple[list[NavItem], list[NavItem]]] = {}


def register(item: NavItem) -> None:
    """Add a line to the rail."""
    declare(_items, item.key, item)


def register_create(item: CreateItem) -> None:
    """Add a line to the `+` menu."""
    declare(_create, item.key, item)


def register_counter(key: str, count: Count) -> None:
    """Give the item `key` (or the bell: "notices") a number that is loaded after the page."""
    declare(_counters, key, count)


def line_of(key: str) -> NavItem:
    """The line by its key, for links that lead to where it does."""
    return _items[key]


def declared() -> list[NavItem | CreateItem]:
    """Everything registered, for the test that each name resolves."""
    return [*_items.values(), *_create.values()]


def address(url_name: str) -> str:
    """The address of the name, or nothing while its app is not there."""
    return _address(url_name, get_urlconf(settings.ROOT_URLCONF))


def address_of(url_name: str, pk: int) -> str:
    """The address of one record, or nothing while its page is not there."""
    around = _around(url_name, get_urlconf(settings.ROOT_URLCONF))
    return f"{around[0]}{pk}{around[1]}" if around else ""


@lru_cache(maxsize=256)
def _address(url_name: str, urlconf: str) -> str:
    try:
        return reverse(url_name, urlconf=urlconf)
    except NoReverseMatch:
        return ""


@lru_cache(maxsize=256)
def _around(url_name: str, urlconf: str) -> tuple[str, str] | None:
    """What stands before and after the key in the addresses of records: hundreds on a page."""
    try:
        head, _key, tail = reverse(url_name, urlconf, args=[_KEY]).rpartition(str(_KEY))
    except NoReverseMatch:
        return None
    return head, tail


def items_for(role: str) -> list[NavItem]:
    """Lines that the role may open, in the order of the groups."""
    registered, key = list(_items.values()), (role, get_urlconf(settings.ROOT_URLCONF))
    known = _offered.get(key)
    if known is None or known[0] != registered:
        known = _offered[key] = registered, _allowed(role, registered)
    return list(known[1])


def _allowed(role: str, registered: list[NavItem]) -> list[NavItem]:
    ranks = {group: rank for rank, group in enumerate(GROUPS)}
    allowed = [i for i in registered if role in i.roles and address(i.url_name)]
    return sorted(allowed, key=lambda item: (ranks[item.group], item.order))


def register_gate(url_name: str, gate: Callable[[User], bool]) -> None:
    """Say who may open a page that belongs to no line."""
    declare(_gates, url_name, gate)


def may_open(user: User, url_name: str) -> bool:
    """Whether a link to the page leads anywhere: by its gate, or by the lines that have it."""
    if url_name in _gates:
        return _gates[url_name](user)
    lines: list[NavItem | CreateItem] = [i for i in declared() if i.url_name == url_name]
    lines = lines or [item for item in _items.values() if url_name in item.also]
    return not lines or any(user.role in item.roles for item in lines)


def leads(user: User, url: str) -> bool:
    """The same of an address."""
    try:
        return may_open(user, resolve(url.partition("?")[0]).view_name)
    except Resolver404:
        return bool(url)


def create_for(role: str) -> list[CreateItem]:
    """What the role may create from the `+` menu."""
    return [i for i in _create.values() if role in i.roles and address(i.url_name)]


def phone_items(items: list[NavItem], count: int = 4) -> list[NavItem]:
    """The most important lines for the bottom bar."""
    return sorted(items, key=lambda item: item.phone)[:count]


def current_item(items: list[NavItem], view_name: str, path: str) -> NavItem | None:
    """The line of the page: by its URL name, else by its noun, else by the addresses above it.

    A line that has `deals:contract_list` has all of `deals:contract_…`; what the address above
    leads to, `/budgets/7/` of `/budgets/7/correct/`, has its line for the pages below.
    """
    found = _named(items, view_name)
    by_address = {address(item.url_name): item for item in items}
    while found is None and len(path := path[: path.rstrip("/").rfind("/") + 1]) > 1:
        found = by_address.get(path) or _named(items, _name_at(path, get_urlconf()))
    return found


def _named(items: list[NavItem], view_name: str) -> NavItem | None:
    """The line that has the name, or the longest noun of it."""
    nouns: dict[str, NavItem] = {}
    for item in items:
        names = (item.url_name, *item.also)
        if view_name in names:
            return item
        nouns |= {noun: item for noun in map(_noun, names) if noun}
    fitting = [noun for noun in nouns if view_name.startswith(noun)]
    return nouns[max(fitting, key=len)] if fitting else None


def _noun(name: str) -> str:
    """`deals:contract_` of the name of a list or of a record, or itself; nothing of any other."""
    if name.endswith("_"):
        return name
    for ending in ("_list", "_detail"):
        if name.endswith(ending):
            return name.removesuffix(ending[1:])
    return ""


@lru_cache(maxsize=1024)
def _name_at(path: str, urlconf: str | None) -> str:
    """The name of the page at the address, or nothing."""
    try:
        return resolve(path, urlconf).view_name
    except Resolver404:
        return ""


def counts_for(user: User, keys: set[str]) -> dict[str, int]:
    """Numbers behind these keys, for those that have a counter."""
    return {key: count(user) for key, count in _counters.items() if key in keys}


def badges(items: list[NavItem], counts: dict[str, int]) -> list[tuple[str, int]]:
    """Ids of the badges on the page with their numbers: all of the rail, some of the bar.

    A group has the sum of its lines, which is seen while the group is closed.
    """
    in_bar = {item.key for item in phone_items(items)}
    counted = [item for item in items if item.key in counts]
    rail = [(f"rail-count-{item.key}", counts[item.key]) for item in counted]
    sums = Counter[str]()
    for item in counted:
        sums[item.group] += counts[item.key]
    groups = [(f"rail-sum-{group}", number) for group, number in sums.items()]
    bar = [(f"bar-count-{key}", counts[key]) for key in in_bar & counts.keys()]
    return rail + groups + bar


def opened(items: list[NavItem], here: NavItem | None, chosen: str | None) -> set[str]:
    """Groups of the rail that stand open: that of the page, and what the person left open.

    `chosen` is the cookie of static/js/rail.js, keys with dots between; without one the first
    groups are open as far as a window has room for their lines.
    """
    if chosen is not None:
        left = GROUPS.keys() & set(chosen.split("."))
    else:
        left, room = set(), LINES_AT_FIRST
        for group, lines in groupby(items, key=lambda item: item.group):
            room -= len(list(lines))
            if room < 0:
                break
            left.add(group)
    return left | ({here.group} if here else set())
