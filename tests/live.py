"""The product behind a real socket, for tests with a browser."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application

AXE = "/axe.js"  # not of the product: what tests look at its pages with


def beside_axe(application: Callable) -> Callable:
    """The product, and axe as a file that a browser fetches and compiles once."""
    script = AXE_SCRIPT.encode()
    headers = [
        ("Content-Type", "text/javascript; charset=utf-8"),
        ("Content-Length", str(len(script))),
        ("Cache-Control", "public, max-age=86400, immutable"),
    ]

    def answer(environ: dict[str, Any], start_response: Callable) -> Iterable[bytes]:
        if environ["PATH_INFO"] != AXE:
            return application(environ, start_response)
        start_response("200 OK", headers)
        return [script]

    return answer


class QuietHandler(WSGIRequestHandler):
    """Answers without a line per request on the terminal."""

    def log_message(self, format: str, *args: object) -> None:
        pass


class LiveServer(ThreadedWSGIServer):
    """Ends the connections that a browser keeps open, so that no thread outlives the database."""

    daemon_threads = False
    block_on_close = True

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        self.open_sockets: set[socket.socket] = set()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def process_request(self, request: socket.socket, client_address: object) -> None:
        self.open_sockets.add(request)
        super().process_request(request, client_address)

    def close_request(self, request: socket.socket) -> None:
        self.open_sockets.discard(request)
        super().close_request(request)

    def end_connections(self) -> None:
        """Wait for the answers under way; every thread ends and leaves its database."""
        for request in list(self.open_sockets):
            with contextlib.suppress(OSError):
                request.shutdown(socket.SHUT_RD)
        self._threads.join()

    def server_close(self) -> None:
        self.end_connections()
        super().server_close()


@contextlib.contextmanager
def serve() -> Iterator[LiveServer]:
    """Serve the product on a free port of 127.0.0.1 until the end of the block."""
    server = LiveServer(("127.0.0.1", 0), QuietHandler, ipv6=False)
    server.set_app(beside_axe(get_wsgi_application()))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
