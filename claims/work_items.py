"""Records of claims that assignments and requests are about (CR-03)."""

from django.utils.translation import gettext_lazy as _

from claims.models import Claim, CorrectiveMeasure
from crm.assignments.registry import register_subject


def register_claim_subjects() -> None:
    """Declare them; called once when the app is ready."""
    register_subject("claim", Claim, label=_("Claim"), client_of=lambda claim: claim.client_id)
    register_subject("measure", CorrectiveMeasure, label=_("Corrective measure"))
