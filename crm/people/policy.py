"""Numbers of sign-in that the customer may change."""

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Role
from crm.work.registry import Group, Kind

SECURITY = Group(_("Sign-in and sessions"), changed_by=(Role.ADMIN,))


def register_all() -> None:
    """Declare the settings of this app."""
    _sign_in()
    _pauses()


def _sign_in() -> None:
    SECURITY.register(
        "security.mfa_required",
        kind=Kind.BOOL,
        default=True,
        label=_("Two-step sign-in is compulsory"),
        help=_("For the roles named below; they cannot work until they have turned it on."),
    )
    SECURITY.register(
        "security.mfa_roles",
        kind=Kind.CHOICES,
        default=[Role.ADMIN.value, Role.DIRECTOR.value],
        choices=lambda: list(Role.choices),
        label=_("Roles with compulsory two-step sign-in"),
    )
    SECURITY.whole(
        "security.password_length",
        12,
        8,
        64,
        _("A password has at least"),
        unit=_("characters"),
        help=_("For passwords that are set from now on."),
    )


def _pauses() -> None:
    SECURITY.whole(
        "security.session_idle_minutes", 30, 5, 480, _("Signed out when idle for"), _("minutes")
    )
    SECURITY.whole(
        "security.session_minutes", 720, 30, 1440, _("Signed out in any case after"), _("minutes")
    )
    SECURITY.whole(
        "security.lockout_minutes", 15, 1, 1440, _("Sign-in is paused for"), _("minutes")
    )
    SECURITY.whole(
        "security.lockout_attempts",
        10,
        3,
        50,
        _("Sign-in is paused after"),
        unit=_("wrong passwords"),
        help=_("Counted for one person from one address."),
    )
