"""Kill processes under load and count what was lost: `make chaos` (SEED=… repeats a run).

ONLY=imports, ONLY=periods or ONLY=acts runs that part alone.
"""

import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.chaos.settings"
os.environ.setdefault("WEB_WORKERS", "2")


def main() -> int:
    """Status 1 when anything was lost, doubled, half done or refused for no reason."""
    var = Path(os.environ.get("VAR_DIR", "")).absolute()
    if "chaos" not in var.name or "DATABASE_OWNER_URL" not in os.environ:
        print("This kills servers and writes rubbish: run it by `make chaos`.")
        return 2
    shutil.rmtree(var / "letters", ignore_errors=True)
    (var / "letters").mkdir()
    prepare = [sys.executable, "manage.py", "prepare_database", "--demo"]
    subprocess.run(prepare, check=True, env={**os.environ, "DEBUG": "1"})
    seed = int(os.environ.get("SEED") or random.randrange(10_000))
    return run(var, seed)


def run(var: Path, seed: int) -> int:
    """All scenarios; what failed is told at the end again."""
    import django

    from tests.chaos.processes import Processes

    started, running = time.monotonic(), Processes(var)
    try:
        django.setup()
        running.start_all()
        verdicts = []
        for verdict in scenarios(running, var, seed):
            print(verdict, flush=True)
            verdicts.append(verdict)
        found = sorted_out()
    finally:
        running.stop()
    print(f"invariants: {found or 'ok'}; {time.monotonic() - started:.0f} s; logs in {var}")
    return 0 if not found and all(verdict.is_good for verdict in verdicts) else 1


def scenarios(running, var, seed):
    """One after the other; the first ones while people work."""
    from tests.chaos import acts, background, imports
    from tests.chaos.scenarios import under_load

    only = os.environ.get("ONLY", "")
    if not only:
        yield from under_load(running, people_of(running), seed)
    if only in ("", "periods"):
        yield background.missed_periods(running, seed)
    if only in ("", "acts"):
        yield acts.killed_batch(running, seed)
    if only in ("", "imports"):
        yield background.killed_imports(running, var, seed)
        yield from imports.killed_imports_of_all_kinds(running, var, seed)


def people_of(running):
    """Signed-in people at work."""
    from tests.chaos import load

    return [load.Person(running.base, login) for login in load.PEOPLE]


def sorted_out() -> dict[str, list[str]]:
    """Violated invariants of the whole database."""
    from django.utils import timezone

    from crm.work import invariants

    return {name: rows for name, rows in invariants.violations(timezone.now()).items() if rows}


if __name__ == "__main__":
    sys.exit(main())
