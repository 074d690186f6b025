"""Runs a command once a server answers, or after half a minute without: `HOST PORT COMMAND …`.

Background work starts so and leaves the processors to the first page. A script by its path: the
package would load Celery only to wait.
"""

import os
import socket
import sys
import time

PATIENCE_SECONDS = 30.0


def main(arguments: list[str]) -> None:
    """Wait and become the command; signals are the command's, also meanwhile."""
    host, port, *command = arguments
    until = time.monotonic() + PATIENCE_SECONDS
    while not listens(host, int(port)) and time.monotonic() < until:
        time.sleep(0.1)
    os.execvp(command[0], command)  # noqa: S606


def listens(host: str, port: int) -> bool:
    """Whether somebody takes connections there."""
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True


if __name__ == "__main__":
    main(sys.argv[1:])
