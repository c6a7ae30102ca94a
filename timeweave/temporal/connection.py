"""Connects to Temporal as its own tools do: by the environment and `temporal.toml` (temporalio.envconfig)."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from temporalio.client import Client
from temporalio.envconfig import ClientConfig, ClientConnectConfig
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError

from timeweave.runtime.errors import ConfigurationError, TimeweaveError
from timeweave.temporal.encryption import make_converter

DEFAULT = "localhost:7233"
Answer = TypeVar("Answer")
_runner: asyncio.Runner | None = None
_client: Client | None = None


def find_namespace() -> str:
    """TEMPORAL_NAMESPACE, or the profile's, or `default`."""
    return str(_load_settings().get("namespace") or "default")


async def connect() -> Client:
    """A client; TLS, keys and Temporal Cloud as the standard configuration says."""
    settings = _load_settings()
    settings.setdefault("target_host", DEFAULT)
    converter = make_converter()
    try:
        return await Client.connect(**settings, data_converter=converter)
    except (RPCError, RuntimeError, OSError):
        raise TimeweaveError(
            f"Temporal cannot be reached at {settings['target_host']}; start it with `timeweave temporal dev`, or set "
            "TEMPORAL_ADDRESS"
        ) from None


def ask(question: Callable[[Client], Awaitable[Answer]]) -> Answer:
    """Put a question to Temporal; its refusals are sentences. One connection serves all questions of a command."""
    global _runner

    async def answer() -> Answer:
        global _client
        _client = _client or await connect()
        return await question(_client)

    _runner = _runner or asyncio.Runner()
    try:
        return _runner.run(answer())
    except RPCError as error:
        raise TimeweaveError(f"Temporal answered {error.status.name}: {error.message}") from None
    except ApplicationError as error:
        # Of our own encryption: the failure of a run comes as another error.
        raise ConfigurationError(error.message) from None


def _load_settings() -> ClientConnectConfig:
    try:
        return ClientConfig.load_client_connect_config()
    except (RuntimeError, ValueError, OSError) as error:
        raise ConfigurationError(f"Temporal's configuration: {error}") from None
