"""Names of results on sheets, in schemes and in reports."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LABELS: dict[str, str | Promise] = {
    "ship": _("Shipments"),
    "cash": _("Receipts"),
    "active": _("Active clients"),
    "debt": _("Receivables within the norm"),
    "tasks": _("Target tasks"),
}
MONEY = frozenset({"ship", "cash", "debt"})
