"""What later apps show with a contact: marks of what belongs to it, and buttons that add it.

    contact_extras.register(contact_extras.Extra(
        "expense", _("Expense"), "receipt-2", marks=expenses_of, may_add=can_log_expense,
        form=lambda contact: f"{reverse('reports:expense_create')}?contact={contact.pk}"))

Marks of all contacts of a page are asked for at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise

from clients.models import ContactLog, ContactState
from crm.declaring import declare

if TYPE_CHECKING:
    from crm.accounts.models import User

Text = str | Promise


@dataclass(frozen=True)
class Mark:
    """Something that belongs to a contact, with its page."""

    label: str
    url: str
    icon: str
    tone: str = "neutral"


@dataclass(frozen=True)
class Extra:
    """One kind of record that belongs to contacts.

    `marks` gives what the person sees of these contacts by their keys, in one query; `form` the
    address of the form that adds one to a contact that took place.
    """

    key: str
    label: Text
    icon: str
    marks: Callable[[Sequence[ContactLog], User], Mapping[int, list[Mark]]]
    may_add: Callable[[User], bool]
    form: Callable[[ContactLog], str]


@dataclass(frozen=True)
class Adding:
    """A button of a contact."""

    label: Text
    icon: str
    url: str


_extras: dict[str, Extra] = {}


def register(extra: Extra) -> None:
    """Declare it."""
    declare(_extras, extra.key, extra)


def with_extras(
    contacts: list[ContactLog], user: User, *, may_log: bool, are_new: bool = False
) -> list[ContactLog]:
    """The contacts with `marks` and `additions`, which items of a timeline show.

    What has been logged just now has no marks: nothing is asked.
    """
    offered = [one for one in _extras.values() if may_log and one.may_add(user)]
    asked = [] if are_new or not contacts else list(_extras.values())
    found = [one.marks(contacts, user) for one in asked]
    for contact in contacts:
        shown = [mark for marks in found for mark in marks.get(contact.pk, ())]
        is_done = contact.state == ContactState.DONE
        additions = [Adding(one.label, one.icon, one.form(contact)) for one in offered if is_done]
        contact.marks, contact.additions = shown, additions  # type: ignore[attr-defined]
    return contacts
