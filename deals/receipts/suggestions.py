"""Who might have paid: for the accounting to choose from, each with its reasons in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _

from clients.duplicates import similar_clients
from clients.models import Client, Counterparty
from clients.search import search_clients
from crm.money import format_money
from deals.models import Invoice, MatchedBy, Payment
from deals.receipts.payers import known_about
from deals.receipts.purposes import Named, payer_name

if TYPE_CHECKING:
    from crm.accounts.models import User

MOST = 5
AGREEMENT = 5  # what each further reason for the same client adds
CANDIDATES = 300
INN_HALF = 6
# How much each reason says, of a hundred.
SAME_INN, PAID_BEFORE, NUMBER, INN_TYPO, NAME, AMOUNT = 95, 90, 80, 70, 50, 40
OTHER_DAY = 55  # the number fits, the date beside it does not

Reason = tuple[int, int, str]  # client, weight, words


@dataclass(frozen=True)
class Suggestion:
    """A client that the money may be from; `score` is of a hundred."""

    client: Client
    reasons: list[str]
    score: int


def suggest_clients(payment: Payment, user: User) -> list[Suggestion]:
    """Visible clients that the payment may be of, the likeliest first."""
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for source in (_paid_before, _same_inn, _numbers, _inn_with_error, _amount):
        for client, weight, words in source(payment):
            if (weight, words) not in found[client]:
                found[client].append((weight, words))
    for client, weight, words in _names(payment, user):
        found[client].append((weight, words))
    ranked = sorted(found, key=lambda pk: (-_score(found[pk]), pk))[: MOST * 2]
    visible = Client.objects.visible_to(user).open().for_list().in_bulk(ranked)
    return [
        Suggestion(visible[pk], [words for _w, words in sorted(found[pk], reverse=True)], score)
        for pk in ranked
        if pk in visible and (score := _score(found[pk]))
    ][:MOST]


def _score(reasons: list[tuple[int, str]]) -> int:
    best = max((weight for weight, _words in reasons), default=0)
    return min(99, best + AGREEMENT * (len(reasons) - 1))


def _paid_before(payment: Payment) -> Iterator[Reason]:
    """Money of the same account or INN that the accounting has matched by hand."""
    same = Q(pk__in=[])
    if payment.party_account:
        same |= Q(party_account=payment.party_account)
    if payment.party_inn:
        same |= Q(party_inn=payment.party_inn)
    rows = Payment.objects.filter(same, client__isnull=False, matched_by=MatchedBy.HAND)
    rows = rows.exclude(pk=payment.pk).order_by("-paid_on", "-pk")
    for client, day in rows.values_list("client", "paid_on")[:MOST]:
        yield (
            client,
            PAID_BEFORE,
            _("Money of this payer was this client's on %(day)s") % {"day": f"{day:%d.%m.%Y}"},
        )


def _same_inn(payment: Payment) -> Iterator[Reason]:
    """Several clients share the INN, else it would have been matched."""
    if payment.party_inn:
        rows = Counterparty.objects.filter(inn=payment.party_inn).order_by("pk")
        for client in rows.values_list("client", flat=True)[:MOST]:
            yield client, SAME_INN, _("The same INN, %(inn)s") % {"inn": payment.party_inn}


def _numbers(payment: Payment) -> Iterator[Reason]:
    """Clients whose documents have a number of the purpose."""
    known = known_about([payment])
    words = {Named.INVOICE: _("The purpose names invoice %(number)s"),
             Named.CONTRACT: _("The purpose names contract %(number)s")}  # fmt: skip
    for reference in known.references(payment.purpose):
        for document in known.documents.get((reference.kind, reference.key), [])[:MOST]:
            text, weight = words[reference.kind] % {"number": reference.number}, NUMBER
            if reference.on is not None and document.on is not None and reference.on != document.on:
                text += ", " + _("but of another day, %(day)s") % {"day": f"{document.on:%d.%m.%Y}"}
                weight = OTHER_DAY
            yield document.client_id, weight, text


def _inn_with_error(payment: Payment) -> Iterator[Reason]:
    """INNs that differ by one digit or by two swapped neighbours."""
    inn = payment.party_inn
    if len(inn) < 2 * INN_HALF - 2:
        return
    head, tail = inn[:INN_HALF], inn[-INN_HALF:]
    near = Q(inn__gte=head, inn__lt=f"{head}:") | Q(client__search__text__contains=tail)
    rows = Counterparty.objects.filter(near).exclude(inn=inn).order_by("pk")
    for client, other in rows.values_list("client", "inn")[:CANDIDATES]:
        if is_misprint(inn, other):
            yield client, INN_TYPO, _("INN %(inn)s differs by a misprint") % {"inn": other}


def is_misprint(typed: str, meant: str) -> bool:
    """One digit changed, missing or added, or two neighbours swapped."""
    if abs(len(typed) - len(meant)) > 1 or typed == meant:
        return False
    start = next((i for i, (a, b) in enumerate(zip(typed, meant, strict=False)) if a != b), None)
    if start is None:
        return True
    rest, other = typed[start:], meant[start:]
    swapped = rest[1:2] + rest[:1] + rest[2:]
    return other in (swapped, rest[1:]) or other[1:] in (rest, rest[1:])


def _amount(payment: Payment) -> Iterator[Reason]:
    """Open invoices of exactly this sum, while they are few."""
    rows = Invoice.objects.unpaid().filter(open_amount=payment.amount).fifo()
    found = list(rows.values_list("client", "number")[: MOST + 1])
    if len(found) <= MOST:
        for client, number in found:
            yield (
                client,
                AMOUNT,
                _("Invoice %(number)s is open for exactly %(sum)s")
                % {"number": number, "sum": format_money(payment.amount)},
            )


def _names(payment: Payment, user: User) -> Iterator[Reason]:
    """Clients with the payer's name or one like it; a name is a hint and never a match."""
    name = payer_name(payment.party_name)
    if not name:
        return
    seen = set()
    for client in search_clients(user, name, MOST):
        seen.add(client.pk)
        yield client.pk, NAME + AGREEMENT, _("The same name: %(name)s") % {"name": name}
    for likeness in similar_clients(user, name=name):
        if likeness.client is not None and likeness.client.pk not in seen:
            yield likeness.client.pk, NAME, _("A similar name: %(name)s") % {"name": name}
