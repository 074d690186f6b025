"""Every kind of import: its worker is killed in the middle, twice; then the file comes again."""

import json
import random
import time
from collections.abc import Iterator
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone

from crm.accounts.models import User
from crm.imports import actions
from crm.imports.models import ImportJob
from tests.chaos.files import CASES, Case
from tests.chaos.processes import Processes, wait_until
from tests.chaos.scenarios import command
from tests.chaos.verdict import Verdict

KILLS = 2  # a job is given up after three attempts
FLAGS = {"create_clients": "--create-clients"}
ENDED = {"applied", "failed"}


def killed_imports_of_all_kinds(running: Processes, var: Path, seed: int) -> Iterator[Verdict]:
    """One verdict for each kind."""
    for number, case in enumerate(CASES):
        yield killed(running, var, seed, case, f"x{timezone.now():%y%m%d%H%M}{number:02d}")


def killed(running: Processes, var: Path, seed: int, case: Case, tag: str) -> Verdict:
    """Apply a file in the worker, kill it while it writes, count after each kill and at the end."""
    path = var / f"{tag}.{case.suffix}"
    path.write_bytes(case.make(tag, case.rows))
    dice, before = random.Random(f"{seed}{case.name}"), running.kills
    verdict = Verdict(f"killed {case.name}", seed, acked=case.rows)
    usual = by_command(case, path, "--dry-run")["seconds"]  # the import itself takes longer
    job, met = queued(case, path), 0
    for _kill in range(KILLS):
        wait_for_state(job, {"running", *ENDED})
        time.sleep(dice.uniform(0.1, 1.1) * usual)
        running.kill("worker")
        verdict.half += not is_whole_or_nothing(case, tag, frozen(case, tag))
        met += state(job) == "running"
    verdict.drain_s = round(wait_until(lambda: state(job) in ENDED, 120))
    expected, found = wanted(case, tag), frozen(case, tag)
    verdict.lost = sum(max(0, expected[name] - count) for name, count in found.items())
    created = by_command(case, path)["created"]
    twice = frozen(case, tag)
    verdict.dup = created + sum(max(0, twice[name] - expected[name]) for name in twice)
    verdict.kills = running.kills - before
    job = ImportJob.objects.get(pk=job.pk)
    verdict.note = f"{met} kills met it running; {job.state} at attempt {job.attempts}"
    verdict.note += f", second time created {created}"
    if job.error:
        verdict.note += f": {job.error[:100]}"
    return verdict


def queued(case: Case, path: Path) -> ImportJob:
    """As a person does: upload, confirm, wait for the check, apply."""
    person = User.objects.get(username=case.by)
    job = actions.upload_import(
        by=person, kind=case.kind, file_name=path.name, content=path.read_bytes()
    )
    columns = dict(job.mapping)
    job = actions.check_columns(
        job.pk, by=person, version=job.version, columns=columns, options=case.options
    )
    wait_until(lambda: state(job) in {"previewed", "failed"}, 90)
    job = ImportJob.objects.get(pk=job.pk)
    return actions.apply_import(job.pk, by=person, version=job.version)


def wait_for_state(job: ImportJob, states: set[str]) -> None:
    """Look often, so that a short import is met too."""
    until = time.monotonic() + 60
    while state(job) not in states and time.monotonic() < until:
        time.sleep(0.02)


def state(job: ImportJob) -> str:
    return ImportJob.objects.values_list("state", flat=True).get(pk=job.pk)


def frozen(case: Case, tag: str) -> dict:
    """All counts of one moment, so that a commit between two of them does not look like a half."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        return case.count(tag)


def wanted(case: Case, tag: str) -> dict:
    """What all tables of the kind hold of the file when it is whole."""
    expected = dict.fromkeys(case.count(tag), 0) | case.expected(tag, case.rows)
    if case.name == "sales":  # returns are set off as far as there are sales of the client
        expected["allocations"] = case.count(tag)["allocations"]
    return expected


def is_whole_or_nothing(case: Case, tag: str, found: dict) -> bool:
    return not any(found.values()) or found == wanted(case, tag)


def by_command(case: Case, path: Path, *arguments: str) -> dict:
    """Import the file by its command and give what it says of it."""
    flags = [FLAGS[name] for name in case.options if name in FLAGS]
    called = command(f"import_{case.kind}", str(path), "--json", *arguments, *flags)
    answer = called.communicate()[0]
    return json.loads(answer) if answer.strip() else {"created": case.rows, "seconds": 1}
