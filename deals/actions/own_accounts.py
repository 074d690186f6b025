"""Our own accounts: added, corrected, closed; never deleted, payments name them (D.2)."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy

from crm.accounts.models import User
from crm.errors import StaleVersion
from crm.history import verb
from crm.refusals import Sentence, politely
from deals import permissions
from deals.models import OwnAccount

CONSTRAINTS: dict[str, Sentence] = {
    "deals_ownaccount_account_key": (gettext_lazy("This account is here already."), "account"),
}


@transaction.atomic
def add_own_account(
    *, by: User, account: str, bic: str = "", bank_name: str = "", name: str = ""
) -> OwnAccount:
    """Make an account ours: payments to it are incoming from now on."""
    if not permissions.can_edit_own_accounts(by):
        raise PermissionDenied
    with verb("own_account.added", by=by), politely(CONSTRAINTS):
        return OwnAccount.objects.create(account=account, bic=bic, bank_name=bank_name, name=name)


@transaction.atomic
def edit_own_account(
    account_id: int, *, by: User, version: int, bic: str, bank_name: str, name: str
) -> OwnAccount:
    """Correct what the account is called; its number never changes. Raises StaleVersion."""
    row = _locked(account_id, by, version)
    row.bic, row.bank_name, row.name = bic, bank_name, name
    row.version += 1
    with verb("own_account.edited", by=by):
        row.save(update_fields=["bic", "bank_name", "name", "version"])
    return row


@transaction.atomic
def close_own_account(account_id: int, *, by: User, version: int, on: date | None) -> OwnAccount:
    """Close the account on a day, or open it again with None; it stays ours for old statements."""
    row = _locked(account_id, by, version)
    row.closed_on = on
    row.version += 1
    with verb("own_account.closed" if on else "own_account.reopened", by=by):
        row.save(update_fields=["closed_on", "version"])
    return row


def _locked(account_id: int, by: User, version: int) -> OwnAccount:
    if not permissions.can_edit_own_accounts(by):
        raise PermissionDenied
    rows = OwnAccount.objects.visible_to(by).select_for_update(of=("self",))
    row: OwnAccount = rows.get(pk=account_id)
    if row.version != version:
        raise StaleVersion(of=row)
    return row
