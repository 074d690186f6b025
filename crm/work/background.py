"""Whether background work goes on: a worker leaves a sign of life each minute."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from crm.work.models import Heartbeat

SILENT_AFTER = timedelta(minutes=3)  # three ticks of beat


@dataclass(frozen=True)
class Background:
    """The last sign of life and whether it is a fresh one."""

    last_tick: datetime | None
    alive: bool


def is_fresh(sign: datetime | None) -> bool:
    """Whether a sign of life is at most three minutes old."""
    return sign is not None and timezone.now() - sign < SILENT_AFTER


def background() -> Background:
    """Whether a worker has ticked within three minutes: one query."""
    at = Heartbeat.objects.filter(name="worker").values_list("at", flat=True).first()
    return Background(at, is_fresh(at))
