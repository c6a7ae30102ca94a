"""A small HTTP server on threads: each request is read whole, and answered by a function."""

import contextlib
import json
import socket
import sys
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer
from typing import Any, Self, cast
from urllib.parse import parse_qsl, unquote, urlsplit


class Request:
    """A request; `address` is the path and query as they were sent, of repeated parameters `query` has the last."""

    def __init__(self, method: str, address: str, headers: Message, body: bytes) -> None:
        self.method, self.address, self.headers, self.body = method, address, headers, body
        parts = urlsplit(address)
        self.path, self.query = unquote(parts.path), dict(parse_qsl(parts.query, keep_blank_values=True))

    def json(self) -> Any:
        """The body; raises ValueError where it is not JSON."""
        return json.loads(self.body)


@dataclass
class Response:
    """An answer. `delay` is in seconds; of one that is `cut` half the body comes before the connection ends."""

    body: bytes
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    cut: bool = False

    @classmethod
    def of_json(cls, content: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Self:
        body = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
        return cls(body, status, {"Content-Type": "application/json", **(headers or {})})

    @classmethod
    def of_text(cls, text: str, status: int = 200, kind: str = "text/plain") -> Self:
        return cls(text.encode(), status, {"Content-Type": f"{kind}; charset=utf-8"})


class HttpServer(ThreadingTCPServer):
    """Serves a port of this machine, 0: a free one. Where `respond` gives None, a connection ends without an answer."""

    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, port: int, respond: Callable[[Request], Response | None]) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.respond, self.port = respond, self.server_address[1]
        self._connections: set[Any] = set()
        self.thread = threading.Thread(target=self.serve_forever, args=(0.02,), name="sandbox", daemon=True)

    def stop(self) -> None:
        """End all connections and wait for their threads: no thread and no socket is left."""
        self.shutdown()
        for connection in list(self._connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self.server_close()

    def process_request(self, request: Any, client_address: Any) -> None:
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that went away; print what is the sandbox's own fault."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body leave together; apart they would be 40 ms from each other.
    wbufsize, disable_nagle_algorithm = -1, True

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        response = cast(HttpServer, self.server).respond(Request(self.command, self.path, self.headers, body))
        self.close_connection = self.close_connection or response is None or response.cut
        if response is None:
            return
        self.send_response(response.status)
        for name, value in {**response.headers, "Content-Length": str(len(response.body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(response.body[: len(response.body) // 2] if response.cut else response.body)

    do_POST = do_PUT = do_PATCH = do_DELETE = do_GET  # noqa: N815 - the names that the library looks up

    def log_message(self, *_: object) -> None:
        """Keep quiet: requests are counted, not printed."""


@dataclass
class ServedRequest:
    """One request; times are of the monotonic clock, in seconds."""

    service: str
    """toggl, fibery or llm."""
    method: str
    path: str
    arrived: float
    answered: float | None = None
    status: int | None = None
    """None where the connection was cut instead."""


def count(requests: list[ServedRequest]) -> dict[str, dict[str, int]]:
    """Requests by service and path, with their totals."""
    found: dict[str, dict[str, int]] = {}
    for service in ("toggl", "fibery", "llm"):
        paths = Counter(f"{r.method} {r.path}" for r in requests if r.service == service)
        found[service] = {"total": sum(paths.values()), **dict(sorted(paths.items()))}
    return found
