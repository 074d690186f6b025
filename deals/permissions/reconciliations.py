"""Rights on reconciliations (C.9): the client's people and the accounting do them, heads decide."""

from clients.models import Client
from crm.accounts.models import Role, User
from crm.accounts.scope import scope_of
from deals.models import (
    NOT_SENT,
    WITH_CLIENT,
    Discrepancy,
    DiscrepancyState,
    ItemState,
    ReconciliationItem,
    ReconciliationSchedule,
    ScheduleState,
)
from deals.permissions.documents import can_see_money
from deals.permissions.orders import can_enter_orders, can_order_for


def can_see_reconciliations(user: User) -> bool:
    """Acts show debts: who sees money sees them."""
    return can_see_money(user)


def can_reconcile(user: User, client: Client) -> bool:
    """Make, send and sign acts: the client's people of the subtree, and the accounting for all."""
    books = user.is_active and user.role == Role.ACCOUNTANT
    return books or can_order_for(user, client)


def can_work_on(user: User, item: ReconciliationItem) -> bool:
    """The item is to be done, and its schedule was approved."""
    planned = item.schedule is None or item.schedule.state != ScheduleState.DRAFT
    return planned and item.state in {*NOT_SENT, *WITH_CLIENT} and can_reconcile(user, item.client)


def can_make_act(user: User, item: ReconciliationItem) -> bool:
    """A first text, or a new one after documents that came later."""
    return item.state != ItemState.DISCREPANCY and can_work_on(user, item)


def can_send_act(user: User, item: ReconciliationItem) -> bool:
    """An act that is there, also once more."""
    return item.state in {ItemState.ACT_CREATED, ItemState.SENT} and can_work_on(user, item)


def can_revoke_link(user: User, item: ReconciliationItem) -> bool:
    """End the client's personal link, whatever became of the act since."""
    return can_reconcile(user, item.client)


def can_sign_act(user: User, item: ReconciliationItem) -> bool:
    """Note the client's signature."""
    return item.state in {ItemState.SENT, ItemState.RESOLVED} and can_work_on(user, item)


def can_dispute_act(user: User, item: ReconciliationItem) -> bool:
    """Note what the client does not agree with, and go on with it."""
    return item.state in WITH_CLIENT and can_work_on(user, item)


def can_settle_difference(user: User, row: Discrepancy) -> bool:
    """Find out who is wrong, name who looks into it and until when; a closed one rests."""
    return row.state != DiscrepancyState.CLOSED and can_dispute_act(user, row.act.item)


def can_correct_difference(user: User, row: Discrepancy) -> bool:
    """Our books are put right by the accounting alone; that theirs are is noted by all who may."""
    ours = row.state == DiscrepancyState.OURS_WRONG
    return can_settle_difference(user, row) and (not ours or user.role == Role.ACCOUNTANT)


def can_ask_reconciliation(user: User, client: Client) -> bool:
    """Ask for an emergency reconciliation; the accounting's word counts as well."""
    return client.archived_at is None and can_reconcile(user, client)


def can_ask_reconciliations(user: User) -> bool:
    """Whether the person asks for emergency reconciliations at all."""
    books = user.is_active and user.role == Role.ACCOUNTANT
    return books or can_enter_orders(user)


def approves_reconciliations(user: User, unit_id: int | None) -> bool:
    """The department's head and the director (C.9)."""
    if not user.is_active:
        return False
    heads = user.role == Role.DEPARTMENT_HEAD and unit_id in scope_of(user).unit_ids
    return heads or user.role == Role.DIRECTOR


def can_draw_up_schedule(user: User) -> bool:
    """Heads for their departments, the director for all, before the clock does it."""
    return user.is_active and user.role in {Role.DEPARTMENT_HEAD, Role.DIRECTOR}


def can_edit_schedule(user: User, schedule: ReconciliationSchedule) -> bool:
    """Whoever approves it corrects it, while it is a draft."""
    draft = schedule.state == ScheduleState.DRAFT
    return draft and approves_reconciliations(user, schedule.org_unit_id)


def can_approve_schedule(user: User, schedule: ReconciliationSchedule) -> bool:
    """The head of the department, or the director."""
    return can_edit_schedule(user, schedule)


def can_reopen_schedule(user: User, schedule: ReconciliationSchedule) -> bool:
    """Approved, but its half-year has not begun."""
    approved = schedule.state == ScheduleState.APPROVED
    return approved and approves_reconciliations(user, schedule.org_unit_id)


def can_add_item(user: User, schedule: ReconciliationSchedule) -> bool:
    """A client that came later is added until the schedule is closed."""
    closed = schedule.state == ScheduleState.CLOSED
    return not closed and approves_reconciliations(user, schedule.org_unit_id)


def can_move_item(user: User, item: ReconciliationItem) -> bool:
    """Another day, as long as nothing was sent."""
    return item.state in NOT_SENT and approves_reconciliations(user, item.client.org_unit_id)


def can_cancel_item(user: User, item: ReconciliationItem) -> bool:
    """The head alone, with a reason, as long as nothing was sent (C.5 no. 18)."""
    return can_move_item(user, item)
