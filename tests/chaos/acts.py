"""Acts of many reconciliations, asked for twice: their worker is killed in the middle."""

import io
import random
import time
from collections import Counter
from datetime import timedelta
from zipfile import ZipFile

from django.apps import apps
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from crm.accounts.models import User
from deals.actions.act_batches import start_batch
from deals.models import ActBatch, ActBatchRow, ReconciliationAct, ReconciliationItem
from tests.chaos.load import Person
from tests.chaos.processes import Processes, wait_until
from tests.chaos.verdict import DRAIN_LIMIT, Verdict
from tests.factories import clients, deals
from tests.factories import reconciliations as factory

ACTS, KILLS = 80, 4


def killed_batch(running: Processes, seed: int) -> Verdict:
    """Two people ask for the same acts; each is made once, with a number, and is in the archive."""
    dice, before = random.Random(seed), running.kills
    first, second = (User.objects.get(username=login) for login in ("manager", "sector"))
    items, last = prepared(first), last_number()
    batches = [start_batch(items, by=person) for person in (first, second)]
    verdict, met = Verdict("killed forming of acts", seed, acked=ACTS), 0
    for _kill in range(KILLS):
        made = acts_of(items).count()
        wait_often(lambda made=made: acts_of(items).count() > made or finished(batches))
        time.sleep(dice.uniform(0, 0.3))
        running.kill("worker")
        met += 0 < acts_of(items).count() < ACTS
        verdict.half += half_made(items, batches[0])
    verdict.drain_s = round(wait_until(lambda: finished(batches), DRAIN_LIMIT))
    verdict.half += half_made(items, batches[0])
    verdict.lost = ACTS - acts_of(items).count() + abs(last_number() - last - ACTS)
    verdict.lost += ActBatchRow.objects.filter(batch__in=batches).exclude(state="done").count()
    verdict.dup = made_twice(items)
    for batch in batches:
        verdict.lost += ACTS - papers_of(running, batch)
    verdict.kills = running.kills - before
    verdict.note = f"{met} kills met it in the middle; two archives of {ACTS} papers"
    return verdict


def prepared(manager: User) -> list[int]:
    """Reconciliations whose acts may be made, of new clients with a sale each."""
    tag, day = f"ACT{timezone.now():%y%m%d%H%M}", timezone.localdate() - timedelta(days=1)
    found = []
    for number in range(ACTS):
        name = f"{tag}-{number}"
        client = clients.client(manager, name=f"Сверка {name}", code=name)
        deals.sale(client, f"{number + 1}.00", on=day, number=name)
        found.append(factory.item(client, as_of=day).pk)
    return found


def last_number() -> int:
    """How many acts of the year have a number."""
    year = timezone.localdate().year
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(max(last), 0) FROM work_numbersequence"
            " WHERE kind = 'reconciliation_act' AND year = %s",
            [year],
        )
        number: int = cursor.fetchone()[0]
    return number


def acts_of(items: list[int]):
    return ReconciliationAct.objects.filter(item__in=items)


def finished(batches: list[ActBatch]) -> bool:
    return not ActBatch.objects.filter(
        pk__in=[one.pk for one in batches], finished_at=None
    ).exists()


def wait_often(done) -> None:
    """Look often, so that a kill meets the middle."""
    until = time.monotonic() + 60
    while not done() and time.monotonic() < until:
        time.sleep(0.02)


def half_made(items: list[int], batch: ActBatch) -> int:
    """Of one moment: acts without their line, their row of the batch or their item's state."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        acts = set(acts_of(items).values_list("item", flat=True))
        lines = list(acts_of(items).values_list("item", "lines__pk"))
        rows = ActBatchRow.objects.filter(batch=batch, state="done")
        done = set(rows.values_list("item", flat=True))
        states = ReconciliationItem.objects.filter(pk__in=items, state="act_created")
        moved = set(states.values_list("pk", flat=True))
    whole = {item for item, count in Counter(item for item, line in lines if line).items()}
    return len(acts ^ whole) + len(acts ^ done) + len(acts ^ moved)


def made_twice(items: list[int]) -> int:
    """Acts that were written more than once, numbers that two of them have."""
    acts = acts_of(items)
    numbers = Counter(acts.values_list("number", flat=True))
    events = apps.get_model("deals", "ReconciliationActEvent").objects.filter(pgh_label="insert")
    ids = list(acts.values_list("pk", flat=True))
    written = Counter(events.filter(pgh_obj_id__in=ids).values_list("pgh_obj_id", flat=True))
    twice = sum(count > 1 for count in numbers.values()) + sum(written[pk] != 1 for pk in ids)
    return twice + acts.exclude(revision=1).count() + acts.count() - len(set(numbers))


def papers_of(running: Processes, batch: ActBatch) -> int:
    """Different whole papers in the archive, as its author gets it."""
    person = Person(running.base, batch.created_by.username)
    answer = person.http.get(reverse("deals:act_batch_zip", args=[batch.pk]))
    archive = ZipFile(io.BytesIO(answer.content))
    papers = {name for name in archive.namelist() if archive.read(name).startswith(b"%PDF")}
    return len(papers) if archive.testzip() is None else 0
