"""Connects to Temporal as its own tools do: by the environment and `temporal.toml` (temporalio.envconfig).

What goes through a connection is encrypted by keys in the environment, if there are any; the server never sees them.
"""

import asyncio
import base64
import hashlib
import logging
import os
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from temporalio.api.common.v1 import Payload
from temporalio.client import Client
from temporalio.converter import DataConverter, DefaultFailureConverterWithEncodedAttributes, PayloadCodec
from temporalio.envconfig import ClientConfig, ClientConnectConfig
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError

from timeweave.runtime.errors import ConfigurationError, TimeweaveError
from timeweave.runtime.redaction import remember

DEFAULT = "localhost:7233"
VARIABLE = "TIMEWEAVE_PAYLOAD_KEY"
"""One key, or several with blanks between: the first encrypts, all of them decrypt."""
ENCODING, KEY_SIZE, NONCE_SIZE = b"binary/encrypted", 32, 12
Answer = TypeVar("Answer")
_runner: asyncio.Runner | None = None
_client: Client | None = None


def find_namespace() -> str:
    """TEMPORAL_NAMESPACE, or the profile's, or `default`."""
    return str(_load_settings().get("namespace") or "default")


async def connect(patience: float | None = None) -> Client:
    """A client; TLS, keys and Temporal Cloud as the standard configuration says. `patience` are seconds; None: as long as the SDK tries."""
    settings = _load_settings()
    settings.setdefault("target_host", DEFAULT)
    converter = make_converter()
    try:
        return await asyncio.wait_for(Client.connect(**settings, data_converter=converter), patience)
    except (RPCError, RuntimeError, OSError):
        raise TimeweaveError(
            f"Temporal cannot be reached at {settings['target_host']}; start it with `timeweave temporal dev`, or set "
            "TEMPORAL_ADDRESS"
        ) from None


def ask(question: Callable[[Client], Awaitable[Answer]], patience: float | None = None) -> Answer:
    """Put a question to Temporal; its refusals are sentences. One connection serves all questions of a command.

    With `patience`, a server that takes more seconds than that to connect is one that cannot be reached.
    """
    global _runner

    async def answer() -> Answer:
        global _client
        _client = _client or await connect(patience)
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


def make_converter() -> DataConverter:
    """What every connection to Temporal reads and writes with. Failures show no text of theirs where there is a key."""
    codec = EncryptionCodec(_read_keys(os.environ.get(VARIABLE, "")))
    plain = replace(DataConverter.default, payload_codec=codec)
    if not codec.has_key:
        return plain
    return replace(plain, failure_converter_class=DefaultFailureConverterWithEncodedAttributes)


class EncryptionCodec(PayloadCodec):
    """AES-256-GCM. Who has a key takes nothing that was not made with one. It is not bound to its place: who may write to
    the server can have what it holds read again under another id, so a job of its history run once more.
    """

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._keys = {_name_key(key): AESGCM(key) for key in keys}
        self._first = next(iter(self._keys), None)

    @property
    def has_key(self) -> bool:
        """Whether anything is encrypted."""
        return self._first is not None

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Each under a number of its own, with the name of its key."""
        if self._first is None:
            return list(payloads)
        return [self._encrypt(payload, self._first) for payload in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Where a key is missing, a ConfigurationError: another worker may have it. What is not encrypted though it
        should be is for nobody, and ends the run that was given it.
        """
        return [self._decrypt(payload) for payload in payloads]

    def _encrypt(self, payload: Payload, name: bytes) -> Payload:
        nonce = os.urandom(NONCE_SIZE)
        data = self._keys[name].encrypt(nonce, payload.SerializeToString(), ENCODING)
        return Payload(metadata={"encoding": ENCODING, "encryption-key-id": name}, data=nonce + data)

    def _decrypt(self, payload: Payload) -> Payload:
        if payload.metadata.get("encoding") != ENCODING:
            if self.has_key:
                said = f"something that Temporal holds is not encrypted, though {VARIABLE} is set; it is not read"
                raise ApplicationError(said, type="Configuration", non_retryable=True)
            return payload
        key = self._keys.get(payload.metadata.get("encryption-key-id", b""))
        try:
            if key is not None:
                nonce, data = payload.data[:NONCE_SIZE], payload.data[NONCE_SIZE:]
                return Payload.FromString(key.decrypt(nonce, data, ENCODING))
        except (InvalidTag, ValueError):
            pass
        raise ConfigurationError(
            f"something that Temporal holds is encrypted with a key that is not here; set {VARIABLE} as it is where runs "
            "are started"
        )


class RefusalFilter(logging.Filter):
    """Of the log of workflows: what cannot be read is one sentence, said once however often the server tries again."""

    def __init__(self) -> None:
        super().__init__()
        self._said: set[str] = set()

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is logged; all that is no refusal is, as it is."""
        error = record.exc_info[1] if record.exc_info else None
        if not isinstance(error, ConfigurationError | ApplicationError):
            return True
        record.msg, record.args, record.exc_info = str(error), (), None
        is_new = record.msg not in self._said
        self._said.add(record.msg)
        return is_new


def _read_keys(text: str) -> list[bytes]:
    remember(*text.split())
    try:
        keys = [base64.b64decode(word, validate=True) for word in text.split()]
    except ValueError:
        keys = [b""]
    if any(len(key) != KEY_SIZE for key in keys):
        raise ConfigurationError(
            f"{VARIABLE} must be {KEY_SIZE} bytes in Base64, as `openssl rand -base64 32` makes them"
        )
    return keys


def _name_key(key: bytes) -> bytes:
    """Says which key, and nothing about it."""
    return hashlib.sha256(b"timeweave payload key " + key).hexdigest()[:12].encode()
