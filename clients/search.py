"""Search of clients and people: exact codes first, then names with forgiveness.

Forgiven are ё/е, the legal form, the wrong keyboard layout, any habit of writing a phone number
and one typing error in a word. Everything is answered from trigram indexes. The limited roles
(C.9) search by names and codes only: not by phone, e-mail, INN or person.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Case, F, Lookup, Q, QuerySet, When

from clients.models import Client, ContactPerson
from clients.permissions import sees_all_fields
from crm.lists.spec import Found
from crm.names import plain_text, search_key, swap_layout
from crm.phones import phone_digits

if TYPE_CHECKING:
    from crm.accounts.models import User

LONGEST = 100
MOST_WORDS = 6
LEAST_DIGITS = 4
TRIGRAM = 3
TYPO_LEAST = 5  # a shorter word with another letter is another word
TYPO_CANDIDATES = 1000
LEAST_SIMILAR = 0.36  # what two swapped letters in the middle of seven leave
FEW = 3000  # rows found at once by trigrams; with more, the order of the list finds some soon
CODE_PREFIX = "K-"
NOTHING = Q(pk__in=[])
# Where words are looked for: everything of a client, its names only, the name of a person.
ALL, NAMES, PERSON = "search__text", "search__names", "search_key"
_PHONE_LIKE = re.compile(r"[+0-9()\s.\-/]+", re.ASCII)
_CODE_LIKE = re.compile(r"[\w-]*[0-9][\w-]*")

Words = tuple[str, ...]


@dataclass(frozen=True)
class Terms:
    """What a typed text may mean."""

    variants: tuple[Words, ...]  # as typed and in the other keyboard layout
    digits: str = ""
    email: str = ""
    codes: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        return not (self.variants or self.digits or self.email)


def parse(text: str) -> Terms:
    """Tell names, digits, e-mail and code apart; anything may be typed."""
    plain = plain_text(text.replace("\x00", "")[:LONGEST])
    codes = _codes(plain)
    if "@" in plain and plain.strip("@"):
        return Terms((), email=plain.casefold())
    digits = phone_digits(plain) if _PHONE_LIKE.fullmatch(plain) else ""
    if len(digits) >= LEAST_DIGITS:
        return Terms((), digits=digits, codes=codes)
    variants: list[Words] = []
    for typed in (plain, swap_layout(plain)):
        words = tuple(search_key(typed).split()[:MOST_WORDS])
        if words and words not in variants:
            variants.append(words)
    return Terms(tuple(variants), codes=codes)


def _codes(plain: str) -> tuple[str, ...]:
    """Client codes that the text may be, in either layout; a bare number is the number of one."""
    if not _CODE_LIKE.fullmatch(plain) or len(plain) > 20:
        return ()
    if plain.isascii() and plain.isdigit():
        return (plain, f"{CODE_PREFIX}{int(plain):06d}")
    return tuple(dict.fromkeys((plain, plain.upper(), swap_layout(plain).upper())))


def _has(field: str, word: str) -> Q:
    """The word occurs in the column; a short one begins a word there: trigrams need three."""
    if len(word) >= TRIGRAM:
        return Q(**{f"{field}__contains": word})
    return Q(**{f"{field}__startswith": word}) | Q(**{f"{field}__contains": f" {word}"})


def _names(field: str, terms: Terms) -> Q:
    """Every word of one of the variants occurs in the column."""
    condition = NOTHING
    for words in terms.variants:
        whole = Q()
        for word in words:
            whole &= _has(field, word)
        condition |= whole
    return condition


def _condition(terms: Terms, *, all_fields: bool) -> Q:
    field = ALL if all_fields else NAMES
    condition = _names(field, terms)
    if terms.codes and (numbers := _with_code(terms)):
        condition |= Q(search__pk__in=numbers)
    if terms.digits:
        condition |= Q(**{f"{field}__contains": terms.digits})
    if terms.email and all_fields:
        condition |= Q(search__text__contains=f" {terms.email}")
    return condition


def _with_code(terms: Terms) -> list[int]:
    """Clients of that code, asked for alone: an OR over two tables would read both."""
    return list(Client.objects.filter(code__in=terms.codes).values_list("pk", flat=True))


class OneOf(Lookup):  # type: ignore[type-arg]
    """`IN` with one array of numbers, where Django's own would write thousands of parameters.

    The array is one text: the database reads it at once, and not as an expression of parts.
    """

    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Called by the query builder."""
        left, params = self.process_lhs(compiler, connection)
        return f"{left} = ANY(%s::bigint[])", (*params, f"{{{','.join(map(str, self.rhs))}}}")


def _narrowed(rows: QuerySet[Any], condition: Q) -> Found | None:
    """The rows that fit, None where there are none.

    A few are found by the trigrams at once, and then order and count need no text at all.
    """
    found = rows.filter(condition)
    few = list(found.order_by().values_list("pk", flat=True)[: FEW + 1])
    if len(few) > FEW:
        return Found(found)
    return Found(rows.filter(OneOf(F("pk"), few)), len(few)) if few else None


def matching(rows: QuerySet[Any], text: str, *, all_fields: bool) -> Found:
    """The clients of `rows` that the text means; one typing error is forgiven if nothing fits."""
    terms = parse(text)
    if terms.empty:
        return Found(rows.none())
    found = _narrowed(rows, _condition(terms, all_fields=all_fields))
    return found or Found(rows.filter(pk__in=_with_typo(rows, terms)))


