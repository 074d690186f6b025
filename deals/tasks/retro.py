"""What retro bonuses declare when the app is ready: settings, the clock, notices, words (DL-15)."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.files.registry import register_owner
from crm.history import name_verbs
from crm.notices import kinds
from crm.work import periodic
from crm.work.registry import Group, Kind
from deals import permissions
from deals.actions.contracts import absent
from deals.actions.retro_accruals import accrue_bonuses, follow_late_documents
from deals.models import RetroBonusAgreement

RETRO = Group(_("Retro bonuses"))
VERBS = {
    "retro.drafted": _("Retro bonus agreement written"),
    "retro.edited": _("Retro bonus agreement changed"),
    "retro.discarded": _("Retro bonus agreement given up"),
    "retro.expired": _("Retro bonus agreement expired"),
    "retro.terminated": _("Retro bonus agreement ended early"),
    "retro.accrued": _("Retro bonus accrued"),
    "retro.recalculated": _("Retro bonus recalculated"),
    "retro.checked": _("Retro bonus checked"),
    "retro.accrual_approved": _("Accrued retro bonus approved"),
    "retro.offset": _("Retro bonus set off"),
    "retro.paid": _("Retro bonus paid out"),
    "retro.closed": _("Retro bonus closed"),
}

# 381-FZ, article 9 (D.10); chains are warned of, nothing is blocked.
FOOD_TERMS = (
    ("short", 8, _("working days"), _("Food that keeps less than 10 days is paid for within")),
    ("middle", 25, _("calendar days"), _("Food that keeps 10 to 30 days is paid for within")),
    ("long", 40, _("calendar days"), _("Food that keeps longer is paid for within")),
)


def _absent(agreement: RetroBonusAgreement, user: User) -> User | None:
    return absent(user, agreement.client)


def register_retro_parts() -> None:
    """Called once."""
    name_verbs(VERBS)
    _settings()
    _notices()
    periodic.register(
        "retro_bonus_accrual",
        due=periodic.monthly(2, 4),
        run=accrue_bonuses,
        label=_("Accrue retro bonuses of the periods that are over"),
    )
    periodic.register(
        "retro_bonus_recalculation",
        due=periodic.daily(4, 10),
        run=follow_late_documents,
        label=_("Recalculate retro bonuses whose documents have changed"),
    )
    register_owner(
        "retro_bonus",
        RetroBonusAgreement,
        may_add=lambda user, one: permissions.can_draft_contract(user, one.client),
        may_see=permissions.can_see_retro,
        acting_for=_absent,
    )


def _settings() -> None:
    RETRO.register(
        "retro.food_cap_pct",
        kind=Kind.DECIMAL,
        default=Decimal(5),
        minimum=0,
        maximum=100,
        label=_("Bonus and payment for services on food, at most"),
        help=_("Of the price without VAT: article 9 of the law on trade, 381-FZ."),
        unit="%",
    )
    for name, days, unit, label in FOOD_TERMS:
        RETRO.whole(f"food.term_{name}", days, 0, 365, label, unit=unit)
    RETRO.register(
        "retro.head_limit",
        kind=Kind.DECIMAL,
        default=Decimal(100_000),
        minimum=0,
        maximum=1_000_000_000,
        label=_("The head of the department approves a bonus of a period up to"),
        help=_("Above it the director decides."),
        unit="₽",
    )
    RETRO.whole(
        "retro.recalculation_days",
        180,
        0,
        1100,
        _("Late documents change an accrued bonus within"),
        help=_("After the last day of its period: returns and corrections of what was sold in it."),
        unit=_("calendar days"),
    )


def _notices() -> None:
    kinds.register("retro.calculated", title=_("Retro bonuses to check: %(count)s"))
    kinds.register(
        "retro.recalculated", title=_("Retro bonus recalculated: %(client)s, %(amount)s")
    )
    kinds.register("retro.to_approve", title=_("Retro bonus to approve: %(client)s, %(amount)s"))
