"""All checks of `make test`: the tests, and in their shadow the static ones.

`--quick` leaves out the slow tests (make quick), `--static` all of them (make lint); `--costs`
notes which are slow (make costs).

The static ones take what the tests leave of the processors and tell at the end. Everything runs to
its end, so that one run shows all that is wrong; the exit status tells.
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
YIELDING = ["nice", "-n", "10"]  # the tests wait now and then: that is enough
# The longest first, so that two of them fill two processors evenly.
STATIC = {
    "types (mypy)": [BIN / "mypy"],
    "templates (djlint)": [BIN / "djlint", "--lint", "--quiet", "templates"],
    "imports (import-linter)": [BIN / "lint-imports", "--no-cache"],
    "style (ruff check)": [BIN / "ruff", "check", "--quiet", "."],
    "format (ruff format)": [BIN / "ruff", "format", "--quiet", "--check", "."],
    "translations": [*MANAGE, "messages", "--check"],
}
TESTED = "translations"  # tests/test_translations.py asks the same
WITH_DATABASE = {
    "migrations": [*MANAGE, "makemigrations", "--check", "--dry-run"],
}
TESTS = [BIN / "pytest", "-n", "auto", "--maxprocesses", "8", "--dist", "worksteal"]
CHOICE = {"--quick": ["-m", "not slow"], "--costs": ["--costs"]}


def main(arguments: list[str]) -> int:
    """Run what was asked for; 0 if everything is right."""
    if "--static" in arguments:
        return 0 if side_by_side(STATIC) else 1
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # a dozen processes read what one compiled
    with ThreadPoolExecutor(max_workers=1) as pool:
        steps = {**STATIC, **WITH_DATABASE}
        del steps[TESTED]
        shadow = pool.map(step, steps, [[*YIELDING, *command] for command in steps.values()])
        started = time.monotonic()
        chosen = [word for name in arguments for word in CHOICE[name]]
        tests = subprocess.run([*TESTS, *chosen], cwd=ROOT, check=False).returncode == 0
        told = [say(*done) for done in shadow]
    say("tests", tests, time.monotonic() - started)
    return 0 if all(told) and tests else 1


def side_by_side(steps: dict[str, list]) -> bool:
    """Run the steps two at a time; shows the output of those that fail."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        told = [say(*done) for done in pool.map(step, steps, steps.values())]
    return all(told)


def step(name: str, command: list) -> tuple[str, bool, float, str]:
    """Run one step quietly; its name, whether all is right, seconds and output if not."""
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
    return name, fine, time.monotonic() - started, "" if fine else done.stdout


def say(name: str, fine: bool, seconds: float, output: str = "") -> bool:
    """One line per step, with its output if it failed; tells whether it was fine."""
    line = f"{'ok  ' if fine else 'FAIL'} {seconds:6.1f} s  {name}"
    print(line if not output else f"{line}\n{output.rstrip()}\n", flush=True)
    return fine


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
