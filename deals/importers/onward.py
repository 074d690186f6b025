"""Where a finished import leads: its rows, and what it leaves to a person."""

from __future__ import annotations

from django.urls import reverse

from crm.accounts.models import User
from crm.said import gettext as _
from deals import permissions
from deals.models import Payment, Shipment


def unknown_payers(user: User) -> list[tuple[str, int, str]]:
    """Payments whose client nobody has named yet."""
    if not permissions.can_handle_payments(user):
        return []
    count = Payment.objects.visible_to(user).unmatched().count()
    return [(_("Unknown payers"), count, reverse("deals:payment_queue"))]


def without_client(user: User) -> list[tuple[str, int, str]]:
    """Documents of sale of nobody."""
    if not permissions.can_see_unassigned(user):
        return []
    count = Shipment.objects.visible_to(user).counted().unassigned().count()
    return [(_("Without a client"), count, reverse("deals:unassigned_list"))]


def to_invoices(user: User) -> list[tuple[str, str]]:
    """The register where imported debts stand."""
    if not permissions.can_see_money(user):
        return []
    return [(_("Invoices"), reverse("deals:invoice_list"))]