def search_list(rows: QuerySet[Any], text: str) -> Found:
    """`matching` for the list of those who see every field."""
    return matching(rows, text, all_fields=True)


def search_limited_list(rows: QuerySet[Any], text: str) -> Found:
    """`matching` for the list of the limited roles: no phone, e-mail, INN or person."""
    return matching(rows, text, all_fields=False)


def search_clients(user: User, text: str, limit: int = 10) -> list[Client]:
    """Visible clients for the palette: exact code, INN and phone first, then by name."""
    terms = parse(text)
    if terms.empty:
        return []
    all_fields = sees_all_fields(user)
    rows = Client.objects.visible_to(user).for_list()
    best_first: tuple[Any, ...] = (*_rank(terms, all_fields), "sort_key", "pk")
    fitting = rows.filter(_condition(terms, all_fields=all_fields)).order_by(*best_first)
    # People and units are joined to the few that are shown, not to all that fit.
    best = fitting.values("pk")[:limit]
    found = list(Client.objects.for_list().filter(pk__in=best).order_by(*best_first))
    if found:
        return found
    alike = _with_typo(rows, terms)
    return list(rows.filter(pk__in=alike).order_by(*best_first)[:limit]) if alike else []


def _rank(terms: Terms, all_fields: bool) -> list[Case]:
    """What stands above the rest: exact code, INN or phone, then names that begin so.

    Nothing where all would stand alike: a mere number to order by is the number of a column.
    """
    if not (terms.codes or terms.variants or (terms.digits and all_fields)):
        return []
    exact = Q(code__in=terms.codes)
    if terms.digits and all_fields:
        for digits in (terms.digits, f"7{terms.digits}"):
            exact |= Q(search__text__contains=f" {digits} ")
    begins = NOTHING
    for words in terms.variants:
        begins |= Q(search__names__startswith=" ".join(words))
    return [Case(When(exact, then=0), When(begins, then=1), default=2)]


def search_people(
    user: User, text: str, limit: int = 10, *, forgive: bool = True
) -> list[ContactPerson]:
    """Visible contact persons for the palette, by name, phone or e-mail, with their client.

    Without `forgive` a typing error is not looked through: something else fits as it was typed.
    """
    terms = parse(text)
    rows = ContactPerson.objects.visible_to(user).open().select_related("client")
    if terms.empty:
        return []
    found = list(rows.filter(_person_condition(terms)).order_by("sort_key", "pk")[:limit])
    if found or not forgive:
        return found
    return list(rows.filter(pk__in=_with_typo(rows, terms, PERSON)[:limit]))


def search_people_list(rows: QuerySet[Any], text: str) -> Found:
    """Contact persons of `rows` by name, phone or e-mail, for their directory."""
    terms = parse(text)
    if terms.empty:
        return Found(rows.none())
    found = _narrowed(rows, _person_condition(terms))
    return found or Found(rows.filter(pk__in=_with_typo(rows, terms, PERSON)))


def _person_condition(terms: Terms) -> Q:
    condition = _names(PERSON, terms)
    if terms.digits:
        condition |= Q(phone__contains=terms.digits)
    if terms.email:
        condition |= Q(email__startswith=terms.email)
    return condition


# One typing error


def _with_typo(rows: QuerySet[Any], terms: Terms, names: str = NAMES) -> list[int]:
    """Ids of rows whose name has every word with at most one typing error in each."""
    for words in terms.variants:
        long = max(words, key=len)
        if len(long) < TYPO_LEAST:
            continue
        _set_similarity(LEAST_SIMILAR)
        for alike in (Q(**{f"{names}__trigram_word_similar": long}), _swapped(names, long)):
            candidates = rows.order_by().filter(alike).values_list("pk", names)
            near = candidates[:TYPO_CANDIDATES]
            found = [pk for pk, key in near if all(_is_near(word, key) for word in words)]
            if found:
                return found
    return []


def _swapped(names: str, word: str) -> Q:
    """The word with each pair of neighbours swapped: in short words little similarity is left."""
    condition = NOTHING
    for place in range(len(word) - 1):
        swapped = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
        condition |= Q(**{f"{names}__contains": swapped})
    return condition


def _set_similarity(share: float) -> None:
    """Set how many trigrams of a word the index lets be different, for this connection."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('pg_trgm.word_similarity_threshold', %s, false)", [str(share)]
        )


def _is_near(word: str, key: str) -> bool:
    """Whether the key has this word, or a word that begins so, with at most one error."""
    if word in key:
        return True
    return len(word) >= TYPO_LEAST and any(_one_error_apart(word, other) for other in key.split())


def _one_error_apart(typed: str, meant: str) -> bool:
    """One letter changed, added, left out, or two neighbours swapped; `meant` may go on."""
    start = 0
    while start < min(len(typed), len(meant)) and typed[start] == meant[start]:
        start += 1
    rest, target = typed[start:], meant[start:]
    swapped = rest[1:2] + rest[:1] + rest[2:]
    return target.startswith((rest[1:], swapped)) or target[1:].startswith((rest[1:], rest))
