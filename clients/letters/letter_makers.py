"""What can be made of a letter: later apps say it, the page of the letter shows the buttons.

from clients import letter_makers
letter_makers.register(letter_makers.Maker(
    "claim", _("Register a claim"), "alert-triangle", may_make=can_make_claim,
    form=lambda letter: f"{reverse('claims:create', args=[letter.client_id])}?letter={letter.pk}",
    made=lambda letter, user: [(str(c), c.get_absolute_url()) for c in claims_of(letter, user)],
))                                                                   # AppConfig.ready()
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

from clients.models import Correspondence
from crm.accounts.models import User
from crm.declaring import declare

Made = tuple[str, str]  # what it is called and its address


@dataclass(frozen=True)
class Maker:
    """One kind of record that grows out of a letter.

    `form` gives the address of the form that makes it, opened over the page; `made` what was made
    of the letter already, as far as the person sees it.
    """

    key: str
    label: str | Promise
    icon: str
    may_make: Callable[[User, Correspondence], bool]
    form: Callable[[Correspondence], str]
    made: Callable[[Correspondence, User], Sequence[Made]] = lambda letter, user: ()


_makers: dict[str, Maker] = {}


def register(maker: Maker) -> None:
    """Declare it."""
    declare(_makers, maker.key, maker)


def makers_for(user: User, letter: Correspondence) -> list[tuple[Maker, str]]:
    """What the person may make of this letter now, with the address of each form."""
    return [
        (maker, maker.form(letter))
        for maker in _makers.values()
        if letter.client is not None and maker.may_make(user, letter)
    ]


def made_of(letter: Correspondence, user: User) -> list[Made]:
    """What was made of it."""
    return [made for maker in _makers.values() for made in maker.made(letter, user)]
