"""What could break the worker that reads it is read in a process of its own (G-IO2, G-IO4)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

LAUNCHER = Path(__file__).with_name("limited.py")
# Nothing of ours; and no stack is printed by a child out of memory, which could hang over it.
ENVIRONMENT = {"RUST_BACKTRACE": "0"}


class OutOfLimits(Exception):
    """The child took too long or too much memory."""


def run_child(
    program: Path, *arguments: object, content: bytes, seconds: int, memory_bytes: int
) -> tuple[int, bytes]:
    """Give the content to the program; returns its status and output. Raises OutOfLimits."""
    command = [sys.executable, "-I", LAUNCHER, seconds, memory_bytes, program, *arguments]
    try:
        done = subprocess.run(
            [str(part) for part in command],
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
            check=False,
            env=ENVIRONMENT,
        )
    except subprocess.TimeoutExpired:
        raise OutOfLimits from None
    if done.returncode < 0:
        raise OutOfLimits
    return done.returncode, done.stdout
