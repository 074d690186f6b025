"""What the writes of people, units and substitutions are called in a history."""

from django.utils.translation import gettext_lazy as _

from crm.history import name_verbs


def register_all() -> None:
    """Called once when the app is ready."""
    name_verbs(
        {
            "user.created": _("Employee added"),
            "user.edited": _("Employee changed"),
            "user.deactivated": _("Deactivated"),
            "user.dismissed": _("Dismissed"),
            "user.reactivated": _("Let in again"),
            "user.password_reset": _("Temporary password given"),
            "user.password_changed": _("Password changed"),
            "user.second_factor_reset": _("Second factor reset"),
            "user.sessions_ended": _("Signed out everywhere"),
            "user.profile_edited": _("Profile changed"),
            "user.language_chosen": _("Language chosen"),
            "user.theme_chosen": _("Theme chosen"),
            "unit.created": _("Unit added"),
            "unit.edited": _("Unit changed"),
            "unit.moved": _("Unit moved"),
            "unit.archived": _("Unit closed"),
            "unit.restored": _("Unit opened again"),
            "delegation.created": _("Substitution planned"),
            "delegation.started": _("Substitution began"),
            "delegation.ended": _("Substitution ended"),
            "delegation.revoked": _("Substitution revoked"),
        }
    )
