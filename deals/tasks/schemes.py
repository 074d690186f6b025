"""What relationship schemes declare when the app is ready: settings, the clock, files, words."""

from django.utils.translation import gettext_lazy as _

from clients.policy.categories import WHO
from crm.accounts.models import User
from crm.files.registry import register_owner
from crm.history import name_verbs
from crm.notices import kinds
from crm.work import periodic
from crm.work.registry import Group, Kind
from deals import permissions
from deals.actions.contracts import absent
from deals.actions.scheme_moves import turn_schemes
from deals.models import RelationshipScheme

SCHEMES = Group(_("Relationship schemes"))
VERBS = {
    "relationship.drafted": _("Relationship scheme written"),
    "relationship.edited": _("Relationship scheme changed"),
    "relationship.renewed": _("Relationship scheme of the next period written"),
    "relationship.discarded": _("Relationship scheme given up"),
    "relationship.active": _("Relationship scheme in force"),
    "relationship.expired": _("Relationship scheme expired"),
    "relationship.terminated": _("Relationship scheme ended early"),
}
DAYS = (
    (
        "relationship.longest_days",
        366,
        1,
        3650,
        _("A relationship scheme runs for at most"),
        _("calendar days"),
    ),
    (
        "relationship.end_days",
        30,
        0,
        365,
        _("The end of a relationship scheme comes to My day before"),
        _("calendar days"),
    ),
)


def _absent(scheme: RelationshipScheme, user: User) -> User | None:
    return absent(user, scheme.client)


def register_scheme_parts() -> None:
    """Called once."""
    name_verbs(VERBS)
    _settings()
    kinds.register(
        "relationship.expired", title=_("The relationship scheme of %(client)s has expired")
    )
    kinds.register(
        "relationship.terminated",
        title=_("The relationship scheme of %(client)s was ended: %(reason)s"),
    )
    periodic.register(
        "relationship_schemes",
        due=periodic.daily(0, 5),
        run=turn_schemes,
        label=_("Begin and end relationship schemes by their days"),
    )
    register_owner(
        "relationship_scheme",
        RelationshipScheme,
        may_add=permissions.can_keep_scheme_files,
        may_see=permissions.can_see_schemes,
        acting_for=_absent,
    )


def _settings() -> None:
    SCHEMES.register(
        "relationship.categories",
        kind=Kind.CHOICES,
        default=["A", "B"],
        choices=lambda: list(WHO.items()),
        label=_("Relationship schemes are made with clients of"),
    )
    for key, default, least, most, label, unit in DAYS:
        SCHEMES.whole(key, default, least, most, label, unit=unit)
    SCHEMES.whole(
        "order.usual_days",
        5,
        0,
        90,
        _("An order is usually shipped within"),
        help=_("Relationship schemes say how many working days sooner."),
        unit=_("working days"),
        per_department=True,
    )
