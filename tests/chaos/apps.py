"""A periodic job whose effect is not idempotent: each run leaves a row, so doubles show."""

import time
from datetime import date, timedelta
from uuid import uuid4

from django.apps import AppConfig

LEDGER = "chaos.ledger"


def note_the_run(*, today: date) -> int:
    """Leave a line under the bell of the administrator; slow, so that a kill meets it."""
    from crm.accounts.models import User
    from crm.notices.actions import notify

    person = User.objects.get(username="admin")
    notify(
        person,
        kind=LEDGER,
        params={"day": today.isoformat()},
        dedupe_key=f"{LEDGER}:{uuid4()}",
        email=False,
    )
    time.sleep(0.05)
    return 1


class ChaosConfig(AppConfig):
    """Claims run out soon, so that the whole run stays short."""

    name = "tests.chaos"
    label = "chaos"

    def ready(self) -> None:
        from crm.notices import actions, kinds
        from crm.work import periodic

        actions.CLAIM_LASTS, actions.BUDGET_SECONDS = timedelta(seconds=20), 8.0
        periodic.STALE_AFTER = timedelta(seconds=15)
        kinds.register("chaos.letter", title="%(op)s")
        kinds.register(LEDGER, title="%(day)s")
        periodic.register(LEDGER, due=periodic.daily(0), run=note_the_run)
