"""What the page of a contract shows one person: facts, way, parts, and what may be done."""

from __future__ import annotations

from datetime import date
from functools import cached_property

from crm.accounts.models import User
from crm.approvals.way import WayOfApproval
from deals import permissions
from deals.conditions.signing import least_signer
from deals.models import Contract, ContractObligation, ContractState, Disagreement


class ContractPage(WayOfApproval):
    """One contract for one person; every part is read when it is shown."""

    def __init__(self, contract: Contract, user: User, today: date) -> None:
        self.contract = self.target = contract
        self.user, self.today = user, today

    @cached_property
    def disagreements(self) -> list[Disagreement]:
        """The protocol of disagreements."""
        return list(self.contract.disagreements.all())

    @property
    def open_disagreements(self) -> int:
        """What is not settled yet."""
        return sum(row.state == "open" for row in self.disagreements)

    @cached_property
    def obligations(self) -> list[ContractObligation]:
        """What we owe, each with whether the person may report it done."""
        rows = list(self.contract.obligations.select_related("org_unit", "done_by"))
        for row in rows:
            row.contract = self.contract
            row.may_fulfil = permissions.can_fulfil(self.user, row)  # type: ignore[attr-defined]
            row.is_late = not row.done_on and not row.dropped_at and row.due_on < self.today  # type: ignore[attr-defined]
        return rows

    @cached_property
    def addenda(self) -> list[Contract]:
        """Addenda, the latest first."""
        return list(self.contract.addenda.order_by("-pk"))

    @property
    def signer(self) -> str:
        """The least office that may sign."""
        needed = least_signer(self.contract.amount, is_standard=self.contract.is_standard)
        return str(needed.label) if needed else ""

    @property
    def waits_for_signature(self) -> bool:
        return self.contract.state == ContractState.APPROVED

    @property
    def may_edit(self) -> bool:
        return permissions.can_edit_contract(self.user, self.contract)

    @property
    def may_submit(self) -> bool:
        return permissions.can_submit_contract(self.user, self.contract)

    @property
    def may_withdraw(self) -> bool:
        """The author, until somebody has signed; not an end that was asked for."""
        return self.contract.state != "active" and super().may_withdraw

    @property
    def may_sign(self) -> bool:
        return permissions.can_sign_contract(self.user, self.contract, self.today)

    @property
    def may_note_client(self) -> bool:
        return permissions.can_note_client_signature(self.user, self.contract)

    @property
    def may_reopen(self) -> bool:
        return permissions.can_reopen_contract(self.user, self.contract)

    @property
    def may_cancel(self) -> bool:
        return permissions.can_cancel_contract(self.user, self.contract)

    @property
    def may_end(self) -> bool:
        return not self.is_running and permissions.can_end_contract(self.user, self.contract)

    @property
    def may_negotiate(self) -> bool:
        return permissions.can_negotiate(self.user, self.contract)

    @property
    def may_add_obligation(self) -> bool:
        return permissions.can_add_obligation(self.user, self.contract)

    @property
    def may_add_addendum(self) -> bool:
        return permissions.can_add_addendum(self.user, self.contract)

    @property
    def may_keep_papers(self) -> bool:
        return permissions.can_keep_papers(self.user, self.contract)
