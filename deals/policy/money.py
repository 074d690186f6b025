"""Policy of documents and money: every threshold is a row of the settings (D.4–D.6)."""

from decimal import Decimal

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Role
from crm.work.registry import Group, Kind
from deals.receivables.ageing import parse_intervals, parse_steps

MONEY = Group(_("Debts and payments"))
EXCHANGE = Group(_("Exchange with 1C"), changed_by=(Role.ADMIN,))


def register_money_policy() -> None:
    """Declare the settings of documents and money."""
    _ageing()
    _limitation()
    _limits()
    _alerts()
    _credit()
    _abc()
    _exchange()
    _rhythm()


def _rhythm() -> None:
    whole = MONEY.whole
    for category, percent in (("A", 150), ("B", 175), ("C", 200)):
        whole(
            f"orders.quiet_percent.{category}",
            percent,
            100,
            1_000,
            format_lazy("{} {}", _("No order for longer than the usual gap, category"), category),
            "%",
        )
    whole("orders.quiet_least_days", 3, 1, 90, _("No order: never before"), _("calendar days"))
    whole("orders.quiet_least_orders", 4, 2, 100, _("The usual gap needs days with orders"))
    whole("orders.quiet_months", 6, 1, 36, _("The usual gap is that of the last"), _("months"))


def _limitation() -> None:
    MONEY.register(
        "limitation.alerts",
        kind=Kind.TEXT,
        default="30, 90, 180",
        label=_("The end of limitation is announced before"),
        help=_("Increasing whole numbers separated by commas."),
        unit=_("calendar days"),
        check=parse_steps,
    )
    MONEY.whole(
        "limitation.most_years",
        10,
        3,
        50,
        _("Limitation, however often restarted, ends after the due day within"),
        _("years"),
    )


def _ageing() -> None:
    MONEY.register(
        "receivables.intervals",
        kind=Kind.TEXT,
        default="7, 14, 30, 60, 90",
        label=_("Intervals of ageing: last days"),
        help=_("Increasing whole numbers separated by commas; the last interval is open."),
        unit=_("calendar days"),
        check=parse_intervals,
    )
    MONEY.register(
        "receivables.norm_percent",
        kind=Kind.DECIMAL,
        default=Decimal(60),
        minimum=0,
        maximum=1000,
        label=_("Norm of debt to the shipments of the month"),
        unit="%",
        per_department=True,
    )
    MONEY.whole(
        "receivables.active_base_months",
        3,
        1,
        24,
        _("The active base buys within"),
        unit=_("months"),
    )


def _limits() -> None:
    MONEY.register(
        "stop.least_open",
        kind=Kind.DECIMAL,
        default=Decimal("1.00"),
        minimum=0,
        label=_("A debt stops shipping from"),
        unit=_("roubles"),
    )
    MONEY.whole(
        "stop.head_days",
        3,
        0,
        60,
        _("The department head releases shipping for up to"),
        unit=_("working days"),
    )


def _alerts() -> None:
    MONEY.whole(
        "receivables.alert_before",
        3,
        0,
        30,
        _("A payment that falls due is announced before"),
        unit=_("working days"),
    )
    MONEY.register(
        "receivables.alert_after",
        kind=Kind.TEXT,
        default="1, 7, 15, 30, 45, 60, 90",
        label=_("An overdue payment is reminded of after"),
        help=_("Increasing whole numbers separated by commas."),
        unit=_("calendar days"),
        check=parse_steps,
    )


def _credit() -> None:
    MONEY.whole(
        "credit.used_threshold",
        80,
        1,
        1000,
        _("A credit limit is used nearly wholly from"),
        unit="%",
    )
    MONEY.whole(
        "credit.average_months",
        12,
        1,
        36,
        _("The norm of a credit limit takes the average month of the last"),
        unit=_("months"),
    )


def _abc() -> None:
    for name, share, label in (
        ("share_a", 80, _("Category A: up to this share of shipments")),
        ("share_b", 95, _("Categories A and B: up to this share of shipments")),
    ):
        MONEY.register(
            f"abc.{name}",
            kind=Kind.DECIMAL,
            default=Decimal(share),
            minimum=1,
            maximum=100,
            label=label,
            unit="%",
        )
    MONEY.whole("abc.months", 12, 1, 36, _("ABC is calculated over"), unit=_("months"))
    MONEY.register(
        "abc.border_inside",
        kind=Kind.BOOL,
        default=False,
        label=_("The client that crosses a border of ABC stays above it"),
    )
    _abc_proposals()


def _abc_proposals() -> None:
    MONEY.register(
        "abc.auto_propose",
        kind=Kind.BOOL,
        default=False,
        label=_("The monthly ABC analysis proposes changes of category automatically"),
        help=_("Otherwise the head or the director chooses which changes are proposed."),
    )


def _exchange() -> None:
    for name, default, least, most, label, unit in (
        ("chunk_kb", 2048, 64, 2900, _("Largest piece of a file"), _("KB")),
        ("quota_mb", 60, 1, 500, _("Files of one key on their way, together"), _("MB")),
        ("session_minutes", 120, 5, 1440, _("A session of 1C lasts"), _("minutes")),
    ):
        EXCHANGE.whole(f"exchange.{name}", default, least, most, label, unit=unit)
    EXCHANGE.register(
        "exchange.create_clients",
        kind=Kind.BOOL,
        default=False,
        label=_("Add clients whom 1C names and who are not here yet"),
        help=_("Otherwise documents of unknown counterparties are rejected."),
    )
