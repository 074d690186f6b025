"""Celery is a clock."""

from celery import shared_task


@shared_task
def run_waiting_imports() -> None:
    """Apply imports that wait; replaced by the import engine."""
