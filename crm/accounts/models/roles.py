"""Roles of the department."""

from django.db import models
from django.utils.translation import gettext_lazy as _


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


SALES = frozenset({Role.MANAGER, Role.SECTOR_HEAD, Role.DEPARTMENT_HEAD})  # they own clients
HEADS = frozenset({Role.SECTOR_HEAD, Role.DEPARTMENT_HEAD})
DIRECTORS = frozenset({Role.DIRECTOR, Role.GENERAL_DIRECTOR})
