"""What became of the ledger: nothing lost is a computation, not an impression."""

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db.models import F

from clients.models import Client, ContactLog
from crm.notices.models import Notice
from tests.chaos.load import Ledger
from tests.chaos.processes import wait_until

DRAIN_LIMIT = 120


@dataclass
class Verdict:
    """One line of the report."""

    name: str
    seed: int
    kills: int = 0
    acked: int = 0
    unknown: int = 0
    failed: int = 0
    lost: int = 0
    dup: int = 0
    half: int = 0
    drain_s: int = 0
    p95_ms: int = 0
    note: str = ""

    @property
    def is_good(self) -> bool:
        """Nothing lost, doubled or half done, and drained in time."""
        return not (self.lost or self.dup or self.half or self.failed) and (
            self.drain_s < DRAIN_LIMIT
        )

    def __str__(self) -> str:
        facts = (
            f"seed {self.seed}, kills {self.kills}, acked {self.acked}, unknown {self.unknown},"
            f" failed {self.failed}, lost {self.lost}, dup {self.dup}, half {self.half},"
            f" drain_s {self.drain_s}, p95_ms {self.p95_ms}"
        )
        mark = "ok  " if self.is_good else "FAIL"
        return f"{mark} {self.name:<22} {facts}{'; ' + self.note if self.note else ''}"


def judge(name: str, seed: int, ledger: Ledger, kills: int) -> Verdict:
    """Wait for quiet, send the unknown again with their keys, then count."""
    drain = wait_until(lambda: not waiting(ledger), DRAIN_LIMIT)
    before = count(ledger.unknown)
    for op, person in ledger.unknown.items():
        person.save(op)
    present = count([*ledger.acked, *ledger.unknown])
    letters = read_letters(ledger)
    repeated = sum(number - 1 for number in letters.values())
    missing = [op for op in (*ledger.acked, *ledger.unknown) if not present[op]]
    unsent = ledger.letters - set(letters)
    verdict = Verdict(name, seed, kills, len(ledger.acked) + len(ledger.letters))
    verdict.unknown, verdict.failed = len(ledger.unknown), len(ledger.failed)
    verdict.lost = len(missing) + len(unsent)
    verdict.dup = sum(number > 1 for number in present.values()) + max(0, repeated - kills)
    verdict.half = half_done(ledger) + sum(count(ledger.refused | ledger.failed).values())
    verdict.drain_s, verdict.p95_ms = round(drain), ledger.p95()
    verdict.note = f"{sum(before.values())} of the unknown were stored, {repeated} letters twice"
    return verdict


def waiting(ledger: Ledger) -> int:
    """Letters of this scenario that are still in the outbox."""
    keys = [f"chaos:{op}" for op in ledger.letters]
    return Notice.objects.filter(dedupe_key__in=keys).exclude(state="sent").count()


def count(ops) -> Counter:
    """How many contacts carry each id in their note, which no constraint makes unique."""
    notes = ContactLog.objects.filter(summary__in=list(ops)).values_list("summary", flat=True)
    return Counter(notes)


def half_done(ledger: Ledger) -> int:
    """Contacts without their one row of history, or whose client does not know of them."""
    contacts = ContactLog.objects.filter(summary__in=list(ledger.acked))
    rows = apps.get_model("clients", "ContactLogEvent").objects.filter(pgh_label="insert")
    ids = set(contacts.values_list("pk", flat=True))
    told = Counter(rows.filter(pgh_obj_id__in=ids).values_list("pgh_obj_id", flat=True))
    unknown = Client.objects.filter(
        contacts__in=contacts, contacts__done_at__gt=F("last_contact_at")
    )
    return sum(told[pk] != 1 for pk in ids) + unknown.distinct().count()


def read_letters(ledger: Ledger) -> Counter:
    """How many times each letter was sent, by the id in its subject."""
    found = Counter()
    for path in Path(settings.EMAIL_FILE_PATH).glob("*.log"):
        found.update(re.findall(r"(?m)^Subject: (\S+)", path.read_text("utf-8")))
    return Counter({op: number for op, number in found.items() if op in ledger.letters})
