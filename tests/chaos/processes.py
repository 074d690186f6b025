"""The product's processes, each in a group of its own, to be killed and started again."""

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import redis

from crm import embedded_servers

BIN = Path(sys.executable).parent
PASSWORD = "chaos"


class Processes:
    """Web, worker, beat and a Redis of their own."""

    def __init__(self, var: Path) -> None:
        self.var, self.running = var, {}
        self.kills = 0
        self.redis_dir = var / "broker"
        self.redis_dir.mkdir(exist_ok=True)
        self.redis_port = self.start_redis()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.base = f"http://127.0.0.1:{self.port}"
        broker = f"redis://:{PASSWORD}@127.0.0.1:{self.redis_port}/0"
        os.environ["REDIS_URL"] = broker
        self.environment = {k: v for k, v in os.environ.items() if k != "DATABASE_OWNER_URL"}

    def commands(self) -> dict[str, list[str]]:
        """What is started, by name."""
        celery = [str(BIN / "celery"), "--quiet", "-A", "crm"]
        gunicorn = [str(BIN / "gunicorn"), "crm.wsgi", "--config", "crm/gunicorn.py"]
        schedule = str(self.var / "beat-schedule")
        return {
            "web": [*gunicorn, "--bind", f"127.0.0.1:{self.port}", "--log-level", "warning"],
            "worker": [*celery, "worker", "--loglevel", "WARNING", "--concurrency", "2"],
            "beat": [*celery, "beat", "--loglevel", "WARNING", "--pidfile=", "-s", schedule],
        }

    def start(self, name: str) -> None:
        """Start it in a session of its own; what it says goes to a file."""
        with open(self.var / f"{name}.log", "ab") as log:
            self.running[name] = subprocess.Popen(
                self.commands()[name],
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def start_all(self) -> None:
        """Start everything and wait for the page."""
        for name in self.commands():
            self.start(name)
        wait_until(self.answers, 60)

    def answers(self) -> bool:
        """Whether the web serves."""
        try:
            return httpx.get(f"{self.base}/health/live", timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    def kill(self, name: str) -> None:
        """kill -9 of the whole group, then start it again."""
        process = self.running[name]
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self.kills += 1
        self.start(name)

    def revive(self) -> None:
        """Start again what ended by itself, as every supervisor does."""
        for name, process in self.running.items():
            if process.poll() is not None:
                print(f"{name} had ended with {process.returncode}, see {name}.log", flush=True)
                self.start(name)

    def kill_child(self, name: str, dice: random.Random) -> None:
        """kill -9 of one process of the pool; its parent forks another."""
        listed = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(self.running[name].pid)],
            capture_output=True,
            text=True,
            check=False,
        )
        children = [int(line) for line in listed.stdout.split()]
        if children:
            os.kill(dice.choice(children), signal.SIGKILL)
            self.kills += 1

    def start_redis(self) -> int:
        """Start it with the data it left; returns its port."""
        return embedded_servers.start_redis(self.redis_dir, {"redis": PASSWORD})

    def signal_redis(self, number: int) -> None:
        """Kill, freeze or thaw the broker."""
        if pid := embedded_servers.running_redis(self.redis_dir):
            os.kill(pid, number)
            if number == signal.SIGKILL:
                self.kills += 1
                embedded_servers.gone(pid, 5)

    def flush_redis(self) -> None:
        """Forget everything the broker holds."""
        with redis.Redis(port=self.redis_port, password=PASSWORD) as broker:
            broker.flushall()

    def stop(self) -> None:
        """End everything, frozen or not."""
        self.signal_redis(signal.SIGCONT)
        for process in self.running.values():
            with_children(process)
        self.signal_redis(signal.SIGTERM)


def with_children(process: "subprocess.Popen[bytes]") -> None:
    """End a process and its children."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def wait_until(done: Callable[[], bool], seconds: float) -> float:
    """Wait for it; returns the seconds it took, or the limit when it did not come."""
    started = time.monotonic()
    while time.monotonic() - started < seconds:
        if done():
            return time.monotonic() - started
        time.sleep(0.5)
    return seconds
