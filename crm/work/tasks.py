"""Celery is a clock."""

from celery import shared_task

from crm.work import actions, periodic


@shared_task
def run_due() -> None:
    """Run every missed period of every job and leave a sign of life."""
    actions.beat("worker")
    periodic.run_due()
