"""How each figure is counted, in words, with the norms in force."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from clients.norms import contact_norms


@dataclass(frozen=True)
class How:
    """A title, sentences and the formula."""

    title: str
    paragraphs: list[str]
    formula: str = ""


def explanation(code: str) -> How | None:
    """The explanation of a figure; None for an unknown code."""
    maker: Any = _EXPLANATIONS.get(code)
    return maker() if maker else None


def _compliance() -> How:
    return How(
        _("Contact plan done"),
        [
            _("Credited contacts of the month divided by planned ones."),
            _(
                "A client's contacts are credited up to its plan: twelve calls to one client do"
                " not replace calls to the others. Contacts without an answer do not count."
            ),
            _("Percentages of units are counted from sums, never averaged."),
        ],
        _("Σ min(done, planned) ÷ Σ planned × 100"),
    )


def _coverage() -> How:
    return How(
        _("Coverage of the contact plan by week"),
        [
            _(
                "Contacts done in the week (the client was reached) divided by the week's share"
                " of the month's plan."
            ),
            _("The plan is spread over the month evenly by working days."),
            _("The last column is the month's compliance with the plan."),
        ],
        _("done in the week ÷ (plan × working days of the week ÷ working days of the month) × 100"),
    )


def _silence() -> How:
    norms = contact_norms()
    limits = "; ".join(
        _("%(category)s: %(days)s days") % {"category": key, "days": norms[key].silence_days}
        for key in ("A", "B", "C")
    )
    return How(
        _("Silent clients"),
        [
            _(
                "Clients whose last contact, or the day the manager took them, lies further back"
                " than the norm of their category allows, in calendar days."
            ),
            _("The norms in force: %(limits)s.") % {"limits": limits},
        ],
    )


_EXPLANATIONS = {"compliance": _compliance, "coverage": _coverage, "silence": _silence}
