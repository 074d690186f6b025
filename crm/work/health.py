"""Readiness: the database answers and the background is alive."""

import dataclasses

from asgiref.sync import sync_to_async
from django.db import connection
from health_check.base import HealthCheck
from health_check.exceptions import ServiceUnavailable

from crm.work.background import is_fresh
from crm.work.models import Heartbeat


@dataclasses.dataclass
class DatabaseAnswers(HealthCheck):
    """The web's role can read."""

    async def run(self) -> None:
        await sync_to_async(_select_one)()


@dataclasses.dataclass
class WorkerIsAlive(HealthCheck):
    """A worker ran a tick within three minutes; a queue that nobody serves is an outage."""

    async def run(self) -> None:
        beat = await Heartbeat.objects.filter(name="worker").values_list("at", flat=True).afirst()
        if not is_fresh(beat):
            raise ServiceUnavailable("No worker has ticked for three minutes.")


def _select_one() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
