"""A small HTTP server on threads: each request is read whole, and answered by a function."""

import contextlib
import json
import socket
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer
from typing import Any, Self, cast
from urllib.parse import parse_qsl, unquote, urlsplit


@dataclass(frozen=True)
class Request:
    """A request; `address` is the path and query as they were sent."""

    method: str
    address: str
    headers: Message
    body: bytes

    @property
    def path(self) -> str:
        """The path without the query."""
        return unquote(urlsplit(self.address).path)

    @property
    def query(self) -> Mapping[str, str]:
        """The parameters in the address; of repeated ones the last."""
        return dict(parse_qsl(urlsplit(self.address).query, keep_blank_values=True))

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
        """JSON without blanks."""
        body = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
        return cls(body, status, {"Content-Type": "application/json", **(headers or {})})

    @classmethod
    def of_text(cls, text: str, status: int = 200, kind: str = "text/plain") -> Self:
        """Text in UTF-8."""
        return cls(text.encode(), status, {"Content-Type": f"{kind}; charset=utf-8"})


class HttpServer(ThreadingTCPServer):
    """Serves a free port of this machine, or the given one, from `start` to `stop`; leaves no thread and no socket.

    Where `respond` gives None, the connection ends without an answer.
    """

    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, port: int, respond: Callable[[Request], Response | None]) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.respond = respond
        self._connections: set[Any] = set()
        self._thread = threading.Thread(target=self.serve_forever, args=(0.02,), name="sandbox", daemon=True)

    @property
    def port(self) -> int:
        """The port that is served."""
        return self.server_address[1]

    def start(self) -> None:
        """Answer requests from now on."""
        self._thread.start()

    def wait(self) -> None:
        """Return when the server has stopped."""
        self._thread.join()

    def stop(self) -> None:
        """End all connections and wait for their threads."""
        self.shutdown()
        for connection in list(self._connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self.server_close()

    def process_request(self, request: Any, client_address: Any) -> None:
        """Note a connection that opens."""
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forget a connection that ends."""
        self._connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that went away; print what is the sandbox's own fault."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body leave together; apart they would be 40 ms from each other.
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        response = cast(HttpServer, self.server).respond(Request(self.command, self.path, self.headers, body))
        if response is None:
            self.close_connection = True
            return
        self.send_response(response.status)
        for name, value in {**response.headers, "Content-Length": str(len(response.body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(response.body[: len(response.body) // 2] if response.cut else response.body)
        self.close_connection = self.close_connection or response.cut

    do_POST = do_PUT = do_GET  # noqa: N815 - the names that the library looks up

    def log_message(self, *_: object) -> None:
        """Keep quiet: requests are counted, not printed."""
