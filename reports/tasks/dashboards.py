"""The clock of dashboards by e-mail, their words."""

from __future__ import annotations

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.history import name_verbs
from crm.notices import kinds
from crm.work import periodic
from reports.actions.dashboards import KIND, send_dashboards
from reports.papers.dashboard import letter_of

EVERY = 15  # minutes


def dashboard_mail(*, today: date) -> int:
    """Every quarter of an hour; a day gone by sends nothing."""
    now = timezone.localtime()
    return send_dashboards(today=today, hour=now.hour) if today == now.date() else 0


def register_dashboard_mail() -> None:
    """Called once."""
    name_verbs(
        {
            "dashboard.subscribed": _("Dashboard by e-mail chosen"),
            "dashboard.unsubscribed": _("Dashboard by e-mail stopped"),
        }
    )
    kinds.register_letter(KIND, letter_of)
    periodic.register(
        "dashboard_mail",
        due=periodic.every(EVERY),
        run=dashboard_mail,
        label=_("Send dashboards by e-mail"),
    )
