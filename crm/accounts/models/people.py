"""People with a login."""

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from crm.accounts.models.roles import Role
from crm.accounts.models.units import OrgUnit
from crm.accounts.querysets import UserManager
from crm.history import track
from crm.names import person_initials
from crm.russian import SYSTEM_NAME

# The author of what is done by nobody: crm.accounts.actions.system_person.
SYSTEM_LOGIN, SYSTEM = "klientura-system", _("Klientura (automatic)")


class UserTheme(models.TextChoices):
    AUTO = "auto", _("As in the system")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class UserLanguage(models.TextChoices):
    RU = "ru", _("Russian")
    EN = "en", _("English")


@track(exclude=("password", "last_login", "sort_key", "session_epoch"))
class User(AbstractUser):
    """A person with a login, a role and a place in the tree."""

    first_name = models.CharField(_("first name"), max_length=100, blank=True)
    last_name = models.CharField(_("last name"), max_length=100)
    middle_name = models.CharField(_("middle name"), max_length=100, blank=True)
    sort_key = models.CharField(max_length=320, editable=False, default="", db_index=True)
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    org_unit = models.ForeignKey(
        OrgUnit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="members",
        verbose_name=_("unit"),
    )
    position = models.CharField(_("position"), max_length=200, blank=True)
    phone = models.CharField(_("phone"), max_length=32, blank=True)
    order_no = models.CharField(_("order of appointment"), max_length=50, blank=True)
    hired_on = models.DateField(_("hired on"), null=True, blank=True)
    dismissed_on = models.DateField(_("dismissed on"), null=True, blank=True)
    external_id = models.CharField(_("external id"), max_length=100, blank=True)
    language = models.CharField(
        _("language"),
        max_length=2,
        choices=UserLanguage.choices,
        default=UserLanguage.RU,
    )
    theme = models.CharField(
        _("theme"), max_length=5, choices=UserTheme.choices, default=UserTheme.AUTO
    )
    must_change_password = models.BooleanField(default=False)
    is_demo = models.BooleanField(default=False, editable=False)
    # Part of every session's fingerprint: one more ends all sessions of the person at once.
    session_epoch = models.PositiveIntegerField(default=0, editable=False)
    version = models.PositiveIntegerField(default=1)

    objects = UserManager()  # type: ignore[misc]

    REQUIRED_FIELDS: ClassVar = ["last_name", "role"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ("sort_key", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                Lower("email"),
                condition=~Q(email=""),
                name="user_email_once",
                violation_error_message=_("Another person has this e-mail."),
            ),
            models.UniqueConstraint(
                Lower("username"),
                name="user_login_once",
                violation_error_message=_("Another person has this login."),
            ),
            models.UniqueConstraint(
                "external_id",
                condition=~Q(external_id=""),
                name="user_external_id_once",
            ),
            models.CheckConstraint(
                condition=Q(dismissed_on=None) | Q(is_active=False),
                name="user_dismissed_is_inactive",
            ),
            models.CheckConstraint(
                condition=Q(dismissed_on=None)
                | Q(hired_on=None)
                | Q(dismissed_on__gte=F("hired_on")),
                name="user_dismissed_after_hired",
            ),
        ]

    def __str__(self) -> str:
        return self.short_name

    @property
    def full_name(self) -> str:
        """Surname, name and patronymic."""
        if self.last_name == SYSTEM_NAME:
            return str(SYSTEM)
        return " ".join(filter(None, (self.last_name, self.first_name, self.middle_name)))

    @property
    def short_name(self) -> str:
        """Surname and initials: «Петрова А. И.»; the system is called in the reader's language."""
        if self.last_name == SYSTEM_NAME:
            return str(SYSTEM)
        return person_initials(self.last_name, self.first_name, self.middle_name) or self.username

    def get_full_name(self) -> str:
        return self.full_name

    def get_absolute_url(self) -> str:
        return reverse("accounts:user_detail", args=[self.pk])

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """A session dies with the password and with the epoch that it was opened under."""
        return salted_hmac(
            "crm.accounts.session",
            f"{self.password}:{self.session_epoch}",
            secret=secret,
            algorithm="sha256",
        ).hexdigest()
