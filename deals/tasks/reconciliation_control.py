"""Periodic control of reconciliations (C.6), declared to `crm.work.periodic`, and its notices."""

from __future__ import annotations

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.hooks import register_handover_follower
from crm.history import name_verbs
from crm.notices import kinds
from crm.work import periodic
from deals.actions.reconciliation_alerts import alert_deadlines
from deals.actions.reconciliation_deemed import TITLE, deem_agreed
from deals.actions.reconciliation_handovers import ask_on_handover

TITLES = {
    "reconciliation.to_send": _("Acts to be sent by %(day)s: %(count)s. %(which)s"),
    "reconciliation.to_sign": _("Signed acts to come back by %(day)s: %(count)s. %(which)s"),
    "reconciliation.late_to_send": _("Acts not sent on time: %(count)s. %(which)s"),
    "reconciliation.late_to_sign": _("Acts not signed on time: %(count)s. %(which)s"),
    "reconciliation.draft": _(
        "Reconciliations for half-year %(half)s of %(year)s, %(department)s: to be "
        "approved by %(day)s"
    ),
    "reconciliation.deemed": TITLE,
}
VERBS = {"reconciliation.deemed": _("Act counts as agreed by the contract")}


def reconciliation_deadline_alerts(*, today: date) -> int:
    """Daily 08:00: terms that come and that have gone by; a day gone by alerts nobody."""
    return alert_deadlines(today=today) if today >= timezone.localdate() else 0


def register_reconciliation_control() -> None:
    """Called once when the app is ready."""
    name_verbs(VERBS)
    register_handover_follower(ask_on_handover)
    periodic.register(
        "reconciliation_deadline_alerts",
        due=periodic.daily(8),
        run=reconciliation_deadline_alerts,
        label=_("Notify of reconciliation deadlines"),
    )
    periodic.register(
        "acts_deemed_agreed",
        due=periodic.daily(7, 40),
        run=deem_agreed,
        label=_("Count unanswered acts as agreed where the contract says so"),
    )
    for kind, title in TITLES.items():
        kinds.register(kind, title=title)
