"""Connects to the model that the parameters name: the sandbox's, OpenAI's, or any that speaks like it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from time import monotonic
from typing import Any

from timeweave.llm.settings import OPENAI, SANDBOX, LlmSettings
from timeweave.runtime.errors import ConfigurationError, CredentialsError
from timeweave.web.tokens import check_url, is_loopback, read_token

try:
    import httpx2
    import openai

    from timeweave.llm.client import ModelClient
except ModuleNotFoundError:
    raise ConfigurationError("llm.enabled needs the extra `llm`: pip install -e '.[llm]'") from None

NO_KEY = "none"
"""What a server of one's own is told where no key is set."""
_HEADERS = {"accept", "accept-encoding", "connection", "content-length", "content-type", "user-agent"}


@contextmanager
def connect(source: str, settings: LlmSettings, as_of: date) -> Iterator[ModelClient]:
    """A client of the model. The demo has the sandbox's, unless `llm.url` names another."""
    if settings.find_server(source) == SANDBOX:
        from timeweave.sandbox.server import Sandbox
        from timeweave.sandbox.team import LLM_KEY

        with Sandbox(as_of) as sandbox, open_client(f"{sandbox.url}/v1", LLM_KEY, settings) as client:
            yield client
        return
    if not settings.model:
        raise ConfigurationError("llm.model must be named where llm.enabled is true, like gpt-4o-mini")
    url = check_url(settings.find_server(source), "llm.url")
    with open_client(url, _read_key(url), settings) as client:
        yield client


@contextmanager
def open_client(url: str, key: str, settings: LlmSettings) -> Iterator[ModelClient]:
    """A client of this server alone: no redirect is followed, and no proxy asked about this machine itself."""
    timeout = settings.timeout_seconds

    def strip(request: httpx2.Request) -> None:
        """Take out what openai's client adds: this machine's kind, and headers that the environment names."""
        for name in set(request.headers) - _HEADERS:
            del request.headers[name]
        request.headers.update({"host": request.url.netloc.decode("ascii"), "authorization": f"Bearer {key}"})

    def bound(response: httpx2.Response) -> None:
        response.stream = _BoundedStream(response.stream, monotonic() + timeout)

    http = openai.DefaultHttpxClient(
        follow_redirects=False, trust_env=not is_loopback(url), event_hooks={"request": [strip], "response": [bound]}
    )
    with openai.OpenAI(base_url=url, api_key=key, max_retries=0, timeout=timeout, http_client=http) as server:
        yield ModelClient(server, settings.model or "sandbox", settings.max_answer_tokens)


class _BoundedStream(httpx2.SyncByteStream):
    """An answer that has to be complete by a time, also where it comes drop by drop."""

    def __init__(self, stream: Any, end: float) -> None:
        self._stream, self._end = stream, end

    def __iter__(self) -> Iterator[bytes]:
        for part in self._stream:
            if monotonic() > self._end:
                raise httpx2.ReadTimeout("the answer was not complete in time")
            yield part

    def close(self) -> None:
        self._stream.close()


def _read_key(url: str) -> str:
    try:
        return read_token("OPENAI_API_KEY")
    except CredentialsError:
        if url == OPENAI:
            raise
        return NO_KEY
