"""Starts a program under limits of memory and time; imports nothing of the product.

python -I limited.py SECONDS MEMORY_BYTES PROGRAM ARGUMENT …
"""

import contextlib
import runpy
import sys


def main() -> None:
    seconds, memory, program, *arguments = sys.argv[1:]
    with contextlib.suppress(ImportError, ValueError, OSError):  # where the system has no limits
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.argv = [program, *arguments]
    runpy.run_path(program, run_name="__main__")


if __name__ == "__main__":
    main()
