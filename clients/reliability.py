"""LEAD-1: points of the answers, their sum, the grade and the terms that follow from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from clients.models import ReliabilityGrade
from crm.calendar import month_start
from crm.work.registry import setting

MOST = 100
Text = str | Promise


@dataclass(frozen=True)
class Answer:
    """One answer of a factor with the points that it brings by default."""

    key: str
    label: Text
    points: int


@dataclass(frozen=True)
class Factor:
    """What is asked; the best answer comes first, the last one brings nothing."""

    key: str
    label: Text
    answers: tuple[Answer, ...]

    @property
    def most(self) -> int:
        """Points of the best answer, as they are set."""
        return max(points_of(self, one.key) for one in self.answers)


FACTORS = (
    Factor(
        "age_years",
        _("How long the company exists"),
        (
            Answer("over_3", _("3 years or longer"), 10),
            Answer("from_1", _("from 1 year to 3"), 5),
            Answer("under_1", _("less than a year"), 0),
        ),
    ),
    Factor(
        "financials",
        _("Financial results"),
        (
            Answer("two_years", _("profit in the last 2 years"), 20),
            Answer("one_year", _("profit in 1 of 2 years"), 12),
            Answer("loss", _("loss, or nothing is known"), 0),
        ),
    ),
    Factor(
        "court_claims",
        _("Claims in court against it"),
        (
            Answer("none", pgettext_lazy("claims", "none"), 20),
            Answer("small", _("up to 5% of the revenue"), 10),
            Answer("large", _("more than 5% of the revenue"), 0),
        ),
    ),
    Factor(
        "bailiff_debts",
        _("Debts with the bailiffs"),
        (
            Answer("none", pgettext_lazy("debts", "none"), 15),
            Answer("any", pgettext_lazy("debts", "there are some"), 0),
        ),
    ),
    Factor(
        "tax_debts",
        _("Tax debts"),
        (
            Answer("none", pgettext_lazy("debts", "none"), 10),
            Answer("any", pgettext_lazy("debts", "there are some"), 0),
        ),
    ),
    Factor(
        "references",
        _("References from partners"),
        (
            Answer("two", _("2 or more"), 10),
            Answer("one", _("one"), 5),
            Answer("none", pgettext_lazy("references", "none"), 0),
        ),
    ),
    Factor(
        "assets",
        _("Premises and assets"),
        (
            Answer("own", _("own premises"), 15),
            Answer("rent", _("rented ones"), 7),
            Answer("none", pgettext_lazy("assets", "none"), 0),
        ),
    ),
)


@dataclass(frozen=True)
class Result:
    """What a scoring says: points by factor, sum, grade, deferral in calendar days."""

    points: Mapping[str, int]
    score: int
    grade: str
    deferral_days: int


def setting_of(factor: Factor, answer: str) -> str:
    """The key of the setting that holds the points of the answer."""
    return f"reliability.{factor.key}.{answer}"


def points_of(factor: Factor, answer: str) -> int:
    """Points of the answer as they are set; the last answer of a factor brings none."""
    if answer == factor.answers[-1].key:
        return 0
    points: int = setting(setting_of(factor, answer))
    return points


def scored(answers: Mapping[str, str], *, stop_factor: str = "") -> Result:
    """Count the points; a stop factor rejects whatever the sum is (LEAD-1)."""
    points = {factor.key: points_of(factor, answers[factor.key]) for factor in FACTORS}
    score = min(sum(points.values()), MOST)
    if stop_factor:
        return Result(points, score, ReliabilityGrade.REJECT, 0)
    grade = grade_of(score)
    days = 0 if grade == ReliabilityGrade.LOW else setting(f"reliability.deferral.{grade}")
    return Result(points, score, grade, days)


def grade_of(score: int) -> str:
    """The grade of a sum of points, the bounds belong to the better grade."""
    if score >= setting("reliability.high"):
        return ReliabilityGrade.HIGH
    return ReliabilityGrade.MEDIUM if score >= setting("reliability.medium") else "low"


def terms_of(grade: str, days: int) -> str:
    """Recommended terms in words."""
    if grade == ReliabilityGrade.REJECT:
        return _now("do not work with it")
    if grade == ReliabilityGrade.LOW or not days:
        return _now("prepayment only")
    text = ngettext("deferral up to %(days)s day", "deferral up to %(days)s days", days)
    if grade == ReliabilityGrade.MEDIUM:
        text = ngettext(
            "deferral up to %(days)s day within a credit limit",
            "deferral up to %(days)s days within a credit limit",
            days,
        )
    return text % {"days": days}


def valid_until(day: date) -> date:
    """The last day of a scoring of the day: as many whole months later as the setting says."""
    later = month_start(day, setting("reliability.months"))
    last = (month_start(later, 1) - later).days
    return later.replace(day=min(day.day, last))
