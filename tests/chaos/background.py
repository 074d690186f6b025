"""Missed periods, and an import by the command killed in the middle."""

import json
import os
import random
import signal
import time
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

from django.utils import timezone

from clients.models import ContactLog
from crm.celery import app
from crm.notices.models import Notice
from crm.work import invariants, periodic
from crm.work.models import PeriodRun
from tests.chaos.apps import LEDGER
from tests.chaos.files import contacts
from tests.chaos.processes import Processes, wait_until
from tests.chaos.scenarios import command
from tests.chaos.verdict import Verdict

BACK = timedelta(days=40)
ROWS = 8_000


def missed_periods(running: Processes, seed: int) -> Verdict:
    """As after forty days without beat; the worker is killed while it catches up."""
    dice, before = random.Random(seed), running.kills
    wait_until(lambda: PeriodRun.objects.filter(kind=LEDGER, state="done").exists(), 90)
    Notice.objects.filter(kind=LEDGER).delete()
    push_back()
    for _kill in range(3):
        for _copy in range(4):
            app.send_task("crm.work.tasks.run_due")
        time.sleep(dice.uniform(2, 4))
        running.kill("worker")
    PeriodRun.objects.filter(state="running").update(started_at=timezone.now() - BACK)
    drain = wait_until(caught_up, 120)
    done = PeriodRun.objects.filter(kind=LEDGER, state="done").order_by("period")
    days = list(done.values_list("period", flat=True))
    expected = [str(date.fromisoformat(days[0]) + timedelta(days=n)) for n in range(len(days))]
    effects = Counter(note["day"] for note in ledger_lines())
    verdict = Verdict("missed periods", seed, running.kills - before, acked=len(days) - 1)
    verdict.lost = sum(day not in effects for day in days[1:]) + (days != expected)
    verdict.dup = sum(number > 1 for number in effects.values())
    verdict.half = len(list(invariants.periods_without_gap(timezone.now())))
    verdict.drain_s = round(drain)
    verdict.note = f"{PeriodRun.objects.count()} periods of {len(periodic.jobs())} jobs"
    return verdict


def push_back() -> None:
    """Leave one period done, forty days ago."""
    for job in periodic.jobs():
        latest = job.due.latest(timezone.now() - BACK)
        runs = PeriodRun.objects.filter(kind=job.kind)
        runs.delete()
        runs.create(
            kind=job.kind,
            period=latest.name,
            state="done",
            started_at=latest.due_at,
            finished_at=latest.due_at,
        )


def caught_up() -> bool:
    """Ask for a tick and see whether anything is left."""
    app.send_task("crm.work.tasks.run_due")
    time.sleep(1)
    return not periodic._jobs_behind(timezone.now())


def ledger_lines() -> list[dict]:
    return list(Notice.objects.filter(kind=LEDGER).values_list("params", flat=True))


def killed_imports(running: Processes, var: Path, seed: int) -> Verdict:
    """An import is killed at three moments, then left alone, then done twice."""
    dice = random.Random(seed)
    path, tag = var / "contacts.csv", f"chaos{timezone.now():%Y%m%d%H%M%S}"
    path.write_bytes(contacts(tag, ROWS))
    verdict = Verdict("killed import", seed)
    checked = time.monotonic()
    command("import_contacts", str(path), "--json", "--dry-run").communicate()
    usual = time.monotonic() - checked  # the real import takes longer: it writes
    for share in (0.6, 0.8, 1.0):
        process = command("import_contacts", str(path), "--json")
        time.sleep(usual * share * dice.uniform(0.9, 1.0))
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        verdict.kills += 1
        verdict.half += imported(tag) not in (0, ROWS)
    started = time.monotonic()
    answers = [command("import_contacts", str(path), "--json").communicate()[0] for _i in range(2)]
    figures = [json.loads(answer) for answer in answers if answer.strip()]
    verdict.acked = ROWS
    verdict.lost = ROWS - imported(tag)
    verdict.dup = max(0, imported(tag) - ROWS) + (figures[-1]["created"] if figures else ROWS)
    verdict.drain_s = round(time.monotonic() - started)
    verdict.note = f"second time created {figures[-1]['created'] if figures else '?'}"
    return verdict


def imported(tag: str) -> int:
    """Rows of the file that are in the database."""
    return ContactLog.objects.filter(external_id__startswith=tag).count()
