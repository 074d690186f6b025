"""Policy by category: what a client of category A, B or C is entitled to (D.4)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from clients.models.categories import LEAST_REASON
from crm.work.registry import Group, Kind

CATEGORIES = Group(_("Categories"))
WHO: dict[str, str | Promise] = {
    "A": _("category A"),
    "B": _("category B"),
    "C": _("category C"),
    "trading_hall": _("trading hall"),
}
FREQUENCIES: dict[str, str | Promise] = {
    "monthly": _("once a month"),
    "quarterly": _("once a quarter"),
    "half_year": _("once in half a year"),
    "on_demand": _("on demand"),
}
OFFERS: dict[str, str | Promise] = {
    "yes": _("always"),
    "by_request": _("on request"),
    "no": _("no"),
}
EFFECTIVE: dict[str, str | Promise] = {
    "next_month": _("on the 1st of the next month"),
    "next_quarter": _("on the 1st of the next quarter"),
    "next_day": _("on the next day"),
}


@dataclass(frozen=True)
class Term:
    """One line of the policy: its key, words, unit and a value for each category."""

    name: str
    label: str | Promise
    kind: Kind
    values: tuple[Any, Any, Any, Any]  # A, B, C, trading hall
    unit: str | Promise = ""
    maximum: int | None = None
    choices: dict[str, str | Promise] | None = None


TERMS = (
    Term(
        "deferral_from",
        _("Deferral of payment, from"),
        Kind.INT,
        (30, 14, 0, 0),
        _("calendar days"),
        180,
    ),
    Term(
        "deferral_to",
        _("Deferral of payment, up to"),
        Kind.INT,
        (45, 21, 14, 0),
        _("calendar days"),
        180,
    ),
    Term(
        "credit_factor",
        _("Credit limit, of the average month of shipments"),
        Kind.DECIMAL,
        (Decimal("1.5"), Decimal("1.0"), Decimal("0.5"), Decimal("0")),
        _("times"),
        20,
    ),
    Term(
        "overdue_grace",
        _("Overdue days before shipping stops"),
        Kind.INT,
        (5, 3, 1, 0),
        _("calendar days"),
        90,
    ),
    Term(
        "reconciliation",
        _("Reconciliation of accounts"),
        Kind.CHOICE,
        ("monthly", "quarterly", "half_year", "on_demand"),
        choices=FREQUENCIES,
    ),
    Term(
        "letter_reply",
        _("Answer to a letter within"),
        Kind.INT,
        (1, 3, 3, 5),
        _("working days"),
        60,
    ),
    Term(
        "individual_offer",
        _("Individual commercial offer"),
        Kind.CHOICE,
        ("yes", "by_request", "no", "no"),
        choices=OFFERS,
    ),
)


def register_category_policy() -> None:
    """Declare thresholds, terms of requests and the terms of each category."""
    _thresholds()
    _requests()
    for term in TERMS:
        for category, value in zip(WHO, term.values, strict=True):
            _term(term, category, value)


def _thresholds() -> None:
    for category, least in (("A", 500_000), ("B", 100_000)):
        CATEGORIES.register(
            f"abc.potential_{category}",
            kind=Kind.DECIMAL,
            default=Decimal(least),
            minimum=0,
            unit=_("roubles a month"),
            label=format_lazy("{} {}", _("New client by potential: from, category"), category),
        )


def _requests() -> None:
    CATEGORIES.whole(
        "category.reason_length", LEAST_REASON, LEAST_REASON, 500, _("Minimum length of a reason")
    )
    CATEGORIES.whole(
        "category.new_client_days",
        5,
        1,
        60,
        _("A new client gets a category within"),
        unit=_("working days"),
        help=_("From its first shipment; later the department head is reminded."),
    )
    CATEGORIES.whole(
        "category.latest_months", 6, 1, 24, _("A change takes effect within"), unit=_("months")
    )
    CATEGORIES.register(
        "category.effective",
        kind=Kind.CHOICE,
        default="next_month",
        choices=lambda: list(EFFECTIVE.items()),
        label=_("A change usually takes effect"),
    )


def _term(term: Term, category: str, value: Any) -> None:
    choices = term.choices
    CATEGORIES.register(
        f"category.{term.name}.{category}",
        kind=term.kind,
        default=value,
        minimum=None if choices else 0,
        maximum=term.maximum,
        unit=term.unit,
        choices=(lambda: list(choices.items())) if choices else None,
        label=format_lazy("{} — {}", term.label, WHO[category]),
    )
