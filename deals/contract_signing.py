"""Who may sign a contract for us: the limit of the office and a power of attorney (CONTRACT-1)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from crm.accounts.models import Role
from crm.work.registry import setting

if TYPE_CHECKING:
    from crm.accounts.models import User
    from deals.models import Contract, PowerOfAttorney

ORDER = (
    Role.MANAGER,
    Role.SECTOR_HEAD,
    Role.DEPARTMENT_HEAD,
    Role.DIRECTOR,
    Role.GENERAL_DIRECTOR,
)
LIMITED = ORDER[:-1]  # the general director signs whatever the sum


def least_signer(amount: Decimal | None, *, is_standard: bool) -> Role:
    """The smallest role that may sign: by limit; own wording is signed by the director or above.

    A contract without a sum is without a limit, so the general director signs it.
    """
    for role in LIMITED:
        if not is_standard and role != Role.DIRECTOR:
            continue
        if amount is not None and amount <= setting(f"contract.sign_limit.{role}"):
            return role
    return Role.GENERAL_DIRECTOR


def may_sign_by_office(user: User, contract: Contract) -> bool:
    """The person's office reaches as far as the contract."""
    if user.role not in ORDER:
        return False
    needed = least_signer(contract.amount, is_standard=contract.is_standard)
    return ORDER.index(Role(user.role)) >= ORDER.index(needed)


def authority_of(user: User, contract: Contract, today: date) -> PowerOfAttorney | None:
    """The person's power of attorney that covers the contract today; the widest one first."""
    rows = user.powers_of_attorney.on(today)  # type: ignore[attr-defined]
    covering = [
        row
        for row in rows
        if row.limit is None or (contract.amount is not None and contract.amount <= row.limit)
    ]
    return max(covering, key=lambda row: (row.limit is None, row.limit or 0), default=None)
