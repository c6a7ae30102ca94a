"""The sandbox as a server on this machine, in a thread of its own."""

import asyncio
import socket
import threading
from datetime import date
from types import TracebackType
from typing import Any, Self

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from uvicorn.protocols.http.h11_impl import H11Protocol

from timeweave.sandbox.behaviour import Behaviour
from timeweave.sandbox.faults import Faults
from timeweave.sandbox.fibery.api import FiberyApi
from timeweave.sandbox.llm.api import LlmApi
from timeweave.sandbox.recorder import Request, counts
from timeweave.sandbox.toggl.api import TogglApi
from timeweave.sandbox.world import World


class Sandbox:
    """Toggl and Fibery of the invented team as of a day, at `url` from `with` until its end.

    Other processes control it over HTTP: GET /sandbox/requests (counts), POST /sandbox/reset, PUT /sandbox/behaviour.
    """

    def __init__(
        self, as_of: date, *, port: int = 0, world: World | None = None, behaviour: Behaviour | None = None
    ) -> None:
        self.behaviour = behaviour or Behaviour()
        self.requests: list[Request] = []
        self.world = world or World(as_of)
        self._connections: dict[Any, asyncio.Transport] = {}
        self._toggl = TogglApi(self.world, self.behaviour)
        self._llm = LlmApi(self.behaviour)
        apis = (self._toggl, FiberyApi(self.world, self.behaviour), self._llm)
        routes = [*(route for api in apis for route in api.routes()), *self._controls()]
        self._faults = Faults(Starlette(routes=routes), self.behaviour, self.requests, self._hang_up)
        self._socket = socket.create_server(("127.0.0.1", port))
        # Handed on to every connection: head and body of an answer would else be 40 ms apart.
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._server = uvicorn.Server(uvicorn.Config(
            self._faults, http=self._protocol(), ws="none", lifespan="off", log_config=None, log_level="critical",
            timeout_keep_alive=60, timeout_graceful_shutdown=1,
        ))  # fmt: skip
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._socket]}, name="sandbox", daemon=True
        )

    @property
    def url(self) -> str:
        """Where both APIs are."""
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    @property
    def prompts(self) -> list[str]:
        """The bodies of all questions to the model."""
        return self._llm.prompts

    def reset(self) -> None:
        """Forget counted requests and spent quota, and begin random faults anew."""
        self.requests.clear()
        self.prompts.clear()
        self._toggl.quota.renew()
        self._toggl.own_quota.renew()
        self._faults.reset()

    def wait(self) -> None:
        """Serve until interrupted."""
        while self._thread.is_alive():
            self._thread.join(0.5)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.should_exit = True
        self._thread.join(10)
        self._socket.close()

    def _controls(self) -> list[Route]:
        async def served(_: HttpRequest) -> Response:
            return JSONResponse(counts(self.requests))

        async def reset(_: HttpRequest) -> Response:
            self.reset()
            return JSONResponse("ok")

        async def behave(request: HttpRequest) -> Response:
            try:
                self.behaviour.update(await request.json())
            except (ValueError, TypeError) as error:
                return JSONResponse(str(error), 400)
            self._faults.reset()
            return JSONResponse("ok")

        return [
            Route("/sandbox/requests", served),
            Route("/sandbox/reset", reset, methods=["POST"]),
            Route("/sandbox/behaviour", behave, methods=["PUT"]),
        ]

    def _hang_up(self, client: Any, flushed: bool) -> None:
        """Close a connection under its request."""
        transport = self._connections[tuple(client)]
        if flushed:
            transport.close()
        else:
            transport.abort()

    def _protocol(self) -> type[H11Protocol]:
        connections = self._connections

        class Remembered(H11Protocol):
            """Notes its connection, so that a fault can cut it."""

            def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
                connections[transport.get_extra_info("peername")] = transport
                super().connection_made(transport)

            def connection_lost(self, exc: Exception | None) -> None:
                connections.pop(self.transport.get_extra_info("peername"), None)
                super().connection_lost(exc)

        return Remembered
