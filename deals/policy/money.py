"""Policy of documents and money: every threshold is a row of the settings (D.4–D.6)."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Role
from crm.work.registry import Kind, register
from deals.ageing import parse_intervals, parse_steps

MONEY = _("Debts and payments")
CHANGED_BY = (Role.ADMIN, Role.DIRECTOR)


def register_money_policy() -> None:
    """Declare the settings of documents and money."""
    _ageing()
    _limits()
    _alerts()
    _credit()
    _abc()
    _exchange()


def _ageing() -> None:
    register(
        "receivables.intervals",
        kind=Kind.TEXT,
        default="7, 14, 30, 60, 90",
        label=_("Intervals of ageing: last days"),
        help=_("Growing whole numbers by comma; the last interval is open."),
        unit=_("calendar days"),
        check=parse_intervals,
        group=MONEY,
        changed_by=CHANGED_BY,
    )
    register(
        "receivables.norm_percent",
        kind=Kind.DECIMAL,
        default=Decimal(60),
        minimum=0,
        maximum=1000,
        label=_("Norm of debt to the shipments of the month"),
        unit="%",
        group=MONEY,
        changed_by=CHANGED_BY,
        per_department=True,
    )
    register(
        "receivables.active_base_months",
        kind=Kind.INT,
        default=3,
        minimum=1,
        maximum=24,
        label=_("The active base buys within"),
        unit=_("months"),
        group=MONEY,
        changed_by=CHANGED_BY,
    )


def _limits() -> None:
    register(
        "stop.least_open",
        kind=Kind.DECIMAL,
        default=Decimal("1.00"),
        minimum=0,
        label=_("A debt stops shipping from"),
        unit=_("roubles"),
        group=MONEY,
        changed_by=CHANGED_BY,
    )
    register(
        "stop.head_days",
        kind=Kind.INT,
        default=3,
        minimum=0,
        maximum=60,
        label=_("The department head releases shipping for up to"),
        unit=_("working days"),
        group=MONEY,
        changed_by=CHANGED_BY,
    )
    register(
        "promise.latest_days",
        kind=Kind.INT,
        default=90,
        minimum=1,
        maximum=365,
        label=_("A promise to pay is for at most"),
        unit=_("calendar days"),
        group=MONEY,
        changed_by=CHANGED_BY,
    )


def _alerts() -> None:
    register(
        "receivables.alert_before",
        kind=Kind.INT,
        default=3,
        minimum=0,
        maximum=30,
        label=_("A payment that falls due is announced before"),
        unit=_("working days"),
        group=MONEY,
        changed_by=CHANGED_BY,
    )
    register(
        "receivables.alert_after",
        kind=Kind.TEXT,
        default="1, 7, 15, 30, 45, 60, 90",
        label=_("An overdue payment is reminded of after"),
        help=_("Growing whole numbers by comma."),
        unit=_("calendar days"),
        check=parse_steps,
        group=MONEY,
        changed_by=CHANGED_BY,
    )


def _credit() -> None:
    register(
        "credit.used_threshold",
        kind=Kind.INT,
        default=80,
        minimum=1,
        maximum=1000,
        label=_("A credit limit is used nearly wholly from"),
        unit="%",
        group=MONEY,
        changed_by=CHANGED_BY,
    )
    register(
        "credit.average_months",
        kind=Kind.INT,
        default=12,
        minimum=1,
        maximum=36,
        label=_("The norm of a credit limit takes the average month of the last"),
        unit=_("months"),
        group=MONEY,
        changed_by=CHANGED_BY,
    )


def _abc() -> None:
    for name, share, label in (
        ("share_a", 80, _("Category A: up to this share of shipments")),
        ("share_b", 95, _("Categories A and B: up to this share of shipments")),
    ):
        register(
            f"abc.{name}",
            kind=Kind.DECIMAL,
            default=Decimal(share),
            minimum=1,
            maximum=100,
            label=label,
            unit="%",
            group=MONEY,
            changed_by=CHANGED_BY,
        )
    register(
        "abc.months",
        kind=Kind.INT,
        default=12,
        minimum=1,
        maximum=36,
        label=_("ABC is calculated over"),
        unit=_("months"),
        group=MONEY,
        changed_by=CHANGED_BY,
    )
    register(
        "abc.border_inside",
        kind=Kind.BOOL,
        default=False,
        label=_("The client that crosses a border of ABC stays above it"),
        group=MONEY,
        changed_by=CHANGED_BY,
    )
    _abc_proposals()


def _abc_proposals() -> None:
    register(
        "abc.auto_propose",
        kind=Kind.BOOL,
        default=False,
        label=_("The monthly ABC analysis proposes changes of category by itself"),
        help=_("Otherwise the head or the director chooses which changes are proposed."),
        group=MONEY,
        changed_by=CHANGED_BY,
    )


EXCHANGE = _("Exchange with 1C")


def _exchange() -> None:
    for name, default, least, most, label, unit in (
        ("chunk_kb", 2048, 64, 2900, _("Largest piece of a file"), _("KB")),
        ("quota_mb", 60, 1, 500, _("Files of one key on their way, together"), _("MB")),
        ("session_minutes", 120, 5, 1440, _("A session of 1C lasts"), _("minutes")),
    ):
        register(
            f"exchange.{name}",
            kind=Kind.INT,
            default=default,
            minimum=least,
            maximum=most,
            label=label,
            unit=unit,
            group=EXCHANGE,
            changed_by=(Role.ADMIN,),
        )
    register(
        "exchange.create_clients",
        kind=Kind.BOOL,
        default=False,
        label=_("Add clients whom 1C names and who are not here yet"),
        help=_("Otherwise documents of unknown counterparties are refused."),
        group=EXCHANGE,
        changed_by=(Role.ADMIN,),
    )
