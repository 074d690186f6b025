"""Numbers of sign-in that the customer may change."""

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Role
from crm.work.registry import Kind, register

SECURITY = _("Sign-in and sessions")


def register_all() -> None:
    """Declare the settings of this app."""
    register(
        "security.mfa_required",
        kind=Kind.BOOL,
        default=True,
        label=_("Two-step sign-in is compulsory"),
        help=_("For the roles named below; they cannot work until they have turned it on."),
        group=SECURITY,
        changed_by=(Role.ADMIN,),
    )
    register(
        "security.mfa_roles",
        kind=Kind.CHOICES,
        default=[Role.ADMIN.value, Role.DIRECTOR.value],
        choices=lambda: list(Role.choices),
        label=_("Roles with compulsory two-step sign-in"),
        group=SECURITY,
        changed_by=(Role.ADMIN,),
    )
    _register_number("security.session_idle_minutes", 30, _("Signed out when idle for"), 5, 480)
    _register_number("security.session_minutes", 720, _("Signed out in any case after"), 30, 1440)
    _register_number("security.lockout_minutes", 15, _("Sign-in is paused for"), 1, 1440)
    register(
        "security.lockout_attempts",
        kind=Kind.INT,
        default=10,
        minimum=3,
        maximum=50,
        unit=_("wrong passwords"),
        label=_("Sign-in is paused after"),
        help=_("Counted for one person from one address."),
        group=SECURITY,
        changed_by=(Role.ADMIN,),
    )


def _register_number(key: str, default: int, label: object, least: int, most: int) -> None:
    register(
        key,
        kind=Kind.INT,
        default=default,
        minimum=least,
        maximum=most,
        unit=_("minutes"),
        label=label,  # type: ignore[arg-type]
        group=SECURITY,
        changed_by=(Role.ADMIN,),
    )
