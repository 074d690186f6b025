"""Periodic work of receivables (C.6), declared to `crm.work.periodic`, and what its notices say."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.hooks import register_category_follower
from crm.notices import kinds
from crm.work import periodic
from deals.actions.alerts import alert_receivables
from deals.actions.follow_ups import finish_follow_ups, follow_up_debts
from deals.actions.late_orders import alert_late_orders
from deals.actions.limit_norms import KIND, propose_limit
from deals.actions.matching import spread_all_advances
from deals.actions.orders import recheck_orders
from deals.actions.promises import settle_promises
from deals.actions.quiet_orders import QUIET, alert_quiet_clients
from deals.actions.reconciling import report_differences
from deals.actions.snapshots import snapshot_ageing
from deals.actions.stops import check_stops


def stop_shipping_check(*, today: date) -> int:
    """Every 30 minutes: the flags as limits and debts are now."""
    return check_stops(today=today, now=timezone.now())


def advances_check(*, today: date) -> int:
    """Every 30 minutes: advances pay what their clients owe meanwhile (decision 8)."""
    return spread_all_advances()


def orders_check(*, today: date) -> int:
    """Every 30 minutes: orders on hold whose reasons are gone are confirmed."""
    return recheck_orders(today=today)


def promises_check(*, today: date) -> int:
    """Every 30 minutes: promises that receipts have kept or that the day has broken; answers."""
    return settle_promises(today=today) + finish_follow_ups(now=timezone.now())


def debt_follow_up(*, today: date) -> int:
    """Daily 06:00: the rung of each debt; a day gone by opens nothing, the next one does."""
    if today < timezone.localdate():
        return 0
    return follow_up_debts(today=today, now=timezone.now())


def receivables_alerts(*, today: date) -> int:
    """Daily 08:30: what falls due and what is overdue by a step; a day gone by alerts nobody."""
    return alert_receivables(today) if today >= timezone.localdate() else 0


def late_shipment_alerts(*, today: date) -> int:
    """Daily 16:00: orders not shipped in time; after an outage the present day tells of all."""
    return alert_late_orders(today=today) if today >= timezone.localdate() else 0


def no_order_alert(*, today: date) -> int:
    """Daily 16:00: clients that order less often than they used to; a day gone by tells nobody."""
    return alert_quiet_clients(today=today) if today >= timezone.localdate() else 0


def reconcile_paid_amounts(*, today: date) -> int:
    """Nightly 02:30: what invoices and payments say against their allocations; tells, mends not."""
    return report_differences(today=today, now=timezone.now())


TITLES = {
    KIND: _(
        "%(client)s, category %(category)s: norm of the credit limit %(norm)s ₽, in force"
        " %(limit)s ₽. Ask for another limit"
    ),
    "money.differs": _("Sums of money that do not add up: %(count)s. %(which)s"),
    "stop.limit": _("Shipping stopped, the credit limit is exceeded: %(count)s"),
    "stop.overdue": _("Shipping stopped, the debt is overdue: %(count)s"),
    "order.handed_over": _("Goods of order %(order)s are dispatched: post %(number)s"),
    QUIET: _("%(client)s has not ordered for %(days)s days, usually every %(usual)s"),
    "order.late": _("Not shipped on time, orders: %(count)s. %(which)s"),
    "order.on_hold": _("Order %(number)s on hold: %(client)s"),
    "order.confirmed": _("Order %(number)s is confirmed: %(client)s"),
    "order.released": _("Order %(number)s is released: %(client)s"),
    "debt.follow_up": _("Debts that have come to a step of yours: %(count)s"),
    "debt.due_soon": _("Payments that fall due soon: %(count)s, %(amount)s ₽"),
    "debt.overdue_steps": _("Payments to be reminded of: %(count)s, %(amount)s ₽"),
    "debt.excess_a": _(
        "Clients of category A that owe above the norm: %(count)s, excess %(amount)s ₽"
    ),
}


def register_money_jobs() -> None:
    """Declare the jobs and the sentences of their notices."""
    register_category_follower(propose_limit)
    periodic.register(
        "advances_check",
        due=periodic.every(30),
        run=advances_check,
        label=_("Let advances pay new debts"),
    )
    periodic.register(
        "promises_check",
        due=periodic.every(30),
        run=promises_check,
        label=_("Check promises to pay"),
    )
    periodic.register(
        "stop_shipping_check",
        due=periodic.every(30),
        run=stop_shipping_check,
        label=_("Check shipping stops"),
    )
    periodic.register(
        "debt_follow_up",
        due=periodic.daily(6),
        run=debt_follow_up,
        label=_("Follow up debts"),
    )
    periodic.register(
        "receivables_alerts",
        due=periodic.daily(8, 30),
        run=receivables_alerts,
        label=_("Notify of payments due and overdue"),
    )
    _register_others()
    for kind, title in TITLES.items():
        kinds.register(kind, title=title)


def _register_others() -> None:
    periodic.register(
        "late_shipment_alerts",
        due=periodic.daily(16),
        run=late_shipment_alerts,
        label=_("Notify of orders not shipped on time"),
    )
    periodic.register(
        "no_order_alert",
        due=periodic.daily(16),
        run=no_order_alert,
        label=_("Notify of clients that order less often than they used to"),
    )
    periodic.register(
        "orders_check",
        due=periodic.every(30),
        run=orders_check,
        label=_("Look again at orders on hold"),
    )
    periodic.register(
        "ageing_snapshot",
        due=periodic.daily(1),
        run=snapshot_ageing,
        label=_("Keep debts by age of the day"),
    )
    periodic.register(
        "reconcile_paid_amounts",
        due=periodic.daily(2, 30),
        run=reconcile_paid_amounts,
        label=_("Check what is paid against allocations"),
    )
