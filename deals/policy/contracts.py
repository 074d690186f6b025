"""Policy of contracts: terms offered, papers wanted, when an end is announced."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Role
from crm.work.registry import Kind, register
from deals.ageing import parse_steps
from deals.models import ClientDocumentKind, ShipmentDocumentKind

CONTRACTS = _("Contracts")
CHANGED_BY = (Role.ADMIN, Role.DIRECTOR)


def register_contract_policy() -> None:
    """Declare the settings of contracts."""
    register(
        "contract.end_alerts",
        kind=Kind.TEXT,
        default="7, 30, 60",
        label=_("The end of a contract or a power of attorney is announced before"),
        help=_("Growing whole numbers by comma."),
        unit=_("calendar days"),
        check=parse_steps,
        group=CONTRACTS,
        changed_by=CHANGED_BY,
    )
    register(
        "dossier.required",
        kind=Kind.CHOICES,
        default=["charter", "registration", "tax", "appointment"],
        choices=lambda: list(ClientDocumentKind.choices),
        label=_("Papers that every client gives us"),
        group=CONTRACTS,
        changed_by=CHANGED_BY,
    )
    _shipments()
    _terms()
    _company()


def _terms() -> None:
    for name, default, most, label, unit in (
        ("penalty_pct_day", "0.1", 100, _("Penalty offered in new contracts, a day"), "%"),
        ("penalty_cap_pct", "10", 100, _("Penalty offered at most"), "%"),
    ):
        register(
            f"contract.{name}",
            kind=Kind.DECIMAL,
            default=Decimal(default),
            minimum=0,
            maximum=most,
            label=label,
            unit=unit,
            group=CONTRACTS,
            changed_by=CHANGED_BY,
        )
    register(
        "contract.claim_response_days",
        kind=Kind.INT,
        default=30,
        minimum=1,
        maximum=365,
        label=_("A claim is answered within, in new contracts"),
        unit=_("calendar days"),
        group=CONTRACTS,
        changed_by=CHANGED_BY,
    )


COMPANY = _("Our company on papers")


def _company() -> None:
    for name, label in (
        ("full_name", _("Full name of our company")),
        ("inn", _("INN")),
        ("kpp", _("KPP")),
        ("ogrn", _("OGRN")),
        ("address", _("Legal address")),
        ("city", _("City of signing")),
        ("signatory", _("Who signs for us, in the genitive")),
        ("signatory_short", _("Who signs for us, initials")),
        ("authority", _("On what grounds, in the genitive")),
    ):
        register(
            f"company.{name}",
            kind=Kind.TEXT,
            default="",
            label=label,
            group=COMPANY,
            changed_by=(Role.ADMIN, Role.DIRECTOR),
        )


def _shipments() -> None:
    register(
        "shipment.documents",
        kind=Kind.CHOICES,
        default=["upd", "ttn"],
        choices=lambda: list(ShipmentDocumentKind.choices),
        label=_("Papers that every shipment needs"),
        group=CONTRACTS,
        changed_by=CHANGED_BY,
    )
    register(
        "shipment.documents_days",
        kind=Kind.INT,
        default=1,
        minimum=0,
        maximum=30,
        label=_("Documents of a paid invoice are made within"),
        unit=_("working days"),
        group=CONTRACTS,
        changed_by=CHANGED_BY,
    )
