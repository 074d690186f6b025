"""Save database and uploaded files into one tar, or restore them from it (make backup, restore).

The tar holds database.dump (pg_dump's own format), media/ and manifest.json with their checksums.
Restoring checks these first, replaces everything in one transaction and then prepares the database
for this version of the program.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from psycopg2.extensions import parse_dsn  # noqa: E402

from crm.embedded_servers import postgres_programs  # noqa: E402

DUMP, MEDIA, MANIFEST = "database.dump", "media", "manifest.json"
NAMES = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD"}


def main(arguments: list[str]) -> int:
    """`save FILE` or `restore FILE`."""
    if len(arguments) != 2 or arguments[0] not in {"save", "restore"} or not arguments[1]:
        print("Name the file: make backup FILE=klientura.tar")
        return 2
    action = save if arguments[0] == "save" else restore
    with tempfile.TemporaryDirectory(prefix="klientura-") as directory:
        return action(Path(arguments[1]), Path(directory))


def save(target: Path, work: Path) -> int:
    """Write the tar beside its name and rename it when it is complete."""
    run("pg_dump", "--format=custom", f"--file={work / DUMP}")
    if media().is_dir():
        shutil.copytree(media(), work / MEDIA)
    facts = {"made_at": datetime.now(UTC).isoformat(), "sha256": checksums(work)}
    (work / MANIFEST).write_text(json.dumps(facts, indent=1), "utf-8")
    unfinished = target.with_name(f"{target.name}.part")
    with tarfile.open(unfinished, "w") as archive:
        for path in sorted(work.iterdir()):
            archive.add(path, path.name)
    unfinished.chmod(0o600)
    unfinished.replace(target)
    print(f"{target}: {len(facts['sha256'])} files, {target.stat().st_size:,} bytes")
    return 0


def restore(source: Path, work: Path) -> int:
    """Check the tar, then replace database and files by what it holds."""
    with tarfile.open(source) as archive:
        archive.extractall(work, filter="data")
    facts = json.loads((work / MANIFEST).read_text("utf-8"))
    if facts["sha256"] != checksums(work):
        print(f"{source} is damaged: a checksum differs. Nothing was changed.")
        return 1
    options = ["--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction"]
    run("pg_restore", *options, "--exit-on-error", f"--dbname={dsn()['dbname']}", str(work / DUMP))
    if (work / MEDIA).is_dir():
        shutil.rmtree(media(), ignore_errors=True)
        shutil.copytree(work / MEDIA, media())
    # Whether production may start with what came back is asked when it starts.
    environment = {**os.environ, "DEBUG": "1"}
    prepare = [sys.executable, "manage.py", "prepare_database"]
    subprocess.run(prepare, cwd=ROOT, env=environment, check=True)
    print(f"Restored what was saved at {facts['made_at']}.")
    return 0


def checksums(work: Path) -> dict[str, str]:
    """SHA-256 of every file but the manifest."""
    files = sorted(p for p in work.rglob("*") if p.is_file() and p.name != MANIFEST)
    return {
        str(path.relative_to(work)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files
    }


def media() -> Path:
    """Where the uploaded files are, as settings say it."""
    var = Path(os.environ.get("VAR_DIR") or ROOT / "var")
    return Path(os.environ.get("MEDIA_ROOT") or var / "media")


def dsn() -> dict[str, str]:
    return parse_dsn(os.environ["DATABASE_OWNER_URL"])


def run(program: str, *options: str) -> None:
    """Run one of PostgreSQL's programs as the owner; its password is not seen among processes."""
    facts = dsn()
    environment = {**os.environ, "PGDATABASE": facts["dbname"]}
    environment |= {NAMES[key]: value for key, value in facts.items() if key in NAMES}
    place = shutil.which(program, path=str(postgres_programs())) or program
    subprocess.run([place, *options], env=environment, check=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
