"""crm.embedded: two servers around a command, and nothing left behind."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from crm import embedded, embedded_servers

ROOT = Path(__file__).resolve().parent.parent
SET_BY_US = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "SECRET_KEY", "VAR_DIR")
FACTS = """
import json, os, psycopg2, redis
connection = psycopg2.connect(os.environ["DATABASE_URL"])
cursor = connection.cursor()
cursor.execute('''
    SELECT current_user, current_setting('statement_timeout'), current_setting('lock_timeout'),
        current_setting('idle_in_transaction_session_timeout'), upper('ёлка'), 'б' < 'Я'
''')
role = cursor.fetchone()
cursor.execute("SELECT rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = %s",
               [role[0]])
powers = cursor.fetchone()
cursor.execute("SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'klientura'")
owner = cursor.fetchone()[0]
server = redis.from_url(os.environ["REDIS_URL"])
kept = {**server.config_get("appendonly"), **server.config_get("maxmemory-policy")}
strict = redis.Redis(port=server.connection_pool.connection_kwargs["port"])
try:
    strict.ping()
    open_to_all = True
except redis.AuthenticationError:
    open_to_all = False
server.close(); strict.close(); connection.close()
print(json.dumps([role, powers, owner, kept, open_to_all, os.environ["VAR_DIR"]]))
"""


@pytest.fixture(scope="module")
def var():
    """A directory that an unprivileged account may enter, as PostgreSQL needs when we are root."""
    directory = Path(tempfile.mkdtemp(prefix="klientura-test-"))
    directory.chmod(0o755)
    yield directory / "var"
    shutil.rmtree(directory)


def environment(var, **more):
    kept = {key: value for key, value in os.environ.items() if key not in SET_BY_US}
    return {**kept, "VAR_DIR": str(var), "KLIENTURA_FAST_DB": "1", **more}


def start(var, *command, **more):
    return subprocess.Popen(
        [sys.executable, "-m", "crm.embedded", "--", *command],
        cwd=ROOT,
        env=environment(var, **more),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def run(var, *command, **more):
    with start(var, *command, **more) as process:
        output, _ = process.communicate(timeout=90)
    return process.returncode, output


def wait_for(condition, seconds=30):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def pids(var):
    return [embedded_servers.running_postgres(var), embedded_servers.running_redis(var)]


def assert_nothing_runs(var):
    assert pids(var) == [None, None]
    assert not (var / "postgres" / "postmaster.pid").exists()


@contextlib.contextmanager
def sleeping(var):
    """A command that says when it runs and sleeps then."""
    with start(var, "sh", "-c", "echo running; exec sleep 120") as process:
        assert process.stdout.readline() == "running\n"
        try:
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()


def test_the_command_finds_both_servers_and_they_stop_after_it(var):
    status, output = run(var, sys.executable, "-c", FACTS)
    assert status == 0, output
    role, powers, owner, kept, open_to_all, place = json.loads(output.splitlines()[-1])
    assert role == ["klientura_app", "15s", "3s", "30s", "ЁЛКА", False]
    assert powers == [False, False, False]
    assert owner == "klientura_owner"
    assert kept == {"appendonly": "yes", "maxmemory-policy": "noeviction"}
    assert not open_to_all
    assert place == str(var)
    assert_nothing_runs(var)


def test_secrets_are_made_once_and_readable_by_their_owner_only(var):
    run(var, "true")
    before = (var / "embedded.json").read_text()
    run(var, "true")
    assert (var / "embedded.json").read_text() == before
    for path in (var / "embedded.json", var / "redis" / "redis.conf"):
        assert path.stat().st_mode & 0o077 == 0


def test_what_the_environment_names_is_not_embedded(tmp_path):
    urls = {"DATABASE_URL": "postgresql://elsewhere/x", "REDIS_URL": "redis://elsewhere"}
    status, output = run(tmp_path, "printenv", "DATABASE_URL", "REDIS_URL", **urls)
    assert (status, output.split()) == (0, list(urls.values()))
    assert not (tmp_path / "postgres").exists()
    assert not (tmp_path / "redis").exists()


def test_the_status_of_the_command_is_ours(var):
    assert run(var, "sh", "-c", "exit 7")[0] == 7


def test_a_command_that_does_not_exist_is_named(var):
    status, output = run(var, "no-such-command")
    assert status == 1
    assert "no-such-command" in output
    assert_nothing_runs(var)


def test_the_last_of_two_commands_stops_the_servers(var):
    with sleeping(var) as first, sleeping(var) as second:
        shared = pids(var)
        assert all(shared)
        first.terminate()
        assert first.wait(30) == 128 + signal.SIGTERM
        assert pids(var) == shared
        second.send_signal(signal.SIGINT)
        assert second.wait(30) == 128 + signal.SIGINT
    assert_nothing_runs(var)


def test_after_kill_9_the_command_ends_and_the_next_start_takes_over(var):
    with sleeping(var) as process:
        process.kill()
        process.wait(30)
        assert process.stdout.read() == ""  # the command held the pipe: it is gone too
    assert all(pids(var))
    assert run(var, "true")[0] == 0
    assert_nothing_runs(var)


def test_a_killed_postmaster_is_started_again(var):
    with sleeping(var):
        os.kill(embedded_servers.running_postgres(var), signal.SIGKILL)
    status, output = run(var, sys.executable, "-c", FACTS)
    assert status == 0, output
    assert_nothing_runs(var)


def test_a_foreign_process_with_the_old_number_is_left_alone(var):
    lines = [str(os.getpid()), str(var / "postgres"), "0", "5432", "", "", "", "ready"]
    lock = var / "postgres" / "postmaster.pid"
    lock.write_text("\n".join(lines))
    assert run(var, "true")[0] == 0
    assert_nothing_runs(var)


@pytest.mark.skipif(sys.platform != "linux", reason="orphans can be adopted on Linux only")
def test_what_the_command_detached_does_not_survive_it(var):
    status, output = run(var, "sh", "-c", "setsid sleep 120 >/dev/null 2>&1 & echo $!")
    assert status == 0
    assert not Path("/proc", output.split()[-1]).exists()


def test_data_of_another_version_is_refused_with_a_hint(tmp_path):
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "PG_VERSION").write_text("9\n")
    status, output = run(tmp_path, "true", REDIS_URL="redis://elsewhere")
    assert status == 1
    assert "was made by PostgreSQL 9" in output


def test_without_programs_the_message_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setattr(embedded_servers, "_wheel", lambda package, inside: None)
    monkeypatch.setattr(embedded_servers, "_major", lambda directory: 14)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(embedded_servers.CannotStart, match="apt install postgresql"):
        embedded_servers.postgres_programs()
    with pytest.raises(embedded_servers.CannotStart, match="apt install redis-server"):
        embedded_servers.start_redis(tmp_path, {"redis": "secret"})


@pytest.mark.parametrize(
    ("place", "why"), [("file", "File exists"), ("file/var", "Not a directory")]
)
def test_a_place_that_cannot_be_written_is_a_sentence(tmp_path, place, why):
    (tmp_path / "file").touch()
    status, output = run(tmp_path / place, "true")
    assert status == 1
    assert output == f"crm.embedded: {tmp_path / place}: {why}; set VAR_DIR.\n"


def test_a_long_path_gets_a_short_socket(tmp_path):
    deep = tmp_path / ("d" * 90)
    deep.mkdir()
    assert len(str(embedded_servers.socket_directory(deep))) < 70
    assert embedded_servers.socket_directory(Path("/srv/var")) == Path("/srv/var/socket")


def test_without_a_command_it_explains_itself(capsys):
    assert embedded.main([]) == 2
    assert "python -m crm.embedded -- " in capsys.readouterr().out


ALIVE = """
import os, sys, time, psycopg2, redis
def answers(ask):
    try:
        ask()
        return True
    except (psycopg2.Error, redis.RedisError):
        return False
