"""All checks of `make test`: the static ones side by side, then the tests (make test, make lint).

Everything runs to its end, so that one run shows all that is wrong; the exit status tells.
"""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

BIN = Path(sys.executable).parent
ROOT = Path(__file__).resolve().parent.parent
MANAGE = [sys.executable, "manage.py"]
# The longest first, so that two of them fill two processors evenly.
STATIC = {
    "types (mypy)": [BIN / "mypy"],
    "templates (djlint)": [BIN / "djlint", "--lint", "--quiet", "templates"],
    "imports (import-linter)": [BIN / "lint-imports", "--no-cache"],
    "style (ruff check)": [BIN / "ruff", "check", "--quiet", "."],
    "format (ruff format)": [BIN / "ruff", "format", "--quiet", "--check", "."],
    "translations": [*MANAGE, "messages", "--check"],
}
WITH_DATABASE = {
    "test databases": [BIN / "pytest", "tests/test_database.py", "-n0"],
    "migrations": [*MANAGE, "makemigrations", "--check", "--dry-run"],
}
TESTS = [BIN / "pytest", "-n", "auto", "--maxprocesses", "8", "--dist", "worksteal"]


def main(arguments: list[str]) -> int:
    """Run what was asked for; 0 if everything is right."""
    if "--static" in arguments:
        return 0 if side_by_side(STATIC) else 1
    first, *others = STATIC
    steps = {first: STATIC[first], **WITH_DATABASE, **{name: STATIC[name] for name in others}}
    fine = side_by_side(steps)
    started = time.monotonic()
    tests = subprocess.run(TESTS, cwd=ROOT, check=False).returncode == 0
    say("tests", tests, time.monotonic() - started)
    if not fine:
        print("\nSome checks above the tests failed; see their output.", file=sys.stderr)
    return 0 if fine and tests else 1


def side_by_side(steps: dict[str, list]) -> bool:
    """Run the steps two at a time; shows the output of those that fail."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        return all(list(pool.map(step, steps, steps.values())))


def step(name: str, command: list) -> bool:
    """Run one step quietly."""
    started = time.monotonic()
    environment = {**os.environ, "DEBUG": "1"}
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    fine = done.returncode == 0
    say(name, fine, time.monotonic() - started, "" if fine else done.stdout)
    return fine


def say(name: str, fine: bool, seconds: float, output: str = "") -> None:
    """One line per step, with its output if it failed."""
    line = f"{'ok  ' if fine else 'FAIL'} {seconds:6.1f} s  {name}"
    print(line if not output else f"{line}\n{output.rstrip()}\n", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
