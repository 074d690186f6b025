"""Journal of sign-ins, refusals and exports."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.accounts.models.people import User
from crm.accounts.querysets import AccessEventQuerySet
from crm.history import no_truncate


class AccessEventKind(models.TextChoices):
    LOGIN = "login", _("Signed in")
    LOGIN_FAILED = "login_failed", _("Sign-in failed")
    LOCKED_OUT = "locked_out", _("Locked out")
    LOGOUT = "logout", _("Signed out")
    REFUSED = "refused", _("No permission")
    EXPORT = "export", _("Rows exported")
    IMPORT = "import", _("File imported")
    DOWNLOAD = "download", _("File downloaded")
    PASSWORD_CHANGED = "password_changed", _("Password changed")
    SESSIONS_ENDED = "sessions_ended", _("Sessions ended")
    UNLOCKED = "unlocked", _("Unlocked")
    MFA_CHANGED = "mfa_changed", _("Second factor changed")


class AccessEvent(models.Model):
    """Append-only journal of sign-ins, refusals and exports (CR-06)."""

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    user = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="access_events"
    )
    username = models.CharField(max_length=150, blank=True)
    kind = models.CharField(max_length=20, choices=AccessEventKind.choices)
    target = models.CharField(max_length=300, blank=True)
    rows = models.PositiveIntegerField(null=True, blank=True)
    ip = models.GenericIPAddressField(null=True, blank=True)

    objects = AccessEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("access record")
        verbose_name_plural = _("access records")
        ordering = ("-at", "-pk")
        indexes: ClassVar = [models.Index(fields=["user", "-at"], name="access_of_user")]
        triggers: ClassVar = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            no_truncate(),
        ]

    def __str__(self) -> str:
        return f"{self.at:%d.%m.%Y %H:%M} {self.kind}"