asked = {
    "postgres": lambda: psycopg2.connect(os.environ["DATABASE_URL"]).close(),
    "redis": lambda: redis.from_url(os.environ["REDIS_URL"]).ping(),
}
for line in sys.stdin:  # once somebody has killed them
    end = time.monotonic() + 60
    while not all(answers(ask) for ask in asked.values()) and time.monotonic() < end:
        time.sleep(0.1)
    print("both answer" if all(answers(ask) for ask in asked.values()) else "silence", flush=True)
"""


def test_servers_killed_under_the_command_are_started_again_at_their_addresses(var):
    with watching(var) as process:
        assert_killed_servers_come_back(var, process)
    assert_nothing_runs(var)


def test_servers_that_another_command_started_are_started_again_when_it_has_gone(var):
    with sleeping(var) as first, watching(var) as process:
        first.terminate()
        first.wait(30)
        assert_killed_servers_come_back(var, process)
    assert_nothing_runs(var)


@contextlib.contextmanager
def watching(var):
    """A command on the directory that says at each line it is sent whether both servers answer."""
    command = [sys.executable, "-m", "crm.embedded", "--", sys.executable, "-c", ALIVE]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=ROOT, env=environment(var), **pipes) as process:
        print("look", file=process.stdin, flush=True)
        assert process.stdout.readline() == "both answer\n"
        yield process
        process.stdin.close()
        assert process.wait(30) == 0


def assert_killed_servers_come_back(var, process):
    for name in ("PostgreSQL", "Redis"):
        os.kill(pids(var)[name == "Redis"], signal.SIGKILL)
        print("look", file=process.stdin, flush=True)
        expected = {"both answer\n", f"crm.embedded: {name} ended and was started again.\n"}
        while expected:
            said = process.stdout.readline()
            assert said in expected
            expected.remove(said)
