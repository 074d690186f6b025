"""crm.supervisor: what `make run` is asked for."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from crm import making_way, supervisor
from crm.supervisor import commands, port_asked_for

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize("port", ["abc", "0", "-1", "65536", "99999", "80.5", "٨٠٨٠"])
def test_a_port_that_is_none_is_a_sentence(port):
    done = subprocess.run(
        [sys.executable, "-m", "crm.supervisor"],
        cwd=ROOT,
        env={"PORT": port},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert done.stdout == "PORT must be a number from 1 to 65535: make run PORT=8010\n"
    assert done.stderr == ""


@pytest.mark.parametrize(("text", "port"), [("", 8000), (" 8010 ", 8010), ("65535", 65535)])
def test_a_port_is_read(text, port):
    assert port_asked_for(text) == port


@pytest.mark.parametrize(("patience", "looks"), [(300, 3), (-1, 0)])
def test_background_work_begins_when_the_page_answers_or_patience_ends(
    monkeypatch, patience, looks
):
    waited, begun = [], []
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))

        def look_again(seconds):
            waited.append(seconds)
            if len(waited) == looks:
                server.listen()

        monkeypatch.setattr(making_way, "PATIENCE_SECONDS", patience)
        monkeypatch.setattr(time, "sleep", look_again)
        monkeypatch.setattr(os, "execvp", lambda *command: begun.append((len(waited), *command)))
        making_way.main(["127.0.0.1", str(server.getsockname()[1]), "celery", "beat"])
    assert begun == [(looks, "celery", ["celery", "beat"])]


def test_the_page_alone_waits_for_nobody():
    waiting = {name for name, line in commands("", 1).items() if str(supervisor.MAKING_WAY) in line}
    assert waiting == {"worker", "beat"}


KEEP = """
import sys
from crm.keeping import Keeper
keeper = Keeper()
for name, command in zip("ab", sys.argv[1:]):
    keeper.add_process(name, f"exec {command}")
keeper.loop()
sys.exit(keeper.returncode)
"""
SLEEP = "sh -c 'echo I am $$; exec sleep 300'"


@contextlib.contextmanager
def kept(*commands):
    """A keeper of commands, its output and what it says when they begin: name and process."""
    started = [sys.executable, "-u", "-c", KEEP, *commands]
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    with subprocess.Popen(started, cwd=ROOT, **options) as process:
        try:
            yield process, lambda: next(_begun(process))
        finally:
            process.terminate()
            process.stdout.read()


def _begun(process):
    for line in process.stdout:
        if "I am" in line:
            yield line.split()[1], int(line.split()[-1])


def test_what_is_killed_is_started_again_and_the_others_go_on():
    with kept(SLEEP, SLEEP) as (process, begun):
        first = dict([begun(), begun()])
        os.kill(first["a"], signal.SIGKILL)
        name, pid = begun()
        assert name == "a"
        assert pid != first["a"]
        os.kill(first["b"], 0)  # lives
        process.terminate()
        assert process.wait(30) == 128 + signal.SIGTERM
    for ended in (pid, first["b"]):
        with pytest.raises(ProcessLookupError):
            os.kill(ended, 0)


def test_what_fails_to_start_stops_all_with_its_status():
    with kept("sh -c 'echo try; exit 7'", SLEEP) as (process, _begun):
        said = process.stdout.read()
        assert process.wait(30) == 7
    assert said.count("try") == 3
