"""Screens by the name of their address: whether they are there, where they lead, which one is open.

`deals:contract_list` is a page of the product, `report:abc` a declared report; who may open it is
known to the rail (`nav.may_open`), and of reports to the app that has them: `register_reports`.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.urls import NoReverseMatch, resolve, reverse
from django.urls.exceptions import Resolver404

from crm.accounts.models import User
from crm.declaring import declare_only
from crm.shell import nav

REPORT, REPORT_PAGE = "report:", "reports:report"
_opens_report: list[Callable[[User, str], bool]] = []


def register_reports(opens: Callable[[User, str], bool]) -> None:
    """Say who may open a declared report, by its name."""
    declare_only(_opens_report, opens)


def may_open(user: User, url_name: str) -> bool:
    """Whether the screen opens for the person: a link elsewhere would lead to a refusal."""
    if url_name.startswith(REPORT):
        return all(opens(user, url_name.removeprefix(REPORT)) for opens in _opens_report)
    return nav.may_open(user, url_name)


def address_of(url_name: str) -> str:
    """Where the screen is, nothing while it is not built."""
    if not url_name.startswith(REPORT):
        return nav.address(url_name)
    try:
        return reverse(REPORT_PAGE, args=[url_name.removeprefix(REPORT)])
    except NoReverseMatch:
        return ""


def names_of(path: str, user: User) -> list[str]:
    """The screen that the address opens, and the line of the rail to which its page belongs."""
    try:
        match = resolve(path)
    except Resolver404:
        return []
    own = match.view_name
    if own == REPORT_PAGE:
        return [f"{REPORT}{match.kwargs.get('name', '')}"]
    line = nav.current_item(nav.items_for(user.role), own, path)
    names = [own, line.url_name] if line is not None else [own]
    return list(dict.fromkeys(names))


def path_of(request: HttpRequest) -> str:
    """The address asked about, a path of the product."""
    path = request.GET.get("page", "")
    return path if path.startswith("/") and len(path) < 300 else ""
