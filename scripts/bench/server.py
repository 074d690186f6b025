"""Gunicorn with two workers over the bench settings, and signed-in clients for it."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx


def prepare_environment() -> None:
    """Production-like settings for this process and the server."""
    os.environ.update(
        DEBUG="0",
        DEMO="1",
        SECRET_KEY=os.environ.get("SECRET_KEY") or secrets.token_urlsafe(60),
        ALLOWED_HOSTS="127.0.0.1",
        STATIC_ROOT=str(Path(os.environ.get("VAR_DIR", "var"), "static")),
        DJANGO_SETTINGS_MODULE="scripts.bench.settings",
        WEB_WORKERS="2",
    )


@contextmanager
def serving() -> Iterator[tuple[str, int]]:
    """The address of the server and its process id; stopped at the end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "crm.wsgi",
        "--config",
        "crm/gunicorn.py",
        "--bind",
        f"127.0.0.1:{port}",
        "--log-level",
        "warning",
    ]
    environment = {k: v for k, v in os.environ.items() if k != "DATABASE_OWNER_URL"}
    process = subprocess.Popen(command, env=environment, start_new_session=True)
    base = f"http://127.0.0.1:{port}"
    try:
        wait_for(base)
        yield base, process.pid
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=40)


def wait_for(base: str) -> None:
    """Until the server answers; RuntimeError after half a minute."""
    for _attempt in range(150):
        try:
            if httpx.get(f"{base}/health/live").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise RuntimeError("The server did not start.")


def signed_in(base: str, login: str) -> httpx.Client:
    """A client with a session of its own, as after the sign-in page."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from crm.accounts.models import User

    user = User.objects.get(username=login)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    token = secrets.token_hex(16)
    return httpx.Client(
        base_url=base,
        cookies={
            settings.SESSION_COOKIE_NAME: session.session_key or "",
            settings.CSRF_COOKIE_NAME: token,
        },
        headers={
            "X-Forwarded-Proto": "https",
            "X-CSRFToken": token,
            "Referer": base.replace("http:", "https:"),
        },
        timeout=60,
    )


def memory_of_workers(pid: int) -> list[float]:
    """Resident megabytes of each worker."""
    listed = subprocess.run(
        ["ps", "-o", "rss=", "--ppid", str(pid)],
        capture_output=True,
        text=True,
        check=False,
    )
    return [round(int(line) / 1024, 1) for line in listed.stdout.split()]
