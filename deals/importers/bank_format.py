"""A bank's file as its parts, whatever it was written in: accounts, their turnover, documents.

`read` takes the text of 1CClientBankExchange and the XML of DirectBank. It is pure: whose accounts
they are, and what is known already, is decided later.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache

from django.core.exceptions import ValidationError

from crm.fields import parse_date
from crm.imports import values
from crm.imports.reading import Unreadable
from crm.money import parse_money

ACCOUNT = re.compile(r"[0-9]{20}", re.ASCII)
_INN = re.compile(r"[0-9]{10}|[0-9]{12}", re.ASCII)
_KPP = re.compile(r"[0-9]{4}[0-9A-Z]{2}[0-9]{3}", re.ASCII)
_BIC = re.compile(r"[0-9]{9}", re.ASCII)
_TAIL_OF_ZEROS = re.compile(r"([.,][0-9]{2})0+$")
# Digits 6–8 of an account; roubles are 810 (643 in a few systems), sample files have others.
FOREIGN_CURRENCY = {
    "840": "USD",
    "978": "EUR",
    "156": "CNY",
    "826": "GBP",
    "756": "CHF",
    "392": "JPY",
    "398": "KZT",
    "933": "BYN",
    "949": "TRY",
    "784": "AED",
}


class Broken(Unreadable):
    """The file breaks off or is damaged; `line` is where."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Side:
    """Payer or payee; `account` is its own, `accounts` also that of the bank that stands for it."""

    name: str = ""
    inn: str = ""
    kpp: str = ""
    account: str = ""
    accounts: tuple[str, ...] = ()
    bic: str = ""
    bank: str = ""


@dataclass(slots=True)
class Document:
    """One document; `problem` says why it cannot be taken."""

    line: int
    kind: str
    number: str
    dated_on: date | None
    amount: Decimal | None
    payer: Side
    payee: Side
    written_off_on: date | None
    received_on: date | None
    purpose: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """What the bank says of one account for a period; None is what it does not say."""

    line: int
    account: str
    first: date
    last: date
    opening: Decimal | None
    received: Decimal | None
    spent: Decimal | None
    closing: Decimal | None


@dataclass
class BankFile:
    """The whole file."""

    encoding: str = ""
    sender: str = ""
    first: date | None = None
    last: date | None = None
    accounts: list[str] = field(default_factory=list)  # which the file declares as its own
    sections: list[Section] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def add_account(self, account: str) -> None:
        """Name an account of the file once."""
        if account and account not in self.accounts:
            self.accounts.append(account)


@lru_cache(maxsize=4096)
def day(text: str) -> date | None:
    """dd.mm.yyyy or ISO, a time after it is dropped; None where nothing stands."""
    plain = text.strip()
    return parse_date(re.split(r"[ T]", plain, maxsplit=1)[0]) if plain else None


def amount(text: str) -> Decimal | None:
    """Roubles with a point or a comma; None where nothing stands, ValidationError for nonsense."""
    plain = text.strip()
    return parse_money(_TAIL_OF_ZEROS.sub(r"\1", plain)) if plain else None


def side(
    *, name: str, inn: str, kpp: str, accounts: Iterable[str], bic: str, bank: str = ""
) -> Side:
    """A side with what is no requisite left out: «0» stands for an INN that is not known."""
    found = tuple(dict.fromkeys(a.replace(" ", "") for a in accounts if a.strip()))
    return Side(
        name=name[:500],
        inn=inn if _INN.fullmatch(inn) else "",
        kpp=kpp if _KPP.fullmatch(kpp) else "",
        account=found[0][:34] if found else "",
        accounts=found,
        bic=bic if _BIC.fullmatch(bic) else "",
        bank=bank[:255],
    )


def is_account(text: str) -> bool:
    """Twenty digits."""
    return ACCOUNT.fullmatch(text) is not None


def currency_of(account: str) -> str:
    """Letters of a foreign currency, "" for roubles and for what is not known."""
    return FOREIGN_CURRENCY.get(account[5:8], "") if is_account(account) else ""


def sentence(error: ValidationError) -> str:
    """The text of a refusal."""
    return values.reason(error)
