"""Project package: wiring, shared subjects and the apps that every domain app needs."""

from crm.celery import app as celery_app

__all__ = ["celery_app"]
