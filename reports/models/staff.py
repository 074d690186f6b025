"""What a head notes about an employee: courses, reserve, recommendations (RP-09, L290, L345)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.history import track
from reports.querysets.staff import StaffNoteQuerySet


class StaffNoteKind(models.TextChoices):
    COURSE = "course", _("Course or training")
    RESERVE = "reserve", _("Reserve for promotion")
    REWARD = "reward", _("Recommended: higher pay")
    PROMOTION = "promotion", _("Recommended: promotion")


@track()
class StaffNote(models.Model):
    """A fact about the development of an employee; taken back, it stays in the history."""

    employee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="staff_notes",
        verbose_name=_("employee"),
    )
    kind = models.CharField(_("kind"), max_length=9, choices=StaffNoteKind.choices)
    noted_on = models.DateField(_("day"))
    text = models.CharField(pgettext_lazy("staff", "what"), max_length=500)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("noted by")
    )
    created_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(_("taken back at"), null=True, blank=True)

    objects = StaffNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note about an employee")
        verbose_name_plural = _("notes about employees")
        ordering = ("-noted_on", "-pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(employee=F("author")), name="staff_note_about_another"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="staff_note_says_something"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["employee", "-noted_on"], name="staff_note_of_employee")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.noted_on:%d.%m.%Y}"

    def get_absolute_url(self) -> str:
        return reverse("accounts:user_detail", args=[self.employee_id])
