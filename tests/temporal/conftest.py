"""The real Temporal server, one for all tests of a process, with what it knows in a file so that it can be restarted."""

import asyncio
import contextlib
import functools
import os
import socket
import subprocess
from pathlib import Path

import psutil
import pytest
from temporalio.client import Client
from temporalio.service import RPCError

from tests.project import BIN
from tests.temporal.fleet import Fleet, until
from tests.temporal.watching import Watch
from timeweave.sandbox.behaviour import Behaviour
from timeweave.temporal import connection


class Server:
    """The server of `timeweave temporal dev`, for a project that has nothing in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / ".dvc").mkdir()
        (folder / "dvc.yaml").write_text("stages: {}\n")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"127.0.0.1:{self.port}"
        self.start()

    @property
    def process(self) -> psutil.Process:
        """The command becomes the server."""
        return psutil.Process(self._process.pid)

    def start(self) -> None:
        """Return when it answers."""
        self._process = subprocess.Popen(
            [BIN / "timeweave", "temporal", "dev", "--port", str(self.port)], cwd=self.folder,
            # It has memory enough to look less often for what it may throw away; on one core it wakes up less for nothing.
            env=os.environ | {"GOGC": "400", "GOMAXPROCS": "1"}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        until(self._answers)

    def stop(self) -> None:
        """At once, as when its machine goes down."""
        self._process.kill()
        self._process.wait()

    def _answers(self) -> bool:
        async def ask() -> bool:
            return await (await Client.connect(self.address)).service_client.check_health()

        try:
            return asyncio.run(ask())
        except (RPCError, RuntimeError):
            return False


@pytest.fixture(scope="session")
def temporal(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("temporal"))
    yield server
    # Commands that were called in this process leave their connection to its end.
    if connection._runner:
        connection._runner.close()
        connection._runner = connection._client = None
    server.stop()


@pytest.fixture(scope="session")
def make_template(tmp_path_factory):
    """One copy of the project of each kind, which all fleets are clones of."""
    return functools.cache(lambda is_quick: Fleet.prepare(tmp_path_factory.mktemp("template"), is_quick))


@pytest.fixture(scope="module")
def make_fleet(temporal, make_template, tmp_path_factory):
    """Makes a project; its workers are ended with the module, since runs of other projects must not come to them."""
    with contextlib.ExitStack() as stack:

        def make(sandbox=None, is_quick=False, **params):
            template = make_template(is_quick)
            folder = tmp_path_factory.mktemp("fleet")
            found = Fleet.make(folder, template, sandbox, temporal.address, is_whole=not is_quick, **params)
            stack.callback(found.stop)
            return found

        yield make


@pytest.fixture
def make_own_fleet(make_fleet):
    """Makes a project for one test, with whose end its workers end."""
    made = []

    def make(*arguments, **options):
        made.append(make_fleet(*arguments, **options))
        return made[-1]

    yield make
    for fleet in made:
        fleet.stop()


@pytest.fixture
def watch(temporal):
    """Looks at workflows from inside a test."""
    with contextlib.closing(Watch(temporal.address)) as found:
        yield found


@pytest.fixture
def well_behaved(sandbox):
    """Whatever a test made of the sandbox is over with it."""
    yield
    sandbox.behaviour.update(vars(Behaviour()))
    sandbox.reset()
