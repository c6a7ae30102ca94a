"""The client of the model that the parameters name: the sandbox's, OpenAI's, or any server that speaks like it."""

import ssl
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import stamina

from timeweave.llm.answer_validation import SCHEMA, Answer, Failure, NoAnswer, parse_response
from timeweave.llm.prompts import OPENAI, SANDBOX, LlmSettings, Prompt
from timeweave.runtime.errors import ConfigurationError, CredentialsError
from timeweave.runtime.redaction import hide
from timeweave.web.tokens import check_url, is_loopback, read_token

try:
    import httpx2
    import openai
except ModuleNotFoundError:
    raise ConfigurationError("llm.enabled needs the extra `llm`: pip install -e '.[llm]'") from None

stamina.instrumentation.set_on_retry_hooks([])

ATTEMPTS = 6
LONGEST_WAIT = 60.0
_FORM = {"type": "json_schema", "json_schema": {"name": "summary", "strict": True, "schema": SCHEMA}}


class ModelClient:
    """Asks one model; safe to share between threads."""

    def __init__(self, server: openai.OpenAI, model: str, answer_tokens: int) -> None:
        """`answer_tokens` are the most that an answer may take."""
        self._server, self._model = server, model
        self._options: dict[str, Any] = {"response_format": _FORM, "temperature": 0, "max_tokens": answer_tokens}
        self._lock = threading.Lock()
        self._retrying = stamina.RetryingCaller(ATTEMPTS, timeout=None, wait_initial=0.5, wait_max=LONGEST_WAIT)
        self.requests = 0
        self.tokens: Counter[str] = Counter()
        """Used so far, as the server counts them, by the hash of the prompt."""

    def complete(self, prompt: Prompt, tries: int) -> Answer:
        """The answer in its agreed form; raises NoAnswer. Asked for `tries` times where each may have to be paid for."""
        paid = 0

        def find_wait(error: Exception) -> bool | float:
            nonlocal paid
            if not isinstance(error, NoAnswer):
                return False
            if error.failure in (Failure.UNUSABLE, Failure.TIMEOUT):
                paid += 1
                return paid < tries
            return error.failure is Failure.BUSY and (True if error.wait is None else error.wait)

        return self._retrying(find_wait, self._complete_once, prompt)

    def _complete_once(self, prompt: Prompt) -> Answer:
        answer, tokens = parse_response(self._send(prompt), prompt.given)
        with self._lock:
            self.tokens[prompt.hash] += tokens
        if isinstance(answer, NoAnswer):
            raise answer
        return answer

    def _send(self, prompt: Prompt) -> bytes:
        messages = [{"role": "system", "content": prompt.system}, {"role": "user", "content": prompt.user}]
        body = {"model": self._model, "messages": messages, **self._options}
        with self._lock:
            self.requests += 1
        try:
            return hide(self._server.post("/chat/completions", cast_to=httpx2.Response, body=body).content)
        except openai.APITimeoutError:
            raise NoAnswer(Failure.TIMEOUT, "the language model did not answer in time") from None
        except openai.APIConnectionError:
            raise NoAnswer(Failure.BUSY, "the language model cannot be reached; check llm.url") from None
        except openai.APIStatusError as error:
            if error.status_code not in (400, 422) or not self._drop_option(body, error.response.text):
                raise _explain(error.status_code, error.response) from None
        return self._send(prompt)

    def _drop_option(self, sent: dict[str, Any], complaint: str) -> bool:
        """Whether the complaint is about an option that was sent, and now is left out or goes by its other name."""
        said = complaint.replace("json_schema", "response_format")
        named = [name for name in ("response_format", "temperature", "max_tokens") if name in sent and name in said]
        if named:
            options = {name: value for name, value in self._options.items() if name != named[0]}
            # Newer models of OpenAI count their thoughts too and call the limit so.
            renamed = {"max_completion_tokens": sent["max_tokens"]} if named[0] == "max_tokens" else {}
            self._options = options | renamed
        return bool(named)


def _explain(status: int, response: Any) -> NoAnswer:
    """What a status that is no success means. The server's own words are not for a report."""
    sentence, wait = f"the language model answered {status}", response.headers.get("retry-after", "")
    if status in (401, 403):
        return NoAnswer(Failure.WRONG_KEY, f"the language model refused OPENAI_API_KEY ({status}); check it")
    if status == 429 and "insufficient_quota" in response.text:
        return NoAnswer(Failure.UNAVAILABLE, f"{sentence}: its account has nothing left")
    if status in (408, 409, 429) or status >= 500:
        return NoAnswer(Failure.BUSY, sentence, wait=min(float(wait), LONGEST_WAIT) if wait.isdecimal() else None)
    return NoAnswer(Failure.UNAVAILABLE, f"{sentence}; check llm.model and llm.url")


NO_KEY = "none"
"""What a server of one's own is told where no key is set."""
_HEADERS = {"accept", "accept-encoding", "connection", "content-length", "content-type", "user-agent"}


@contextmanager
def connect(source: str, settings: LlmSettings, as_of: date) -> Iterator[ModelClient]:
    """A client of the model. The demo has the sandbox's, unless `llm.url` names another."""
    if settings.find_server(source) == SANDBOX:
        from timeweave.sandbox.company import LLM_KEY
        from timeweave.sandbox.server import Sandbox

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

    # The world's certificates take long to read: where none is shown, none is trusted.
    trusted = True if urlsplit(url).scheme == "https" else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    http = openai.DefaultHttpxClient(
        verify=trusted, follow_redirects=False, trust_env=not is_loopback(url),
        event_hooks={"request": [strip], "response": [bound]},
    )  # fmt: skip
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
