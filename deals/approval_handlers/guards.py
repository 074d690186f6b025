"""What every kind of request about a client asks before it is approved."""

from __future__ import annotations

from django.utils.translation import gettext as _

from clients.models import Client
from crm.approvals import limits
from crm.approvals.limits import LimitRoute
from crm.approvals.registry import Decision
from crm.errors import RuleViolation


def client_at_work(client_id: int) -> Client:
    """The client; RuleViolation where it has been put into the archive meanwhile."""
    client = Client.objects.get(pk=client_id)
    if client.archived_at is not None:
        raise RuleViolation(_("The client is in the archive."))
    return client


def signer_is_enough(decision: Decision, found: LimitRoute) -> bool:
    """Whether who decides may still do so by the facts of today; what needs no step needs none."""
    return decision.step is None or limits.still_enough(decision.step, found)
