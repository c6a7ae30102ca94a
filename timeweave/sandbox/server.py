"""The sandbox as a server on this machine: Toggl, Fibery and a model at one address."""

import threading
import time
from datetime import date
from typing import Self

from timeweave.sandbox.behaviour import Behaviour, Faults, refusal
from timeweave.sandbox.fibery.api import FiberyApi
from timeweave.sandbox.http_server import HttpServer, Request, Response, ServedRequest, count
from timeweave.sandbox.llm import LlmApi
from timeweave.sandbox.toggl.api import TogglApi
from timeweave.sandbox.world import World, invent


class Sandbox:
    """Toggl and Fibery of the invented team as of a day, at `url` from `with` until its end.

    Other processes control it over HTTP: GET /sandbox/requests (counts), POST /sandbox/reset, PUT /sandbox/behaviour.
    """

    def __init__(
        self, as_of: date, *, port: int = 0, world: World | None = None, behaviour: Behaviour | None = None
    ) -> None:
        self.behaviour, self.world = behaviour or Behaviour(), world or invent(as_of)
        self.requests: list[ServedRequest] = []
        self._toggl, self._fibery = TogglApi(self.world, self.behaviour), FiberyApi(self.world, self.behaviour)
        self._llm, self._faults = LlmApi(self.behaviour), Faults(self.behaviour)
        self._stopped = threading.Event()
        self._server = HttpServer(port, self._respond)
        self.url = f"http://127.0.0.1:{self._server.port}"
        """Where all APIs are."""
        self.prompts = self._llm.prompts
        """The bodies of all questions to the model."""

    def reset(self) -> None:
        """Forget counted requests and spent quota, and begin random faults again."""
        self.requests.clear()
        self.prompts.clear()
        self._toggl.reset()
        self._faults.reset()

    def wait(self) -> None:
        """Serve until interrupted."""
        while self._server.thread.is_alive():
            # Without a limit it would sleep through a signal that came just before.
            self._server.thread.join(0.5)

    def __enter__(self) -> Self:
        self._server.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._server.stop()

    def _respond(self, request: Request) -> Response | None:
        if request.path.startswith(("/api/v9", "/reports/")):
            service, answer = "toggl", self._toggl.respond
        elif request.path.startswith("/api/"):
            service, answer = "fibery", self._fibery.respond
        elif request.path.startswith("/v1/"):
            service, answer = "llm", self._llm.respond
        else:
            return self._control(request)
        served = ServedRequest(service, request.method, request.path, time.monotonic())
        self.requests.append(served)
        with self.world.lock:
            delay, key = self._faults.delay(request)
        self._stopped.wait(delay)
        with self.world.lock:
            fault = self._faults.draw(service, key)
            response = answer(request) if fault in (None, "cut") else None
        if response is None and fault not in (None, "reset"):
            response = refusal(fault, service)
        if response is not None:
            response.cut = fault == "cut"
            self._stopped.wait(response.delay)
            served.status = response.status
        served.answered = time.monotonic()
        return response

    def _control(self, request: Request) -> Response:
        match request.method, request.path:
            case "GET", "/sandbox/requests":
                return Response.of_json(count(self.requests))
            case "POST", "/sandbox/reset":
                self.reset()
            case "PUT", "/sandbox/behaviour":
                try:
                    self.behaviour.update(request.json())
                except (ValueError, TypeError) as error:
                    return Response.of_json(str(error), 400)
                self._faults.reset()
            case _:
                return Response.of_text("Not Found", 404)
        return Response.of_json("ok")
