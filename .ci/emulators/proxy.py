"""A loopback proxy between a client and an emulator.

It hands requests on, perhaps changed, and writes down the answers. What a client signs is what arrives, `Host` and all, but
for the one change that is asked for. To a client that takes it for its way to `https` hosts, it is that host.
"""

import contextlib
import http.client
import http.server
import ssl
import threading
from collections.abc import Callable, Iterator
from typing import Any

# A request's headers and body → those that are handed on.
Change = Callable[[dict[str, str], bytes], tuple[dict[str, str], bytes]]

# Status, headers and body.
Answer = tuple[int, dict[str, str], bytes]


class Proxy(http.server.ThreadingHTTPServer):
    """Listens at once."""

    def __init__(self, port: int, tls: ssl.SSLContext | None) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.upstream, self.tls = port, tls
        # Whom it was taken for.
        self.hosts: set[str] = set()
        self.begin(unchanged, [])

    def begin(self, change: Change, lies: list[Answer]) -> None:
        """Forgets what was. `lies` are answers of the proxy's own, which come first."""
        self.change, self.lies = change, list(lies)
        # Status and error type of each answer, and what was asked.
        self.answers: list[tuple[int, str | None]] = []
        self.bodies: list[bytes] = []


class Handler(http.server.BaseHTTPRequestHandler):
    server: Proxy

    def do_CONNECT(self) -> None:
        self.server.hosts.add(self.path)
        self.send_response_only(200)
        self.end_headers()
        with self.server.tls.wrap_socket(self.connection, server_side=True) as connection:
            Handler(connection, self.client_address, self.server)
        self.close_connection = True

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.bodies.append(body)
        given = {name.lower(): value for name, value in self.headers.items()}
        lies = self.server.lies
        status, headers, text = lies.pop(0) if lies else self.ask(*self.server.change(given, body))
        self.server.answers.append((status, headers.get("x-amzn-errortype")))
        # Not `send_response`, which adds a date of its own.
        self.send_response_only(status)
        for name, value in (headers | {"content-length": str(len(text))}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text)

    def ask(self, headers: dict[str, str], body: bytes) -> Answer:
        """Hands a request on."""
        connection = http.client.HTTPConnection("127.0.0.1", self.server.upstream, timeout=30)
        connection.putrequest("POST", self.path, skip_host=True, skip_accept_encoding=True)
        for name, value in (headers | {"content-length": str(len(body))}).items():
            connection.putheader(name, value)
        connection.endheaders(body)
        with connection.getresponse() as answer:
            headers = {name.lower(): value for name, value in answer.headers.items()}
            text = answer.read()
        connection.close()
        for name in "connection", "transfer-encoding":
            headers.pop(name, None)
        return answer.status, headers, text

    def log_message(self, *_: Any) -> None:
        pass


def unchanged(headers: dict[str, str], body: bytes) -> tuple[dict[str, str], bytes]:
    return headers, body


@contextlib.contextmanager
def proxy(port: int, tls: ssl.SSLContext | None = None) -> Iterator[Proxy]:
    """A proxy while the block runs."""
    with Proxy(port, tls) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        try:
            yield running
        finally:
            running.shutdown()
