"""The wire to a model's server: nothing goes out but what an answer takes, and none is waited for without end."""

from collections.abc import Callable, Iterator
from time import monotonic

import httpx2
import openai

from timeweave.web.url_check import is_loopback

# The last is how the client tells itself, when the answer comes, that it was asked not to read it.
_HEADERS = {"accept", "accept-encoding", "connection", "content-length", "content-type", "user-agent"} | {
    "x-stainless-raw-response"
}


def opened(url: str, key: str, timeout: float) -> openai.OpenAI:
    """A client of this server alone: no redirect is followed, and no proxy asked about this machine itself.

    `timeout` is for an answer as a whole, in seconds, also where it comes drop by drop.
    """
    hooks: dict[str, list[Callable[..., None]]] = {"request": [_stripped(key)], "response": [_bounded(timeout)]}
    http = openai.DefaultHttpxClient(follow_redirects=False, trust_env=not is_loopback(url), event_hooks=hooks)
    return openai.OpenAI(base_url=url, api_key=key, max_retries=0, timeout=timeout, http_client=http)


def _stripped(key: str) -> Callable[[httpx2.Request], None]:
    """Takes out of a request what the client adds: this machine's kind, and headers that the environment names."""

    def strip(request: httpx2.Request) -> None:
        for name in set(request.headers) - _HEADERS:
            del request.headers[name]
        request.headers["host"] = request.url.netloc.decode("ascii")
        request.headers["authorization"] = f"Bearer {key}"

    return strip


def _bounded(seconds: float) -> Callable[[httpx2.Response], None]:
    def bound(response: httpx2.Response) -> None:
        if isinstance(response.stream, httpx2.SyncByteStream):
            response.stream = _Stream(response.stream, monotonic() + seconds)

    return bound


class _Stream(httpx2.SyncByteStream):
    """An answer that has to be complete by a time."""

    def __init__(self, stream: httpx2.SyncByteStream, end: float) -> None:
        self._stream, self._end = stream, end

    def __iter__(self) -> Iterator[bytes]:
        for part in self._stream:
            if monotonic() > self._end:
                raise httpx2.ReadTimeout("the answer was not complete in time")
            yield part

    def close(self) -> None:
        self._stream.close()
