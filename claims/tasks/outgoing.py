"""Periodic work of claims against clients (C.6), and what its notices say."""

from __future__ import annotations

from datetime import date

from celery import shared_task
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.actions.limitation_alerts import watch_limitation
from claims.actions.outgoing_alerts import turn_terms
from claims.actions.packages import make_waiting_packages as make_packages
from crm.history import name_verbs
from crm.notices import kinds
from crm.work import periodic

TITLES = {
    "outgoing.to_review": _("Claim %(number)s against %(client)s is to be checked and sent"),
    "outgoing.returned": _("The lawyer gives back claim %(number)s, %(client)s: %(why)s"),
    "outgoing.term_soon": _("Claim %(number)s, %(client)s is to be answered by %(day)s"),
    "outgoing.term_over": _("Claim %(number)s, %(client)s was not answered by %(day)s"),
    "outgoing.paid": _("Claim %(number)s: %(client)s has paid the debt, penalty is open"),
    "limitation.near": _("Debts whose limitation ends soon: %(count)s, %(amount)s ₽. %(which)s"),
}
VERBS = {
    "key_rate.added": _("Key rate added"),
    "key_rate.removed": _("Key rate taken out"),
    "key_rate.seeded": _("Key rates filled in"),
    "outgoing.drafted": _("Claim against the client drawn up"),
    "outgoing.recounted": _("Claim recalculated"),
    "outgoing.requested": _("Sending of the claim asked for"),
    "outgoing.initiated": _("Claim handed to the lawyer"),
    "outgoing.returned": _("Claim given back by the lawyer"),
    "outgoing.sent": _("Claim sent"),
    "outgoing.answered": _("Answer to the claim recorded"),
    "outgoing.accrual_paid": _("Payment of penalty and interest recorded"),
    "outgoing.satisfied": _("Claim satisfied"),
    "outgoing.closed": _("Claim closed"),
    "outgoing.cancelled": _("Claim cancelled"),
    "outgoing.stopped": _("Shipping stopped because of the claim"),
    "outgoing.term_expired": _("The deadline of the claim has passed"),
    "lawsuit.prepared": _("Lawsuit is being prepared"),
    "lawsuit.edited": _("Lawsuit edited"),
    "lawsuit.recounted": _("Lawsuit recalculated"),
    "lawsuit.filed": _("Lawsuit filed"),
    "lawsuit.won": _("Lawsuit won"),
    "lawsuit.lost": _("Lawsuit lost"),
    "lawsuit.settled": _("Lawsuit settled"),
    "lawsuit.enforcement": _("Decision of the court is being enforced"),
    "lawsuit.closed": _("Lawsuit closed"),
}


@shared_task
def make_waiting_packages() -> None:
    """Make the archives for the court that were asked for."""
    make_packages(today=timezone.localdate())


def outgoing_claim_terms(*, today: date) -> int:
    """Daily 08:45: terms that come and that are over; a day gone by turns, but tells nobody."""
    return turn_terms(today=today, tells=today >= timezone.localdate())


def limitation_alerts(*, today: date) -> int:
    """Daily 08:45: debts without a lawsuit that run out of time; only the present day counts."""
    return watch_limitation(today=today) if today >= timezone.localdate() else 0


def register_outgoing_jobs() -> None:
    """Called once when the app is ready."""
    name_verbs(VERBS)
    for kind, title in TITLES.items():
        kinds.register(kind, title=title)
    periodic.register(
        "outgoing_claim_terms",
        due=periodic.daily(8, 45),
        run=outgoing_claim_terms,
        label=_("Watch the deadlines of claims against clients"),
    )
    periodic.register(
        "limitation_alerts",
        due=periodic.daily(8, 45),
        run=limitation_alerts,
        label=_("Notify of debts whose limitation ends"),
    )
