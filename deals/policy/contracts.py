"""Policy of contracts: terms offered, papers wanted, when an end is announced."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from crm.work.registry import Group, Kind
from deals.models import ClientDocumentKind, ShipmentDocumentKind
from deals.receivables.ageing import parse_steps

CONTRACTS = Group(_("Contracts"))


def register_contract_policy() -> None:
    """Declare the settings of contracts."""
    CONTRACTS.register(
        "contract.end_alerts",
        kind=Kind.TEXT,
        default="7, 30, 60",
        label=_("The end of a contract or a power of attorney is announced before"),
        help=_("Increasing whole numbers separated by commas."),
        unit=_("calendar days"),
        check=parse_steps,
    )
    CONTRACTS.register(
        "dossier.required",
        kind=Kind.CHOICES,
        default=["charter", "registration", "tax", "appointment"],
        choices=lambda: list(ClientDocumentKind.choices),
        label=_("Papers that every client gives us"),
    )
    _shipments()
    _terms()


def _terms() -> None:
    for name, default, most, label, unit in (
        ("penalty_pct_day", "0.1", 100, _("Penalty offered in new contracts, a day"), "%"),
        ("penalty_cap_pct", "10", 100, _("Penalty offered at most"), "%"),
    ):
        CONTRACTS.register(
            f"contract.{name}",
            kind=Kind.DECIMAL,
            default=Decimal(default),
            minimum=0,
            maximum=most,
            label=label,
            unit=unit,
        )
    CONTRACTS.whole(
        "contract.claim_response_days",
        30,
        1,
        365,
        _("A claim is answered within, in new contracts"),
        unit=_("calendar days"),
    )


def _shipments() -> None:
    CONTRACTS.register(
        "shipment.documents",
        kind=Kind.CHOICES,
        default=["upd", "ttn"],
        choices=lambda: list(ShipmentDocumentKind.choices),
        label=_("Papers that every shipment needs"),
    )
    CONTRACTS.whole(
        "shipment.documents_days",
        1,
        0,
        30,
        _("Documents of a paid invoice are made within"),
        unit=_("working days"),
    )
