"""PostgreSQL and Redis for one machine, started around a command.

    python -m crm.embedded -- pytest tests/clients

Data lives in VAR_DIR (./var). The command finds DATABASE_URL, DATABASE_OWNER_URL, REDIS_URL and
SECRET_KEY in its environment; what is set already stays, and its server is not started. Several
commands may share one VAR_DIR: the first starts the servers, also again when they end, the last one
stops them; servers left over from a crash are taken over. With KLIENTURA_FAST_DB=1 data does not
survive a power cut, which suits tests.
"""

import contextlib
import fcntl
import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import NoReturn
from urllib.parse import quote

from crm import embedded_servers as machinery
from crm.embedded_settings import APP, DATABASE, OWNER

STOP_SECONDS, COMMAND_SECONDS = 20.0, 15.0
TURN_SECONDS, LOOK_SECONDS = 0.1, 2.0
SECRETS = ("owner", "app", "postgres", "redis", "secret_key")
STOPPERS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main(arguments: list[str]) -> int:
    """Run the command after `--` with the servers around it; its exit status is ours."""
    command = arguments[1:] if arguments[:1] == ["--"] else arguments
    if not command:
        print(__doc__)
        return 2
    for number in STOPPERS:
        signal.signal(number, _stop_now)
    try:
        var = Path(os.environ.get("VAR_DIR") or "var").absolute()
        with servers(var) as urls:
            return run(command, {**os.environ, **urls}, lambda: revive(var))
    except machinery.CannotStart as problem:
        print(f"crm.embedded: {problem}", file=sys.stderr)
    except PermissionError as problem:
        print(
            f"crm.embedded: {problem.filename} belongs to another user; set VAR_DIR.",
            file=sys.stderr,
        )
    except OSError as problem:
        place = problem.filename or os.environ.get("VAR_DIR") or "var"
        print(f"crm.embedded: {place}: {problem.strerror}; set VAR_DIR.", file=sys.stderr)
    return 1


def _stop_now(number: int, frame: FrameType | None) -> NoReturn:
    raise SystemExit(128 + number)


@contextlib.contextmanager
def servers(var: Path) -> Iterator[dict[str, str]]:
    """Yield the variables of this directory's servers; the last user stops them."""
    var.mkdir(parents=True, exist_ok=True)
    with (
        open(var / "embedded.lock", "w") as guard,
        open(var / "embedded.users", "w") as users,
    ):
        fcntl.flock(guard, fcntl.LOCK_EX)
        fcntl.flock(users, fcntl.LOCK_SH)
        try:
            urls = start(var)
            fcntl.flock(guard, fcntl.LOCK_UN)
            yield urls
        finally:
            with _uninterrupted():
                fcntl.flock(guard, fcntl.LOCK_EX)
                with contextlib.suppress(BlockingIOError):
                    fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    stop(var)


@contextlib.contextmanager
def _uninterrupted() -> Iterator[None]:
    """Let no second Ctrl-C leave a server behind."""
    before = [(number, signal.signal(number, signal.SIG_IGN)) for number in STOPPERS]
    yield
    for number, handler in before:
        signal.signal(number, handler)


def start(var: Path) -> dict[str, str]:
    """Start what the environment does not name and what is not running yet."""
    words = _secrets(var / "embedded.json")
    urls = {"VAR_DIR": str(var)}
    if not os.environ.get("SECRET_KEY"):
        urls["SECRET_KEY"] = words["secret_key"]
    if not os.environ.get("DATABASE_URL"):
        machinery.start_postgres(var, words)
        place = f"/{DATABASE}?host={quote(str(machinery.socket_directory(var)))}"
        urls["DATABASE_URL"] = f"postgresql://{APP}:{words['app']}@{place}"
        urls["DATABASE_OWNER_URL"] = f"postgresql://{OWNER}:{words['owner']}@{place}"
    if not os.environ.get("REDIS_URL"):
        port = machinery.start_redis(var, words)
        urls["REDIS_URL"] = f"redis://:{words['redis']}@127.0.0.1:{port}/0"
    return urls


def revive(var: Path) -> None:
    """Start again a server of this directory that has ended under the command."""
    dead = [name for name, pid in _servers_of(var).items() if not pid]
    if not dead:
        return
    with open(var / "embedded.lock", "w") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        try:
            start(var)
        except machinery.CannotStart as problem:
            print(f"crm.embedded: {problem}", file=sys.stderr, flush=True)
        else:
            print(f"crm.embedded: {', '.join(dead)} ended and was started again.", flush=True)


