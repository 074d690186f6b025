"""Work about a client: the reasons of My day, and clients as what work is about (CR-03)."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.contacting.next_step import Reason, ReasonRule, register
from clients.models import Client
from crm.assignments.registry import register_subject
from crm.calendar import add_working_days
from crm.shell.nav import address
from crm.sql import Statement
from crm.work.registry import setting

# Of each client its most urgent work that its own manager has to do, or to verify.
FIRST = """
    SELECT w.client_id, NULL::timestamptz, min(w.due_on), NULL::numeric,
           (array_agg(w.title ORDER BY w.due_on, w.id))[1]
    FROM asked
    JOIN assignments_workitem w ON w.client_id = asked.id
    JOIN clients_client c ON c.id = asked.id
    WHERE {condition}
    GROUP BY w.client_id
"""
TO_DO = FIRST.format(
    condition="""
        w.executor_id = c.manager_id AND w.due_on <= %(last)s AND (
            w.state IN ('new', 'accepted', 'returned')
            OR (w.state = 'answered' AND w.kind IN ('assignment', 'instruction', 'order'))
        )
    """
)
TO_VERIFY = FIRST.format(
    condition="""
        w.author_id = c.manager_id AND w.executor_id <> c.manager_id AND (
            w.state = 'action_taken'
            OR (w.state = 'answered' AND w.kind NOT IN ('assignment', 'instruction', 'order'))
        )
    """
)


def _to_do(today: date) -> Statement:
    last = add_working_days(today, setting("work.remind_days"))
    return Statement.named(TO_DO, last=last)


def _to_verify(_today: date) -> Statement:
    return Statement(TO_VERIFY)


def _do_label(reason: Reason) -> str:
    on = reason.case.on or reason.at.today
    words = (
        _("Overdue since %(day)s: %(what)s") if on < reason.at.today else _("By %(day)s: %(what)s")
    )
    return words % {"day": f"{on:%d.%m}", "what": reason.case.text}


def _verify_label(reason: Reason) -> str:
    return _("Done, to be verified: %(what)s") % {"what": reason.case.text}


def _work(reason: Reason) -> str:
    return f"{address('assignments:list')}?about=client:{reason.client.pk}"


def register_work_of_clients() -> None:
    """Declare them; called once when the app is ready."""
    register_subject(
        "client",
        Client,
        label=gettext_lazy("Client"),
        client_of=lambda client: client.pk,
        is_client=True,
    )
    register(
        ReasonRule(
            code="work_due",
            rank=47,
            name=gettext_lazy("Assignments about clients"),
            verb=gettext_lazy("Do what was asked for"),
            tone="danger",
            icon="checklist",
            cases=_to_do,
            label=_do_label,
            link=_work,
            settled_by_contact=False,
        )
    )
    register(
        ReasonRule(
            code="work_verify",
            rank=62,
            name=gettext_lazy("Assignments to be verified"),
            verb=gettext_lazy("Verify what was done"),
            tone="warning",
            icon="circle-check",
            cases=_to_verify,
            label=_verify_label,
            link=_work,
            settled_by_contact=False,
        )
    )
