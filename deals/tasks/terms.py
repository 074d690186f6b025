"""Policy and periodic work of exceptions, discounts and deferrals beyond the policy (C.6)."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.notices import kinds
from crm.work import periodic
from deals.actions.exceptions import end_exceptions, tell_of_reviews
from deals.actions.terms_requests import expire_terms
from deals.policy.contracts import CONTRACTS


def exception_review(*, today: date) -> int:
    """Daily 08:30: limits above the norm whose day of review has come; a day gone by tells none."""
    return tell_of_reviews(today=today) if today >= timezone.localdate() else 0


def register_terms_jobs() -> None:
    """Declare the settings and the jobs."""
    CONTRACTS.whole(
        "terms.longest_days",
        365,
        1,
        3650,
        _("Discounts and deferrals outside the policy are valid for at most"),
        unit=_("calendar days"),
    )
    CONTRACTS.whole(
        "exceptions.limit_review_days",
        180,
        1,
        3650,
        _("A credit limit above the norm is reviewed after"),
        unit=_("calendar days"),
    )
    _jobs()


def _jobs() -> None:
    periodic.register(
        "exception_expiry",
        due=periodic.daily(0, 15),
        run=end_exceptions,
        label=_("End exceptions from the policy that are over"),
    )
    kinds.register("exception.review", title=_("To be reviewed by %(day)s: %(what)s, %(client)s"))
    periodic.register(
        "exception_review",
        due=periodic.daily(8, 30),
        run=exception_review,
        label=_("Notify of exceptions whose day of review has come"),
    )
    periodic.register(
        "discount_expiry",
        due=periodic.daily(0, 10),
        run=expire_terms,
        label=_("End discounts and deferrals whose last day has passed"),
    )
