"""The sandbox as a server on this machine: Toggl, Fibery and a model at one address."""

import threading
import time
from collections.abc import Callable
from datetime import date
from types import TracebackType
from typing import Self

from timeweave.sandbox.behaviour import Behaviour
from timeweave.sandbox.faults import Faults, refusal
from timeweave.sandbox.fibery.api import FiberyApi
from timeweave.sandbox.http_server import HttpServer, Request, Response
from timeweave.sandbox.llm.api import LlmApi
from timeweave.sandbox.recorder import ServedRequest, count
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
        self.requests: list[ServedRequest] = []
        self.world = world or World(as_of)
        self._toggl, self._llm = TogglApi(self.world, self.behaviour), LlmApi(self.behaviour)
        self._answers: dict[str, Callable[[Request], Response]] = {
            "toggl": self._toggl.respond,
            "fibery": FiberyApi(self.world, self.behaviour).respond,
            "llm": self._llm.respond,
        }
        self._faults = Faults(self.behaviour)
        self._one_at_a_time, self._stopped = threading.Lock(), threading.Event()
        self._server = HttpServer(port, self._respond)

    @property
    def url(self) -> str:
        """Where all APIs are."""
        return f"http://127.0.0.1:{self._server.port}"

    @property
    def prompts(self) -> list[str]:
        """The bodies of all questions to the model."""
        return self._llm.prompts

    def reset(self) -> None:
        """Forget counted requests and spent quota, and begin random faults again."""
        self.requests.clear()
        self.prompts.clear()
        self._toggl.reset()
        self._faults.reset()

    def wait(self) -> None:
        """Serve until interrupted."""
        self._server.wait()

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopped.set()
        self._server.stop()

    def _respond(self, request: Request) -> Response | None:
        service = _service(request.path)
        if service is None:
            return self._control(request)
        served = ServedRequest(service, request.method, request.path, time.monotonic())
        self.requests.append(served)
        with self._one_at_a_time:
            identity = self._faults.identify(request)
        self._stopped.wait(self._faults.delay(*identity))
        with self._one_at_a_time:
            fault = self._faults.draw(service, *identity)
            response = None
            if fault in (None, "cut"):
                response = self._answers[service](request)
                response.cut = fault == "cut"
            elif fault != "reset":
                response = refusal(fault, service)
        if response is not None:
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


def _service(path: str) -> str | None:
    """The API that a path belongs to; None for the sandbox's own controls."""
    if path.startswith(("/api/v9", "/reports/")):
        return "toggl"
    if path.startswith("/v1/"):
        return "llm"
    return "fibery" if path.startswith("/api/") else None
