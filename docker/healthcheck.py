"""Health of one container: `healthcheck.py web` or `healthcheck.py beat`; status 0 is healthy."""

import http.client
import os
import sys
import time
from pathlib import Path

SILENT_SECONDS = 600  # beat writes its schedule every three minutes


def web() -> bool:
    """The page answers under a host name that it accepts."""
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip().lstrip(".")
    connection = http.client.HTTPConnection("127.0.0.1", 8000, timeout=5)
    connection.request("GET", "/health/live", headers={"Host": host})
    return connection.getresponse().status == http.HTTPStatus.OK


def beat() -> bool:
    """Beat has written its schedule lately."""
    files = Path(os.environ.get("VAR_DIR", "var")).glob("celerybeat-schedule*")
    newest = max((path.stat().st_mtime for path in files), default=0.0)
    return time.time() - newest < SILENT_SECONDS


if __name__ == "__main__":
    sys.exit(0 if {"web": web, "beat": beat}[sys.argv[1]]() else 1)
