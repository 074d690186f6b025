"""What a category gives and asks: the policy in words, side by side (D.4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clients.categorising.discount_limits import DISCOUNT
from clients.contacting.norms import contact_norms
from clients.models import ClientCategory
from clients.policy.categories import FREQUENCIES, OFFERS
from crm.accounts.models import Role
from crm.approvals.limits import limits_of
from crm.calendar import month_start
from crm.money import format_number, format_percent
from crm.work.registry import setting

Limits = dict[str, Any] | None


@dataclass(frozen=True)
class TermRow:
    """One line of the comparison; equal values are shown quietly."""

    label: str
    before: str
    after: str

    @property
    def changes(self) -> bool:
        """Whether the new category makes a difference here."""
        return self.before != self.after


def compare(before: str | None, after: str | None) -> list[TermRow]:
    """Terms of the two categories; without one a dash stands for it."""
    discounts = limits_of(DISCOUNT, Role.DEPARTMENT_HEAD)
    left, right = terms_of(before, discounts), terms_of(after, discounts)
    labels = left or right
    dash = "—"
    return [TermRow(label, left.get(label, dash), right.get(label, dash)) for label in labels]


def terms_of(category: str | None, discounts: Mapping[str, Limits]) -> dict[str, str]:
    """The terms of a category in words, from settings and limits; none without a category."""
    if not category:
        return {}
    norm = contact_norms()[category]
    visits = ngettext("%(n)s visit", "%(n)s visits", norm.visits) % {"n": norm.visits}
    credit: Decimal = _value("credit_factor", category)
    return {
        _("Contacts a month"): f"{norm.contacts}, {visits}" if norm.visits else str(norm.contacts),
        _("Silence up to, days"): str(norm.silence_days),
        _("Deferral, days"): _deferral(category),
        _("Credit limit, average months"): f"≤ {format_number(credit, 1)}",
        _("Overdue before stop, days"): str(_value("overdue_grace", category)),
        _("Discount ceiling"): _discount(discounts[category]),
        _("Reconciliation"): str(FREQUENCIES[_value("reconciliation", category)]),
        _("Own offer"): str(OFFERS[_value("individual_offer", category)]),
    }


def _value(name: str, category: str) -> Any:
    return setting(f"category.{name}.{category}")


def _discount(limits: Limits) -> str:
    """Up to where the head of the department decides by the signature limits, in words."""
    if limits is None:
        return "—"
    discount: Decimal | None = limits["discount"]
    if discount is None:
        return _("without limit")
    return f"≤ {format_percent(discount, _places(discount))}"


def _places(value: Decimal) -> int:
    """Decimal places worth showing, at most two."""
    return min(2, max(0, -int(value.normalize().as_tuple().exponent)))


def _deferral(category: str) -> str:
    least, most = _value("deferral_from", category), _value("deferral_to", category)
    if not most:
        return _("prepayment")
    return f"{least}–{most}"


def category_by_potential(potential: Decimal) -> str:
    """The category that the potential per month suggests (D.4: 500 000 is A, 100 000 B)."""
    for category in (ClientCategory.A, ClientCategory.B):
        if potential >= setting(f"abc.potential_{category.value}"):
            return category.value
    return ClientCategory.C.value


def usual_effective_day(today: date) -> date:
    """The day on which a change asked for today usually takes effect (setting)."""
    rule = setting("category.effective")
    if rule == "next_day":
        return today + timedelta(days=1)
    months = 1 if rule == "next_month" else 3 - (today.month - 1) % 3
    return month_start(today, months)


def latest_effective_day(today: date) -> date:
    """The last day for which a change may be asked."""
    return month_start(today, setting("category.latest_months") + 1) - timedelta(days=1)
