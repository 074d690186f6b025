"""People, the tree of units, substitution and the access journal."""

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.accounts.querysets import DelegationQuerySet, OrgUnitQuerySet, UserManager
from crm.history import track


class Role(models.TextChoices):
    """What a person is in the department; decides scope and rights (C.9)."""

    MANAGER = "manager", _("Manager")
    SECTOR_HEAD = "sector_head", _("Sector head")
    DEPARTMENT_HEAD = "department_head", _("Department head")
    DIRECTOR = "director", _("Director")
    GENERAL_DIRECTOR = "general_director", _("General director")
    ACCOUNTANT = "accountant", _("Accountant")
    LAWYER = "lawyer", _("Lawyer")
    MARKETER = "marketer", _("Marketer")
    LOGISTICS = "logistics", _("Logistics")
    PURCHASING = "purchasing", _("Purchasing")
    MERCHANDISER = "merchandiser", _("Merchandiser")
    ADMIN = "admin", _("Administrator")


class OrgUnitKind(models.TextChoices):
    COMPANY = "company", _("Company")
    DEPARTMENT = "department", _("Department")
    SECTOR = "sector", _("Sector")


class UserTheme(models.TextChoices):
    AUTO = "auto", _("As in the system")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class UserLanguage(models.TextChoices):
    RU = "ru", _("Russian")
    EN = "en", _("English")


class DelegationReason(models.TextChoices):
    VACATION = "vacation", _("Vacation")
    ILLNESS = "illness", _("Illness")
    TRIP = "trip", _("Business trip")
    OTHER = "other", _("Other")


class DelegationState(models.TextChoices):
    PLANNED = "planned", _("Planned")
    ACTIVE = "active", _("Active")
    ENDED = "ended", _("Ended")
    REVOKED = "revoked", _("Revoked")


DELEGATION_MOVES: dict[str, set[str]] = {
    DelegationState.PLANNED: {DelegationState.ACTIVE, DelegationState.REVOKED},
    DelegationState.ACTIVE: {DelegationState.ENDED, DelegationState.REVOKED},
    DelegationState.ENDED: set(),
    DelegationState.REVOKED: set(),
}


@track(exclude=("path", "sort_key"))
class OrgUnit(models.Model):
    """A node of the company → department → sector tree with its head."""

    name = models.CharField(_("name"), max_length=200)
    sort_key = models.CharField(max_length=250, editable=False, default="")
    kind = models.CharField(_("kind"), max_length=12, choices=OrgUnitKind.choices)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("part of"),
    )
    head = models.ForeignKey(
        "accounts.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="headed_units",
        verbose_name=_("head"),
    )
    territory = models.CharField(_("territory"), max_length=200, blank=True)
    channel = models.CharField(_("channel"), max_length=100, blank=True)
    external_id = models.CharField(max_length=100, blank=True)
    # Ids from the root down, "/1/4/9/": the subtree is a prefix.
    path = models.CharField(max_length=400, editable=False, default="", db_index=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OrgUnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ("path",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind=OrgUnitKind.COMPANY, parent=None)
                | (~Q(kind=OrgUnitKind.COMPANY) & Q(parent__isnull=False)),
                name="unit_company_is_the_root",
            ),
            models.CheckConstraint(
                condition=~Q(pk=F("parent")), name="unit_not_its_own_parent"
            ),
            models.UniqueConstraint(
                "parent",
                Lower("name"),
                condition=Q(archived_at=None),
                name="unit_name_once_per_parent",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("accounts:unit_edit", args=[self.pk])


@track(exclude=("password", "last_login", "sort_key"))
class User(AbstractUser):
    """A person with a login, a role and a place in the tree."""

    first_name = models.CharField(_("first name"), max_length=100, blank=True)
    last_name = models.CharField(_("last name"), max_length=100)
    middle_name = models.CharField(_("middle name"), max_length=100, blank=True)
    sort_key = models.CharField(
        max_length=320, editable=False, default="", db_index=True
    )
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
    phone = models.CharField(_("phone"), max_length=20, blank=True)
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
    version = models.PositiveIntegerField(default=1)

    objects = UserManager()

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
        return " ".join(
            filter(None, (self.last_name, self.first_name, self.middle_name))
        )

    @property
    def short_name(self) -> str:
        """Surname and initials: «Петрова А. И.»."""
        initials = " ".join(
            f"{n[0]}." for n in (self.first_name, self.middle_name) if n
        )
        return f"{self.last_name} {initials}".strip() or self.username

    def get_full_name(self) -> str:
        return self.full_name

    def get_absolute_url(self) -> str:
        return reverse("accounts:user_detail", args=[self.pk])


class DateRange(Func):
    """SQL daterange(from, to, '[]'): both days inside."""

    function = "daterange"
    template = "%(function)s(%(expressions)s, '[]')"


@track()
class Delegation(models.Model):
    """Substitution during absence, both days inclusive (DELEG-1, L350, L484)."""

    owner = models.ForeignKey(
        User,
        models.PROTECT,
        related_name="delegations_given",
        verbose_name=_("absent person"),
    )
    delegate = models.ForeignKey(
        User,
        models.PROTECT,
        related_name="delegations_held",
        verbose_name=_("substitute"),
    )
    reason = models.CharField(
        _("reason"), max_length=10, choices=DelegationReason.choices
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    covers_clients = models.BooleanField(_("clients and contacts"), default=True)
    covers_decisions = models.BooleanField(_("approvals"), default=True)
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"))
    state = models.CharField(
        max_length=8, choices=DelegationState.choices, default=DelegationState.PLANNED
    )
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = DelegationQuerySet.as_manager()

    class Meta:
        verbose_name = _("substitution")
        verbose_name_plural = _("substitutions")
        ordering = ("-valid_from", "-pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_to__gte=F("valid_from")),
                name="delegation_ends_after_start",
            ),
            models.CheckConstraint(
                condition=~Q(owner=F("delegate")), name="delegation_not_to_oneself"
            ),
            models.CheckConstraint(
                condition=Q(covers_clients=True) | Q(covers_decisions=True),
                name="delegation_covers_something",
            ),
            ExclusionConstraint(
                name="delegation_clients_no_overlap",
                expressions=[
                    ("owner", RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
                condition=Q(covers_clients=True) & ~Q(state=DelegationState.REVOKED),
            ),
            ExclusionConstraint(
                name="delegation_decisions_no_overlap",
                expressions=[
                    ("owner", RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
                condition=Q(covers_decisions=True) & ~Q(state=DelegationState.REVOKED),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["delegate", "valid_from", "valid_to"])
        ]

    def __str__(self) -> str:
        return f"{self.owner} → {self.delegate}"


class AccessEventKind(models.TextChoices):
    LOGIN = "login", _("Signed in")
    LOGIN_FAILED = "login_failed", _("Sign-in failed")
    LOCKED_OUT = "locked_out", _("Locked out")
    LOGOUT = "logout", _("Signed out")
    REFUSED = "refused", _("No right")
    EXPORT = "export", _("Export")
    IMPORT = "import", _("Import")
    PASSWORD_CHANGED = "password_changed", _("Password changed")
    SESSIONS_ENDED = "sessions_ended", _("Sessions ended")
    UNLOCKED = "unlocked", _("Unlocked")


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

    class Meta:
        verbose_name = _("access record")
        verbose_name_plural = _("access records")
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return f"{self.at:%d.%m.%Y %H:%M} {self.kind}"
