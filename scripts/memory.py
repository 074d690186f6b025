"""Where the tests keep their servers' data: in memory where there is room, else under var/.

A test database is copied in 20 ms there and in half a second on a disk. Prints the directory;
`--free` removes it (make test, make clean).
"""

import hashlib
import os
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MEMORY = Path("/dev/shm")
ROOM = 2 * 1024**3  # bytes; the data take a tenth of it


def place(var: Path) -> Path:
    """A directory of this checkout and this user."""
    name = hashlib.sha256(os.fsencode(ROOT)).hexdigest()[:12]
    inside = MEMORY / f"klientura-{os.getuid()}-{name}"
    return inside if inside.exists() or is_roomy() else var


def is_roomy() -> bool:
    """Whether this system keeps files in memory and has room for ours."""
    return os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM


def main(arguments: list[str]) -> None:
    var = Path(arguments[0]).absolute()
    found = place(var)
    if "--free" in arguments:
        shutil.rmtree(found, ignore_errors=True)
        shutil.rmtree(var, ignore_errors=True)
    else:
        print(found)


if __name__ == "__main__":
    main(sys.argv[1:])
