"""The directory of banks, kept by importing the Bank of Russia's list of participants (ED807)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction

from clients.models import Bank
from crm import requisites

# Correspondent accounts of banks and single accounts of the Treasury; other accounts of a
# participant do not belong into payment requisites.
CORRESPONDENT_TYPES = frozenset({"CRSA", "UTRA"})
BATCH = 1000
NAMES = {
    "bic": ("bic", "bik"),
    "name": ("namep", "name"),
    "city": ("nnp", "city"),
    "account": ("account", "ks", "corr_account"),
    "type": ("regulationaccounttype", "account_type"),
}


@dataclass
class BankImport:
    """What an import did: counts, and the refused rows with their reasons."""

    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)


@transaction.atomic
def import_banks(lines: Iterable[Mapping[str, str]], *, dry_run: bool = False) -> BankImport:
    """Add or change banks by their BIC; importing the same list again changes nothing.

    Banks that the list does not name stay: accounts of the past refer to them.
    """
    done = BankImport()
    known = Bank.objects.in_bulk()
    changed: dict[str, Bank] = {}
    for number, line in enumerate(lines, start=2):
        done.rows += 1
        try:
            bank = _read(line)
        except ValidationError as refusal:
            done.refused.append((number, " ".join(refusal.messages)))
            continue
        before = changed.get(bank.bic) or known.get(bank.bic)
        if before is None:
            done.created += 1
        elif _facts(before) == _facts(bank):
            done.unchanged += 1
            continue
        else:
            done.updated += 1
        changed[bank.bic] = bank
    if not dry_run:
        _write(list(changed.values()))
    return done


def _write(banks: list[Bank]) -> None:
    Bank.objects.bulk_create(
        banks,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["bic"],
        update_fields=["name", "city", "corr_account"],
    )


def _read(line: Mapping[str, str]) -> Bank:
    """A bank out of a line of the list; ValidationError for a BIC that is none."""
    bic = requisites.clean_bic(requisites.repair_bic(_value(line, "bic")))
    account = _value(line, "account")
    kind = _value(line, "type")
    if kind and kind not in CORRESPONDENT_TYPES:
        account = ""
    return Bank(
        bic=bic,
        name=_value(line, "name")[:255],
        city=_value(line, "city")[:100],
        corr_account=_checked(account, bic),
    )


def _checked(account: str, bic: str) -> str:
    """The correspondent account, or nothing where its key does not fit the BIC."""
    if not account:
        return ""
    try:
        return requisites.clean_correspondent_account(account, bic)
    except ValidationError:
        return ""


def _value(line: Mapping[str, str], name: str) -> str:
    for key in NAMES[name]:
        if line.get(key):
            return str(line[key]).strip()
    return ""


def _facts(bank: Bank) -> tuple[str, str, str]:
    return (bank.name, bank.city, bank.corr_account)
