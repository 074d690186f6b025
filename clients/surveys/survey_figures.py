"""The figures of a survey (SURVEY-1): pure counting, percentages half-up to hundredths."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from crm.money import percent, round_half_up

SATISFIED = 4  # of five
PROMOTERS, DETRACTORS = 9, 6  # from nine on; up to six


@dataclass(frozen=True)
class ScoreFigures:
    """Marks from 1 to 5: one for each person asked, None for one who has not answered."""

    asked: int
    answered: int
    response_pct: Decimal | None
    average: Decimal | None
    csat_pct: Decimal | None


@dataclass(frozen=True)
class NpsFigures:
    """Marks from 0 to 10: promoters less detractors, in percent of all."""

    answered: int
    promoters: int
    detractors: int
    nps: Decimal | None


def score_figures(scores: Sequence[int | None]) -> ScoreFigures:
    """How many answered, the average, and the share of fours and fives among the answers."""
    given = [score for score in scores if score is not None]
    satisfied = sum(score >= SATISFIED for score in given)
    average = round_half_up(Decimal(sum(given)) / len(given), 2) if given else None
    return ScoreFigures(
        len(scores),
        len(given),
        percent(len(given), len(scores)),
        average,
        percent(satisfied, len(given)),
    )


def nps_figures(marks: Iterable[int]) -> NpsFigures:
    """NPS of the marks; None without any."""
    given = list(marks)
    promoters = sum(mark >= PROMOTERS for mark in given)
    detractors = sum(mark <= DETRACTORS for mark in given)
    nps = percent(promoters - detractors, len(given))
    return NpsFigures(len(given), promoters, detractors, nps)
