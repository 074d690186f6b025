"""The README names every variable of the environment and every command."""

import re
from pathlib import Path

import yaml
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text("utf-8")
READ = re.compile(r'\benv_\w+\(\s*"([A-Z_]+)"|\bos\.environ(?:\.get\(|\[)"([A-Z_]+)"')
COMPOSED = re.compile(r"(?<!\$)\$\{([A-Z_]+)")
# Of the programs we use; we set them ourselves.
OF_OTHERS = {"DJANGO_SETTINGS_MODULE", "DJANGO_ALLOW_ASYNC_UNSAFE"}
FOLDERS = ("crm", "clients", "deals", "claims", "reports", "scripts", "docker", "tests")


def table():
    """Names of the first column of the tables under "Configuration"."""
    part = README.split("## Configuration")[1].split("\n## ")[0]
    rows = [line.split(" | ")[0] for line in part.splitlines() if line.startswith("| `")]
    return {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)}


def read():
    files = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")]
    texts = [path.read_text("utf-8") for path in [*files, ROOT / "manage.py"]]
    found = {a or b for text in texts for a, b in READ.findall(text)}
    compose = (ROOT / "docker-compose.yml").read_text("utf-8")
    return (found | set(COMPOSED.findall(compose))) - OF_OTHERS


def test_the_table_names_every_variable_and_no_other():
    assert read() - table() == set()
    assert table() - read() == set()


def test_every_command_of_the_readme_exists():
    named = set(re.findall(r"manage\.py (\w+)", README))
    assert "import_clients" in named
    assert named <= set(get_commands())
    targets = set(re.findall(r"(?m)^([a-z]+):", (ROOT / "Makefile").read_text("utf-8")))
    asked = set(re.findall(r"(?m)(?:^|`)make ([a-z]+)\b", README))
    assert {"run", "test", "backup"} <= asked <= targets


def test_every_page_and_picture_that_the_readme_leads_to_exists():
    links = re.findall(r"\]\(([^)#]+)\)", README)
    assert len(links) > 5
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_backup_of_the_containers_names_what_they_have():
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))["services"]
    lines = re.findall(r"(?m)^docker compose (.+)$", README)
    words = [line.split(" > ")[0].split(" < ")[0].split() for line in lines]
    for verb, *rest in words:
        named = [word for word in rest if not word.startswith("-") and word != "#"]
        if verb in {"exec", "run"}:
            assert named[0] in services
        elif verb == "stop":
            assert set(named) <= set(services)
    dumps = [line for line in lines if " pg_dump " in line or " pg_restore " in line]
    owner = services["prepare"]["environment"]["DATABASE_OWNER_URL"]
    assert len(dumps) == 2
    for line in dumps:
        role = re.search(r"-U (\w+)", line).group(1)
        assert f"//{role}:" in owner
        assert f"{owner.rsplit('/', 1)[1]} " in line
    image = (ROOT / "Dockerfile").read_text("utf-8")
    assert all("VAR_DIR=/data" in image for line in lines if " tar -C /data " in line)
