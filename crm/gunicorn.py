"""Gunicorn: two processes with a few threads each, loaded once and then forked."""

import gc
import os
from typing import Any

bind = os.environ.get("BIND", "0.0.0.0:8000")
workers = int(os.environ.get("WEB_WORKERS", "2"))
worker_class = "gthread"
threads = int(os.environ.get("WEB_THREADS", "4"))
preload_app = True
timeout = 60
graceful_timeout = 30
keepalive = 5
control_socket_disable = True  # signals are enough; its file would need a writable home
max_requests = 5000
max_requests_jitter = 500
# The proxy in front is the only one who connects; its headers are believed (docker/nginx.conf).
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108

# A page makes thousands of short-lived objects; what is loaded once is never garbage.
GARBAGE_AFTER = 50_000


def post_fork(server: Any, worker: Any) -> None:
    """Look for garbage cycles seldom, and never among what was loaded before the fork."""
    gc.freeze()
    gc.set_threshold(GARBAGE_AFTER, 20, 100)
