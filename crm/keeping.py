"""Processes that are started again when they end by themselves, until all of them are stopped.

A worker that was killed for want of memory must not take the pages with it.
"""

import multiprocessing
import signal
import time
from typing import Any

from honcho.manager import Manager
from honcho.process import Popen, Process

LIVED_SECONDS = 10.0  # what ends sooner has failed to start
TRIES, PAUSE_SECONDS = 3, 1.0


class Heard(Popen):  # type: ignore[misc]
    """A child of a process that ignores Ctrl-C, which itself does not."""

    def __init__(self, command: str, **options: Any) -> None:
        super().__init__(command, preexec_fn=_listen, **options)


def _listen() -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)


class Kept(Process):  # type: ignore[misc]
    """Runs its command again after it has ended, but for one that fails to start."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._child_ctor = Heard
        self.ending: Any = None  # of the keeper
        self.ended: Any = None

    def run(self, events: Any = None, ignore_signals: bool = False) -> None:
        """Until it is to end, or has ended at once for the third time."""
        failures = 0
        while True:
            began = time.monotonic()
            super().run(events, ignore_signals)
            failures = failures + 1 if time.monotonic() - began < LIVED_SECONDS else 0
            if failures == TRIES or self.ending.is_set():
                break
            status = self.ended["returncode"]
            self._send_message(f"ended by itself (status {status}) and is started again\n".encode())
            if self.ending.wait(PAUSE_SECONDS):
                break
        super()._send_message(self.ended, type="stop")

    def _send_message(self, data: Any, type: str = "line") -> None:
        """To the keeper; that the command has ended is told only when it is not run again."""
        if type == "stop":
            self.ended = data
        else:
            super()._send_message(data, type=type)


class Keeper(Manager):  # type: ignore[misc]
    """Starts all, keeps them alive, and stops all when asked to or when one fails to start."""

    def __init__(self) -> None:
        super().__init__()
        self.ending = multiprocessing.Event()
        self._process_ctor = Kept

    def add_process(self, *arguments: Any, **options: Any) -> Kept:
        """As the manager does; the process learns of the end."""
        added: Kept = super().add_process(*arguments, **options)
        added.ending = self.ending
        return added

    def terminate(self) -> None:
        """From now on nothing is started again."""
        self.ending.set()
        super().terminate()
