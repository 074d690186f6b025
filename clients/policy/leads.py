"""Policy of leads and of their reliability (LEAD-1): points, bounds of grades, terms."""

from collections.abc import Callable
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from clients.reliability import FACTORS, MOST, Factor, setting_of
from crm.accounts.models import Role
from crm.errors import RuleViolation
from crm.work.registry import Group, setting

LEADS = Group(_("Leads"))
RELIABILITY = Group(_("Reliability of leads"), (Role.ADMIN, Role.DIRECTOR, Role.DEPARTMENT_HEAD))
POINTS = _("points")
OF_HIGH, OF_MEDIUM = "reliability.high", "reliability.medium"


def _within_hundred(factor: Factor, answer: str) -> Callable[[Any], None]:
    """The best answers together bring 100 points at most, else the grades mean nothing."""

    def check(value: Any) -> None:
        others = sum(one.most for one in FACTORS if one is not factor)
        rest = (a.key for a in factor.answers[:-1] if a.key != answer)
        own = max([int(value), *(setting(setting_of(factor, key)) for key in rest)])
        if others + own > MOST:
            text = _now("The best answers would add up to %(sum)s points, the most is %(most)s.")
            raise RuleViolation(text % {"sum": others + own, "most": MOST}, field="value")

    return check


def _high_above(value: Any) -> None:
    if int(value) <= setting(OF_MEDIUM):
        raise RuleViolation(_now("“High” begins above “medium”."), field="value")


def _medium_below(value: Any) -> None:
    if int(value) >= setting(OF_HIGH):
        raise RuleViolation(_now("“Medium” begins below “high”."), field="value")


def register_lead_policy() -> None:
    """Declare them."""
    LEADS.whole(
        "leads.first_step_days", 2, 0, 30, _("The first step with a lead follows within"),
        _("working days"),
    )  # fmt: skip
    LEADS.whole(
        "leads.next_step_days", 7, 1, 90, _("The next step is offered after"), _("calendar days")
    )
    RELIABILITY.whole(OF_HIGH, 75, 2, 100, _("High reliability from"), POINTS, check=_high_above)
    RELIABILITY.whole(
        OF_MEDIUM, 50, 1, 99, _("Medium reliability from"), POINTS, check=_medium_below
    )
    for grade, days, label in (
        ("high", 30, _("Deferral of a highly reliable one, up to")),
        ("medium", 14, _("Deferral of a medium reliable one, up to")),
    ):
        RELIABILITY.whole(f"reliability.deferral.{grade}", days, 0, 180, label, _("calendar days"))
    RELIABILITY.whole(
        "reliability.months", 12, 1, 36, _("A scoring is checked again after"), _("months")
    )
    for factor in FACTORS:
        for answer in factor.answers[:-1]:
            RELIABILITY.whole(
                setting_of(factor, answer.key),
                answer.points,
                0,
                MOST,
                format_lazy("{}: {}", factor.label, answer.label),
                POINTS,
                check=_within_hundred(factor, answer.key),
            )
