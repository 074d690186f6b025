"""Faults under load, each scenario with its verdict."""

import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator

from django.db import connections

from crm.celery import app
from crm.notices import tasks as notice_tasks
from crm.work import tasks as work_tasks
from tests.chaos import load
from tests.chaos.processes import Processes
from tests.chaos.verdict import Verdict, judge

TICKS = (
    "crm.work.tasks.run_due",
    "crm.notices.tasks.deliver_notices",
    "crm.imports.tasks.run_waiting_imports",
)
Fault = Callable[[Processes, random.Random, float], None]


def kill_processes(running: Processes, dice: random.Random, seconds: float) -> None:
    """kill -9 of the worker, beat, a process of the pool or a web worker, every second or two."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        time.sleep(dice.uniform(1, 2.5))
        victim = dice.choice(["worker", "worker child", "beat", "web child", "web child"])
        if victim.endswith("child"):
            running.kill_child(victim.split()[0], dice)
        else:
            running.kill(victim)


def kill_redis(running: Processes, dice: random.Random, seconds: float) -> None:
    """kill -9 of the broker, twice, away for a third of the time each."""
    for _time in range(2):
        time.sleep(seconds / 6)
        running.signal_redis(signal.SIGKILL)
        time.sleep(seconds / 3)
        running.start_redis()


def freeze_redis(running: Processes, dice: random.Random, seconds: float) -> None:
    """The broker takes connections and answers nothing."""
    time.sleep(2)
    running.signal_redis(signal.SIGSTOP)
    time.sleep(seconds - 3)
    running.signal_redis(signal.SIGCONT)


def flush_redis(running: Processes, dice: random.Random, seconds: float) -> None:
    """Everything queued is forgotten, five times."""
    for _time in range(5):
        time.sleep(seconds / 6)
        running.flush_redis()


def deliver_often(running: Processes, dice: random.Random, seconds: float) -> None:
    """Each tick eight times over: by the broker and by eight threads at once."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for name in TICKS:
            for _copy in range(8):
                app.send_task(name)
        threads = [threading.Thread(target=run_ticks) for _thread in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        time.sleep(1)


def run_ticks() -> None:
    """The tasks as a worker would run them."""
    work_tasks.run_due()
    notice_tasks.deliver_notices()
    connections.close_all()


def nothing(running: Processes, dice: random.Random, seconds: float) -> None:
    """The baseline."""


FAULTS: dict[str, tuple[Fault, float]] = {
    "baseline": (nothing, 6),
    "kill -9 processes": (kill_processes, 20),
    "kill -9 redis": (kill_redis, 12),
    "frozen redis": (freeze_redis, 12),
    "flushed redis": (flush_redis, 8),
    "doubled delivery": (deliver_often, 6),
}


def under_load(running: Processes, people: list, seed: int) -> Iterator[Verdict]:
    """Each fault while people work."""
    for name, (fault, seconds) in FAULTS.items():
        running.revive()
        ledger, before = load.Ledger(), running.kills
        threads = load.start(people, ledger, seconds)
        fault(running, random.Random(seed), seconds)
        for thread in threads:
            thread.join()
        yield judge(name, seed, ledger, running.kills - before)


def command(*arguments: str) -> "subprocess.Popen[str]":
    """A manage.py command in a process of its own, to be killed."""
    return subprocess.Popen(
        [sys.executable, "manage.py", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
