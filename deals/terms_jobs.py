"""Policy and periodic work of discounts and deferrals beyond the policy (C.6)."""

from django.utils.translation import gettext_lazy as _

from crm.work import periodic
from crm.work.registry import Kind, register
from deals.actions.terms_requests import expire_terms
from deals.contract_policy import CHANGED_BY, CONTRACTS


def register_terms_jobs() -> None:
    """Declare the setting and the job."""
    register(
        "terms.longest_days",
        kind=Kind.INT,
        default=365,
        minimum=1,
        maximum=3650,
        label=_("Discounts and deferrals beyond the policy hold at most"),
        unit=_("calendar days"),
        group=CONTRACTS,
        changed_by=CHANGED_BY,
    )
    periodic.register(
        "discount_expiry",
        due=periodic.daily(0, 10),
        run=expire_terms,
        label=_("End discounts and deferrals whose last day has gone by"),
    )
