"""The product behind a real socket, for tests with a browser."""

import contextlib
import socket
import threading
from collections.abc import Iterator

from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application


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
    application = get_wsgi_application()
    server = LiveServer(("127.0.0.1", 0), QuietHandler, ipv6=False)
    server.set_app(application)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
