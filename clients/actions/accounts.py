"""Writes of settlement accounts, checked with the key of their bank (D.2)."""

from __future__ import annotations

from datetime import date
from typing import TypedDict, Unpack
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.actions.locks import absent_owner
from clients.actions.requisites import lock_counterparty
from clients.models import Bank, BankAccount, Counterparty
from crm import requisites
from crm.accounts.models import User
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from crm.refusals import Sentence, politely

CONSTRAINTS: dict[str, Sentence] = {
    "bank_account_once": (
        gettext_lazy("The counterparty has this account already."),
        "account",
    ),
}


class AccountValues(TypedDict, total=False):
    """What stands in an account's requisites."""

    bic: str
    bank_name: str
    corr_account: str
    account: str
    is_main: bool


def create_account(
    counterparty_id: int, *, by: User, key: UUID | None = None, **values: Unpack[AccountValues]
) -> BankAccount:
    """Add an account to a counterparty, once per `key`; the first one is the main one."""
    try:
        return _create(counterparty_id, by, key, values)
    except IntegrityError as clash:
        if "idempotency_key" not in str(clash):
            raise
        rows = BankAccount.objects.visible_to(by)
        found: BankAccount | None = rows.filter(
            counterparty=counterparty_id, idempotency_key=key
        ).first()
        if found is None:
            raise RuleViolation(_("This form has been used already. Reload the page.")) from clash
        return found


@transaction.atomic
def _create(counterparty_id: int, by: User, key: UUID | None, values: AccountValues) -> BankAccount:
    counterparty = lock_counterparty(counterparty_id, by=by)
    if key and BankAccount.objects.filter(idempotency_key=key).exists():
        raise IntegrityError("idempotency_key")
    account = BankAccount(counterparty=counterparty, idempotency_key=key, is_main=False)
    wants_main = values.pop("is_main", False)
    _put(account, values)
    with verb("account.created", by=by, on_behalf_of=absent_owner(counterparty.client, by)):
        if wants_main or not BankAccount.objects.open().filter(counterparty=counterparty).exists():
            _step_back(counterparty)
            account.is_main = True
        with politely(CONSTRAINTS):
            account.save(force_insert=True)
    return account


@transaction.atomic
def edit_account(
    account_id: int, *, by: User, version: int, **values: Unpack[AccountValues]
) -> BankAccount:
    """Change an account; StaleVersion when somebody was faster."""
    account = lock_account(account_id, by=by)
    if account.version != version:
        raise StaleVersion(of=account)
    with verb("account.edited", by=by, on_behalf_of=_absent(account, by)):
        if values.pop("is_main", False) and not account.is_main and account.closed_on is None:
            _step_back(account.counterparty)
            account.is_main = True
        _put(account, values)
        _save(account, [*values, "is_main"])
    return account


@transaction.atomic
def close_account(account_id: int, *, by: User, today: date) -> BankAccount:
    """The account is closed from today: not offered any more."""
    account = lock_account(account_id, by=by)
    if account.closed_on is None:
        account.closed_on, account.is_main = today, False
        with verb("account.closed", by=by, on_behalf_of=_absent(account, by)):
            _save(account, ["closed_on", "is_main"])
            _promote_oldest(account.counterparty)
    return account


@transaction.atomic
def reopen_account(account_id: int, *, by: User) -> BankAccount:
    """The account is in use again; the main one only where there is none."""
    account = lock_account(account_id, by=by)
    if account.closed_on is not None:
        others = BankAccount.objects.open().filter(counterparty=account.counterparty)
        account.closed_on, account.is_main = None, not others.exists()
        with verb("account.reopened", by=by, on_behalf_of=_absent(account, by)):
            _save(account, ["closed_on", "is_main"])
    return account


def lock_account(account_id: int, *, by: User) -> BankAccount:
    """A visible account under a lock, client and counterparty locked before it."""
    visible = BankAccount.objects.visible_to(by)
    counterparty_id = visible.only("counterparty_id").get(pk=account_id).counterparty_id
    counterparty = lock_counterparty(counterparty_id, by=by)
    account: BankAccount = visible.select_for_update(of=("self",)).get(pk=account_id)
    account.counterparty = counterparty
    return account


def bank_of(bic: str) -> Bank | None:
    """The bank in the directory of the Bank of Russia."""
    return Bank.objects.filter(pk=bic).first() if bic else None


def _put(account: BankAccount, values: AccountValues) -> None:
    """Fill in and check; name and correspondent account come from the directory where empty."""
    for name, value in values.items():
        setattr(account, name, value)
    bank = bank_of(account.bic)
    if bank is not None:
        account.bank_name = account.bank_name or bank.name
        account.corr_account = account.corr_account or bank.corr_account
    _check(account)


def _check(account: BankAccount) -> None:
    try:
        account.account = requisites.clean_account(account.account, account.bic)
    except ValidationError as refusal:
        raise RuleViolation(" ".join(refusal.messages), field="account") from refusal
    if not account.corr_account:
        return
    try:
        requisites.validate_correspondent_account(account.corr_account, account.bic)
    except ValidationError as refusal:
        raise RuleViolation(" ".join(refusal.messages), field="corr_account") from refusal


def _step_back(counterparty: Counterparty) -> None:
    rows = BankAccount.objects.open().filter(counterparty=counterparty, is_main=True)
    for other in rows:
        other.is_main = False
        _save(other, ["is_main"])


def _promote_oldest(counterparty: Counterparty) -> None:
    rows = BankAccount.objects.open().filter(counterparty=counterparty).order_by("pk")
    oldest = rows.first()
    if oldest is not None and not rows.filter(is_main=True).exists():
        oldest.is_main = True
        _save(oldest, ["is_main"])


def _absent(account: BankAccount, by: User) -> User | None:
    return absent_owner(account.counterparty.client, by)


def _save(account: BankAccount, fields: list[str]) -> None:
    account.version += 1
    with politely(CONSTRAINTS):
        account.save(update_fields=[*fields, "version"])
