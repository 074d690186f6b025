"""What reconciliations declare when the app is ready: settings, the clock, words (C.6)."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from crm.history import name_verbs
from crm.notices import kinds
from crm.work import periodic
from deals.act_letters import LETTER, TOLD, letter_of
from deals.actions.differences import ASSIGNED
from deals.actions.reconciliation_schedules import Half, generate_schedules, turn_schedules
from deals.policy.reconciliations import register_reconciliation_policy

GENERATED_IN = (6, 12)
VERBS = {
    "reconciliation.generated": _("Reconciliation schedule drawn up"),
    "reconciliation.schedule_approved": _("Reconciliation schedule approved"),
    "reconciliation.schedule_reopened": _("Reconciliation schedule returned to draft"),
    "reconciliation.schedule_begun": _("Reconciliation schedule started"),
    "reconciliation.schedule_closed": _("Reconciliation schedule closed"),
    "reconciliation.asked": _("Emergency reconciliation asked for"),
    "reconciliation.added": _("Reconciliation added"),
    "reconciliation.moved": _("Reconciliation moved to another day"),
    "reconciliation.cancelled": _("Reconciliation cancelled"),
    "reconciliation.act_made": _("Act of reconciliation made"),
    "reconciliation.batch": _("Acts of reconciliation asked for together"),
    "reconciliation.batch_done": _("Acts of reconciliation formed together"),
    "reconciliation.sent": _("Act of reconciliation sent"),
    "reconciliation.signed": _("Act of reconciliation signed"),
    "reconciliation.compared": _("Act compared with the client's statement"),
    "reconciliation.not_compared": _("File of the client could not be compared"),
    "difference.added": _("Objection of the client recorded"),
    "difference.taken_up": _("Difference is being looked into"),
    "difference.decided": _("Found out whose books are wrong"),
    "difference.corrected": _("Difference corrected"),
    "difference.closed": _("Difference closed"),
    "difference.reassigned": _("Difference handed to another person or day"),
    "reconciliation.link_made": _("Personal link to the act made"),
    "reconciliation.link_revoked": _("Personal link to the act revoked"),
    "reconciliation.agreed_by_link": _("Client agreed to the act via its link"),
    "reconciliation.objected_by_link": _("Client objected to the act via its link"),
}

TITLES = {
    ASSIGNED: _("A difference with %(client)s to look into by %(due)s: %(text)s"),
    "reconciliation.link_made": _("Personal link to the act made"),
    "reconciliation.link_revoked": _("Personal link to the act revoked"),
    "reconciliation.agreed_by_link": _("Client agreed to the act via its link"),
    "reconciliation.objected_by_link": _("Client objected to the act via its link"),
}


def generate_reconciliation_schedule(*, today: date) -> int:
    """15 June and 15 December 06:00: the draft of the next half-year; `today` is that day."""
    if today.month not in GENERATED_IN:
        return 0
    return generate_schedules(Half.of(today).following)


def register_reconciliation_parts() -> None:
    """Called once."""
    name_verbs(VERBS)
    register_reconciliation_policy()
    for kind, title in TITLES.items():
        kinds.register(kind, title=title)
    periodic.register(
        "generate_reconciliation_schedule",
        due=periodic.monthly(15, 6),
        run=generate_reconciliation_schedule,
        label=_("Draw up the reconciliations of the next half-year"),
    )
    periodic.register(
        "reconciliation_schedules",
        due=periodic.daily(0, 20),
        run=turn_schedules,
        label=_("Begin and close the schedules of reconciliations"),
    )
    _links()


def _links() -> None:
    """Personal links: the letter to the client, what the manager is told."""
    kinds.register_letter(LETTER, letter_of)
    for kind, title in TOLD.items():
        kinds.register(kind, title=title)
