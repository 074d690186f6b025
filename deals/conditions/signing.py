"""Who may sign a contract for us: the limit of the office and a power of attorney (CONTRACT-1)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from crm.accounts.models import Role
from crm.approvals import limits
from deals.conditions.signature_limits import CONTRACT_SIGNATURE, CONTRACT_SIGNATURE_OTHER

if TYPE_CHECKING:
    from crm.accounts.models import User
    from deals.models import Contract, PowerOfAttorney

# A contract without a sum is without a limit: whoever has none signs it.
WITHOUT_A_SUM = Decimal("9999999999999.99")


def least_signer(amount: Decimal | None, *, is_standard: bool) -> Role | None:
    """The smallest role whose limit covers the sum, roubles with VAT (CONTRACT-1).

    None where the matrix of limits lets nobody sign so much.
    """
    kind = CONTRACT_SIGNATURE if is_standard else CONTRACT_SIGNATURE_OTHER
    asked = WITHOUT_A_SUM if amount is None else amount
    level = limits.signer_of(kind, amount=asked)
    return Role(level.role) if level else None


def may_sign_by_office(user: User, contract: Contract) -> bool:
    """The person's office reaches as far as the contract."""
    needed = least_signer(contract.amount, is_standard=contract.is_standard)
    return needed is not None and limits.rank(user.role) >= limits.rank(needed)


def authority_of(user: User, contract: Contract, today: date) -> PowerOfAttorney | None:
    """The person's power of attorney that covers the contract today; the widest one first."""
    rows = user.powers_of_attorney.on(today)  # type: ignore[attr-defined]
    covering = [
        row
        for row in rows
        if row.limit is None or (contract.amount is not None and contract.amount <= row.limit)
    ]
    return _widest(covering)


def widest_power(user: User, today: date) -> PowerOfAttorney | None:
    """The person's power of attorney of the day, for papers that have no sum of their own."""
    return _widest(user.powers_of_attorney.on(today))  # type: ignore[attr-defined]


def _widest(powers: Iterable[PowerOfAttorney]) -> PowerOfAttorney | None:
    return max(powers, key=lambda row: (row.limit is None, row.limit or 0), default=None)
