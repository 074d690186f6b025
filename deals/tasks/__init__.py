"""Periodic work, declared to `crm.work.periodic`, one module per subject."""

from celery import shared_task
from django.utils import timezone


@shared_task
def run_waiting_act_batches() -> None:
    """Form the acts that were asked for together."""
    from deals.actions.act_batches import run_waiting_batches  # models are not there at start-up

    run_waiting_batches(today=timezone.localdate())


@shared_task
def compare_waiting_statements() -> None:
    """Compare the statements that clients have sent by their links."""
    from deals.actions.received_statements import compare_waiting

    compare_waiting(today=timezone.localdate())
