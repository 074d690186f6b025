"""Celery is a clock."""

from celery import shared_task

from crm.imports import actions


@shared_task(time_limit=3600, soft_time_limit=3500)
def run_waiting_imports() -> None:
    """Do what waits: checks, imports and undoing."""
    actions.run_waiting_imports()
