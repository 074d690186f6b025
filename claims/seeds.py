"""Reasons that every installation starts with (C.8); what a person edited or archived stays."""

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from claims.models import ClaimReason
from clients.seeds import written_in
from crm.history import verb

# Stable codes with the kind of claims they are of; empty: of both.
REASONS: dict[str, tuple[str, Promise | str]] = {
    "quality": ("goods", pgettext_lazy("reason of a claim", "Quality")),
    "shortage": ("goods", pgettext_lazy("reason of a claim", "Shortage")),
    "misgrade": ("goods", pgettext_lazy("reason of a claim", "Wrong goods")),
    "breakage": ("goods", pgettext_lazy("reason of a claim", "Breakage or damage")),
    "expiry": ("goods", pgettext_lazy("reason of a claim", "Shelf life")),
    "late_delivery": ("", pgettext_lazy("reason of a claim", "Late delivery")),
    "documents": ("", pgettext_lazy("reason of a claim", "Documents")),
    "price": ("", pgettext_lazy("reason of a claim", "Price")),
    "service": ("service", pgettext_lazy("reason of a claim", "Service")),
    "other": ("", pgettext_lazy("reason of a claim", "Other")),
}
AT_ONCE = {"quality", "expiry"}


def seed_claim_reasons() -> int:
    """Add the missing reasons by their codes; returns how many were added."""
    known = set(ClaimReason.objects.values_list("code", flat=True))
    rows = [
        ClaimReason(
            code=code,
            order=order,
            kind=kind,
            tells_purchasing=code in AT_ONCE,
            name_ru=written_in("ru", name),
            name_en=written_in("en", name),
        )
        for order, (code, (kind, name)) in enumerate(REASONS.items(), start=1)
        if code not in known
    ]
    with verb("dictionary.seeded", by=None):
        ClaimReason.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)
