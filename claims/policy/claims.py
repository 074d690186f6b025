"""Policy of claims: the term of an answer (D.7)."""

from django.utils.translation import gettext_lazy as _

from crm.work.registry import Group

CLAIMS = Group(_("Claims"))
CALENDAR = _("calendar days")


def register_claim_policy() -> None:
    """Declare the settings of claims."""
    label = _("A claim is answered within, where the contract says nothing")
    CLAIMS.whole("claim.answer_days", 10, 1, 365, label, CALENDAR)
