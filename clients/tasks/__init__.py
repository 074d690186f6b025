"""Periodic work of the client base (C.6), declared to `crm.work.periodic`."""

from datetime import date

from celery import shared_task
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.actions.contact_changes import mark_missed
from clients.actions.contact_plan import plan_contacts_of_months
from clients.actions.silence import alert_silence
from crm.notices import kinds
from crm.work import periodic
from crm.work.registry import setting


@shared_task
def read_mailbox() -> None:
    """Read what is new in the mailbox."""
    from clients.actions.mail import import_mail  # models are not there at start-up

    import_mail(today=timezone.localdate())


def mark_missed_contacts(*, today: date) -> int:
    """Daily 20:00: what was planned until then and not marked is missed."""
    return mark_missed(today)


def contact_silence_alerts(*, today: date) -> int:
    """Daily 08:15: tell managers and heads about silent clients; a day gone by alerts nobody."""
    return alert_silence(today) if today >= timezone.localdate() else 0


def contact_plan(*, today: date) -> int:
    """Daily 05:30: the plan of the next month from its day on, of this month on the first."""
    return plan_contacts_of_months(today=today, plan_day=setting("contacts.plan_day"))


def register_contact_jobs() -> None:
    """Declare the jobs of contacts and what their notices say."""
    periodic.register(
        "mark_missed_contacts",
        due=periodic.daily(20),
        run=mark_missed_contacts,
        label=_("Mark missed contacts"),
    )
    periodic.register(
        "contact_silence_alerts",
        due=periodic.daily(8, 15),
        run=contact_silence_alerts,
        label=_("Notify of silent clients"),
    )
    periodic.register(
        "contact_plan",
        due=periodic.daily(5, 30),
        run=contact_plan,
        label=_("Make the contact plan"),
    )
    kinds.register("client.silent", title=_("Clients silent longer than the norm: %(count)s"))
    kinds.register(
        "client.silent_a",
        title=_("Clients of category A silent longer than the norm: %(count)s"),
    )
