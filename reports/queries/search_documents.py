"""Search of claims, returns, letters and lawsuits: by their numbers, letters by their subject too.

A number is found as it is written (ПР-2026-000123), without leading zeros, without its year (this
one and the last) and as bare digits; letters count in any case and keyboard layout.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from claims.actions.claims import PREFIX as CLAIM
from claims.actions.outgoing import PREFIX as OUTGOING
from claims.models import Claim, OutgoingClaim, Return
from claims.numbers import RETURN
from claims.permissions import (
    can_see_claims,
    can_see_receiving,
    can_see_returns,
    sees_clients_of_claims,
)
from claims.permissions.outgoing import can_see_outgoing
from clients.letters.letter_numbers import INCOMING
from clients.letters.letter_numbers import OUTGOING as OUTGOING_LETTER
from clients.models import Correspondence
from clients.permissions import can_see_letters
from crm.accounts.models import User
from crm.names import plain_text, swap_layout
from crm.numbering import format_number
from reports.queries.found import Found

_NUMBER = re.compile(r"(?:([^\W\d_]{1,4})[-\s]*)?(?:(20\d\d)-)?(\d{1,9})")
_CASE = re.compile(r"\w{0,3}\d+[-/][\w/-]*\d[\w/-]*")
MOST_BARE = 6  # digits; more are a phone or a tax number
LEAST_WORD = 3  # letters that trigrams find


@dataclass(frozen=True)
class Source:
    """Documents of one kind: their prefixes, and how those of the numbers are found."""

    prefixes: Sequence[str]
    find: Callable[[User, list[str]], Iterator[Found]]


def numbers_meant(text: str, prefixes: Sequence[str]) -> list[str]:
    """Numbers of documents with one of these prefixes that the text may be."""
    match = _NUMBER.fullmatch(plain_text(text).upper())
    if match is None:
        return []
    letters, year, digits = match.groups()
    if letters is None and year is None and len(digits) > MOST_BARE:
        return []
    this = timezone.localdate().year
    years = [int(year)] if year else [this, this - 1]
    typed = {letters, swap_layout(letters).upper()} if letters else set(prefixes)
    return [
        format_number(prefix, one, int(digits))
        for prefix in prefixes
        if prefix in typed
        for one in years
    ]


def by_number(user: User, text: str, limit: int) -> list[Found]:
    """Documents of exactly that number, and lawsuits whose case number begins so."""
    asked = ((source, numbers_meant(text, source.prefixes)) for source in SOURCES)
    found = chain.from_iterable(one.find(user, numbers) for one, numbers in asked if numbers)
    return [*found, *_lawsuits(user, text, limit)][:limit]


def letters_about(user: User, text: str, limit: int) -> list[Found]:
    """Letters whose subject has the text in it, the newest first."""
    if not can_see_letters(user) or sum(map(str.isalpha, text)) < LEAST_WORD:
        return []
    rows = Correspondence.objects.visible_to(user).filter(subject__icontains=plain_text(text))
    found = rows.select_related("client").order_by("-on_day", "-pk")[:limit]
    return [_letter(letter) for letter in found]


def _claims(user: User, numbers: list[str]) -> Iterator[Found]:
    if not can_see_claims(user):
        return
    rows = Claim.objects.visible_to(user).filter(number__in=numbers)
    for claim in rows.select_related("client", "reason").order_by("-pk"):
        client = str(claim.client) if sees_clients_of_claims(user) else str(claim.reason)
        yield _found(claim, _("Claim"), client, "message-report")


def _outgoing(user: User, numbers: list[str]) -> Iterator[Found]:
    if not can_see_outgoing(user):
        return
    rows = OutgoingClaim.objects.visible_to(user).filter(number__in=numbers)
    for claim in rows.select_related("client").order_by("-pk"):
        yield _found(claim, _("Claim against a client"), str(claim.client), "gavel")


def _lawsuits(user: User, text: str, limit: int) -> Iterator[Found]:
    case = plain_text(text)
    if not _CASE.fullmatch(case) or not can_see_outgoing(user):
        return
    rows = OutgoingClaim.objects.visible_to(user).filter(lawsuit__case_number__istartswith=case)
    for claim in rows.select_related("client", "lawsuit").order_by("-pk")[:limit]:
        suit = claim.lawsuit
        note = _note(_("Lawsuit"), str(claim.client), suit.get_state_display())
        yield Found(suit.case_number, note, claim.get_absolute_url(), "gavel")


def _returns(user: User, numbers: list[str]) -> Iterator[Found]:
    receives = can_see_receiving(user)
    if not receives and not can_see_returns(user):
        return
    rows: Any = Return.objects
    rows = rows.seen_without_sums(user) if receives else rows.visible_to(user)
    for back in rows.filter(number__in=numbers).select_related("client").order_by("-pk"):
        kind, client = pgettext("of goods", "return").capitalize(), str(back.client)
        url = back.receiving_url if receives else back.get_absolute_url()
        note = _note(kind, client, back.get_state_display())
        yield Found(back.number, note, url, "truck-return")


def _letters(user: User, numbers: list[str]) -> Iterator[Found]:
    if not can_see_letters(user):
        return
    rows = Correspondence.objects.visible_to(user).filter(reg_no__in=numbers)
    for letter in rows.select_related("client").order_by("-pk"):
        yield _letter(letter)


def _letter(letter: Correspondence) -> Found:
    who = str(letter.client) if letter.client else letter.correspondent
    note = _note(letter.reg_no, f"{letter.on_day:%d.%m.%Y}", who)
    return Found(letter.subject, note, letter.get_absolute_url(), "mail")


def _found(document: Any, kind: str, about: str, icon: str) -> Found:
    note = _note(kind, about, document.get_state_display())
    return Found(document.number, note, document.get_absolute_url(), icon)


def _note(*parts: Any) -> str:
    return " · ".join(str(part) for part in parts if part)


SOURCES = (
    Source((CLAIM,), _claims),
    Source((OUTGOING,), _outgoing),
    Source((RETURN,), _returns),
    Source((INCOMING, OUTGOING_LETTER), _letters),
)
