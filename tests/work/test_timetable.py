"""The timetable of beat: every name exists, every tick is short-lived."""

from celery.schedules import crontab, schedule
from django.conf import settings

from crm.celery import app

SECONDS = 60


def test_every_task_of_the_timetable_exists():
    app.loader.import_default_modules()
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        assert entry["task"] in app.tasks


def test_every_task_of_the_product_is_in_the_timetable():
    """Tasks are ticks: nothing is queued from the web, so a dead broker loses nothing."""
    app.loader.import_default_modules()
    ours = {name for name in app.tasks if not name.startswith("celery.")}
    assert ours == {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}


def test_a_tick_that_waited_until_the_next_one_is_dropped():
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        every = entry["schedule"]
        seconds = SECONDS if every == crontab() else schedule(every).run_every.total_seconds()
        assert entry["options"]["expires"] <= seconds


def test_messages_of_a_killed_worker_come_back_and_nothing_waits_for_an_answer():
    assert app.conf.task_acks_late
    assert app.conf.task_reject_on_worker_lost
    assert app.conf.worker_prefetch_multiplier == 1
    assert app.conf.task_ignore_result
    assert app.conf.accept_content == ["json"]
    options = app.conf.broker_transport_options
    assert options["visibility_timeout"] >= 2 * app.conf.task_time_limit
