"""Clients with a category, requests and proposals on their way; written past the actions."""

from datetime import date
from itertools import count

from clients.models import (
    CategoryAssignment,
    CategoryChangeRequest,
    CategoryProposal,
    Client,
    ClientAssignment,
)
from crm.names import sort_key

TODAY = date(2026, 11, 23)
SINCE = date(2026, 1, 12)
_numbers = count(1)


def client(manager, *, category="B", since=SINCE, by=None, **more):
    """A client of the manager and the manager's unit, with its history where it has a category."""
    number = next(_numbers)
    name = more.pop("name", f"ООО «Клиент {number}»")
    more.setdefault("code", f"T-{number:05d}")
    more.setdefault("org_unit", manager.org_unit)
    made = Client.objects.create(
        name=name,
        sort_key=sort_key(name),
        manager=manager,
        category=category,
        category_since=since if category else None,
        **more,
    )
    ClientAssignment.objects.create(client=made, manager=manager, valid_from=SINCE)
    if category:
        CategoryAssignment.objects.create(
            client=made,
            category=category,
            kind="initial",
            valid_from=since,
            decided_by=by or manager,
        )
    return made


def change(of, author, *, to="A", state="draft", **more):
    """A request to change the category in any state, without an approval."""
    more.setdefault("reason", "Заказы выросли втрое за полгода.")
    more.setdefault("effective_from", date(2026, 12, 1))
    return CategoryChangeRequest.objects.create(
        client=of, from_category=of.category, to_category=to, state=state, author=author, **more
    )


def proposal(of, author, *, category="B", state="proposed", **more):
    """A proposal for a new client in any state, without an approval."""
    return CategoryProposal.objects.create(
        client=of, category=category, state=state, author=author, **more
    )
