"""Records of sales that assignments and requests are about (CR-03)."""

from django.utils.translation import gettext_lazy as _

from crm.assignments.registry import register_subject
from deals.models import Contract, ReconciliationItem


def register_work_subjects() -> None:
    """Declare them; called once when the app is ready."""
    for key, model, label in (
        ("contract", Contract, _("Contract")),
        ("reconciliation", ReconciliationItem, _("Reconciliation")),
    ):
        register_subject(key, model, label=label, client_of=lambda one: one.client_id)