def _servers_of(var: Path) -> dict[str, int | None]:
    """The servers that are ours to run, with their process where it lives."""
    found = {}
    if not os.environ.get("DATABASE_URL"):
        found["PostgreSQL"] = machinery.running_postgres(var)
    if not os.environ.get("REDIS_URL"):
        found["Redis"] = machinery.running_redis(var)
    return found


def stop(var: Path) -> None:
    """Stop both servers of this directory in an orderly way, by force after a while."""
    stops = [
        (machinery.running_postgres(var), signal.SIGINT, signal.SIGQUIT),
        (machinery.running_redis(var), signal.SIGTERM, signal.SIGKILL),
    ]
    for pid, number, _ in stops:
        if pid:
            os.kill(pid, number)
    for pid, _, force in stops:
        if pid and not machinery.gone(pid, STOP_SECONDS):
            os.kill(pid, force)
            machinery.gone(pid, STOP_SECONDS)


def _secrets(path: Path) -> dict[str, str]:
    """The secrets of this directory, made up on the first start."""
    kept: dict[str, str] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    words = {name: secrets.token_hex(32) for name in SECRETS} | kept
    if words != kept:
        machinery.write_private(path, json.dumps(words))
    return words


def run(command: list[str], environment: dict[str, str], look_after: Callable[[], None]) -> int:
    """Run the command in a group of its own, pass signals on, leave no process of it behind.

    `look_after` is called meanwhile: when a child of ours has ended, and every few seconds.
    """
    at_terminal = _at_terminal()

    def prepare() -> None:
        os.setpgid(0, 0)
        if at_terminal:
            _take_terminal()
        _die_with_parent()

    _adopt_orphans()
    strangers = set(_children())
    try:
        child = subprocess.Popen(command, env=environment, preexec_fn=prepare)  # noqa: PLW1509
    except OSError as problem:
        raise machinery.CannotStart(f"{command[0]}: {problem.strerror}") from None

    def pass_on(number: int, frame: FrameType | None) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, number)

    for number in STOPPERS:
        signal.signal(number, pass_on)
    status = _wait(child, look_after)
    if at_terminal:
        _take_terminal()
    _end(-child.pid)
    _end_orphans(strangers)
    return status if status >= 0 else 128 - status


def _wait(child: "subprocess.Popen[bytes]", look_after: Callable[[], None]) -> int:
    """Status of the command; orphans that end meanwhile are collected too.

    It asks in turns: a server may be the child of another command, of whose end no signal tells.
    """
    looked = time.monotonic()
    while child.returncode is None:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == child.pid:
            child.returncode = os.waitstatus_to_exitcode(status)
        elif pid or time.monotonic() - looked > LOOK_SECONDS:
            look_after()
            looked = time.monotonic()
        else:
            time.sleep(TURN_SECONDS)
    return child.returncode


def _at_terminal() -> bool:
    """Whether we are the foreground of a terminal, which the command then has to become."""
    with contextlib.suppress(OSError):
        return os.tcgetpgrp(0) == os.getpgrp()
    return False


def _take_terminal() -> None:
    """Become its foreground: Ctrl-C then reaches the command once, and not us."""
    before = signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    with contextlib.suppress(OSError):
        os.tcsetpgrp(0, os.getpgrp())
    signal.signal(signal.SIGTTOU, before)


def _die_with_parent() -> None:
    """On Linux the command gets SIGTERM when we are killed."""
    _prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


def _adopt_orphans() -> None:
    """On Linux what the command leaves behind, however detached, becomes our child."""
    _prctl(36, 1)  # PR_SET_CHILD_SUBREAPER


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(option, value)


def _children() -> list[int]:
    """Our child processes, where the system tells them."""
    with contextlib.suppress(OSError):
        return [
            int(pid) for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
        ]
    return []


def _end_orphans(strangers: set[int]) -> None:
    for _ in range(5):  # an orphan may leave orphans of its own
        for orphan in set(_children()) - strangers:
            _end(orphan)


def _end(pid: int) -> None:
    """End a process (minus its number: its group), first politely."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.kill(pid, number)
        except (ProcessLookupError, PermissionError):
            return
        if machinery.gone(pid, COMMAND_SECONDS):
            return


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
