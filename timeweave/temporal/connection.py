"""Connects to Temporal as its own tools do: by the environment and `temporal.toml` (temporalio.envconfig)."""

from temporalio.client import Client
from temporalio.envconfig import ClientConfig
from temporalio.service import RPCError

from timeweave.runtime.errors import ConfigurationError, TimeweaveError

DEFAULT = "localhost:7233"


def address() -> str:
    """Where Temporal is: TEMPORAL_ADDRESS, or the profile in temporal.toml, or this machine."""
    return str(ClientConfig.load_client_connect_config().get("target_host") or DEFAULT)


def namespace() -> str:
    """TEMPORAL_NAMESPACE, or the profile's, or `default`."""
    return str(ClientConfig.load_client_connect_config().get("namespace") or "default")


async def connect(lazy: bool = False) -> Client:
    """A client; TLS, keys and Temporal Cloud as the standard configuration says."""
    try:
        settings = ClientConfig.load_client_connect_config()
    except (RuntimeError, ValueError, OSError) as error:
        raise ConfigurationError(f"Temporal's configuration: {error}") from None
    settings.setdefault("target_host", DEFAULT)
    try:
        return await Client.connect(**settings, lazy=lazy)
    except (RPCError, RuntimeError, OSError):
        raise TimeweaveError(
            f"Temporal cannot be reached at {settings['target_host']}; start it with `timeweave temporal dev`, or set "
            "TEMPORAL_ADDRESS"
        ) from None
