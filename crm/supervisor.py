"""Web, worker and beat under one supervisor, for one machine (make run).

Prepares the database, fills an empty one with demo data, starts the processes, prints the address
and the demo logins when the page answers, and starts again what ends. Ctrl-C stops all of it.
"""

import http.client
import multiprocessing
import os
import shlex
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from crm.keeping import Keeper

BIN = Path(sys.executable).parent
MAKING_WAY = Path(__file__).with_name("making_way.py")
AS_ROOT = "You're running the worker with superuser privileges"  # on purpose, in a container
STOPPED = {128 + signal.SIGINT, 128 + signal.SIGTERM}
LOGINS = (
    ("manager, manager2", "client managers: My day"),
    ("sector", "head of a sector"),
    ("head", "head of the department: dashboard"),
    ("director", "director: decisions"),
    ("accountant", "accountant"),
    ("lawyer", "lawyer"),
    ("admin", "administrator"),
)


def main() -> int:
    """Run until Ctrl-C (status 0) or until one of the processes fails to start (its status)."""
    host = os.environ.get("HOST") or "127.0.0.1"
    port = port_asked_for(os.environ.get("PORT", ""))
    if port is None:
        print("PORT must be a number from 1 to 65535: make run PORT=8010")
        return 1
    if not port_is_free(host, port):
        print(f"Port {port} is taken by another program. Choose one: make run PORT={port + 1}")
        return 1
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    environment.setdefault("DEBUG", "1")
    environment.setdefault("SITE_URL", f"http://{host}:{port}")
    environment.setdefault("PYTHONWARNINGS", f"ignore:{AS_ROOT}")
    manage = [sys.executable, "manage.py", "prepare_database", "--demo"]
    status = subprocess.run(manage, env=environment, check=False).returncode
    if status:
        return status
    environment.pop("DATABASE_OWNER_URL", None)  # what serves must not be able to alter tables
    herald = multiprocessing.Process(target=announce, args=(host, port), daemon=True)
    herald.start()
    manager = Keeper()
    for name, command in commands(host, port).items():
        manager.add_process(name, f"exec {shlex.join(command)}", env=environment)
    manager.loop()
    herald.kill()
    return 0 if manager.returncode in STOPPED else manager.returncode or 0


def commands(host: str, port: int) -> dict[str, list[str]]:
    """What runs, by name."""
    schedule = Path(os.environ.get("VAR_DIR") or "var", "celerybeat-schedule")
    # Background work yields to the page, and begins when that answers.
    after = [sys.executable, "-P", str(MAKING_WAY), host, str(port)]
    celery = [*after, "nice", "-n", "5", str(BIN / "celery"), "--quiet", "-A", "crm"]
    quiet = ["--loglevel", "WARNING"]
    web = [str(BIN / "gunicorn"), "crm.wsgi", "--config", "crm/gunicorn.py"]
    return {
        "web": [*web, "--bind", f"{host}:{port}", "--log-level", "warning"],
        "worker": [*celery, "worker", *quiet, "--concurrency", "2", "--without-gossip"],
        "beat": [*celery, "beat", *quiet, "--pidfile=", "--schedule", str(schedule)],
    }


def port_asked_for(text: str) -> int | None:
    """The port of the variable, 8000 where it is empty, None where it is no port."""
    text = text.strip() or "8000"
    port = int(text) if text.isascii() and text.isdigit() else 0
    return port if 0 < port < 65536 else None


def port_is_free(host: str, port: int) -> bool:
    """Whether a server may listen there now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def announce(host: str, port: int) -> None:
    """Wait until the page answers, then say where it is and who may log in."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while not answers(host, port):
        time.sleep(0.1)
    lines = ["", f"  Klientura is ready: http://{host}:{port}/", ""]
    lines += [f"    {login:<18} {who}" for login, who in LOGINS]
    lines += ["", "  Password of each: demo.  Ctrl-C stops everything.", ""]
    print("\n".join(lines), flush=True)


def answers(host: str, port: int) -> bool:
    """Whether the web process serves pages already."""
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/health/live")
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main())
