"""What price agreements with producers declare: words, the reminder of their ends, files."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.accounts.hooks import register_dismissal_guard
from crm.accounts.models import User
from crm.files.models import AttachmentKind
from crm.files.registry import register_owner
from crm.history import name_verbs
from crm.notices import kinds
from crm.notices.actions import notify
from crm.work import periodic
from deals import permissions
from deals.guards import agreements_of_person
from deals.models import ProducerPriceAgreement
from deals.tasks.contracts import windows

VERBS = {
    "producer.created": _("Price agreement with a producer entered"),
    "producer.edited": _("Price agreement with a producer changed"),
    "producer.archived": _("Price agreement with a producer taken out"),
    "producer.restored": _("Price agreement with a producer brought back"),
}
TITLES = {
    "producer.ends": _("The price agreement with %(agreement)s ends on %(day)s"),
    "producer.over": _("The price agreement with %(agreement)s was over on %(day)s"),
}


@transaction.atomic
def agreement_expiry(*, today: date) -> int:
    """Daily 07:30: the keeper learns that an agreement ends, in the steps of contracts, or is over.

    Once per step, also when days were missed. Returns how many notices are new.
    """
    if today < timezone.localdate():
        return 0
    rows, told, furthest = ProducerPriceAgreement.objects.order_by("pk"), 0, today
    for step, first, furthest in windows(today):
        ending = rows.on(today).filter(valid_to__gt=first, valid_to__lte=furthest)
        told += sum(_tell(agreement, "producer.ends", f"{step}") for agreement in ending)
    since = today - (furthest - today) - timedelta(days=1)
    over = rows.over(today).filter(valid_to__gte=since)
    return told + sum(_tell(agreement, "producer.over", "over") for agreement in over)


def _tell(agreement: ProducerPriceAgreement, kind: str, step: str) -> int:
    return notify(
        agreement.keeper_id,
        kind=kind,
        params={"agreement": str(agreement), "day": f"{agreement.valid_to:%d.%m.%Y}"},
        url=agreement.get_absolute_url(),
        dedupe_key=f"producer:{agreement.pk}:{agreement.valid_to}:{step}",
    )


def _may_add(user: User, agreement: ProducerPriceAgreement) -> bool:
    return permissions.can_keep_producers(user)


def register_producers() -> None:
    """Called once when the app is ready."""
    name_verbs(VERBS)
    for kind, title in TITLES.items():
        kinds.register(kind, title=title)
    periodic.register(
        "producer_agreement_expiry",
        due=periodic.daily(7, 30),
        run=agreement_expiry,
        label=_("Announce the end of price agreements with producers"),
    )
    register_owner(
        "producer_agreement",
        ProducerPriceAgreement,
        kind=AttachmentKind.CONTRACT,
        may_add=_may_add,
        may_see=permissions.can_see_producers,
    )
    register_dismissal_guard(agreements_of_person)
