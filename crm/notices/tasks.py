"""Celery is a clock."""

from celery import shared_task

from crm.notices import actions


@shared_task
def deliver_notices() -> None:
    """Deliver what waits in the outbox."""
    actions.deliver_notices()
