"""The one door to a web API: pace, time-outs, bounded retries, and errors that are sentences."""

import ipaddress
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
import stamina
from requests.auth import AuthBase

from timeweave.errors import ConfigurationError, CredentialsError, TimeweaveError
from timeweave.pace import Pace

TIMEOUT = (10, 60)
"""Seconds to connect, seconds between two bytes of an answer."""
ATTEMPTS = 7
CONNECT_ATTEMPTS = 3


class Passing(TimeweaveError):
    """Trouble that may be over soon: asked again, a bounded number of times, then shown as it is."""

    def __init__(self, sentence: str, wait: float | None = None, attempts: int = ATTEMPTS) -> None:
        super().__init__(sentence)
        self.wait = wait
        """Seconds that the service asked to wait."""
        self.attempts = attempts


class Refused(TimeweaveError):
    """A request that is refused for good: it is not repeated."""


@dataclass(frozen=True)
class Answer:
    """What a service answered: header names in lower case, the body as JSON if it is JSON, else as text."""

    status: int
    headers: dict[str, str]
    body: Any
    is_json: bool

    @property
    def text(self) -> str:
        """The body for a person: one line, at most 200 characters."""
        said = self.body
        if isinstance(said, dict):
            said = said.get("message") or said.get("error") or said
        return " ".join(str(said).split())[:200] or "nothing"


class _Header(AuthBase):
    """Sets the header itself, so that a .netrc of the machine cannot replace it."""

    def __init__(self, value: str) -> None:
        self._value = value

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = self._value
        return request


class Door:
    """Asks one service with one token. Safe to share between threads; reading only, so every request may be repeated."""

    service = "the service"
    token_name = "its token"  # noqa: S105 - the name of a variable, not its value

    def __init__(self, url: str, setting: str, authorization: str, pace: Pace) -> None:
        self.url = checked_address(url, setting)
        self.setting = setting
        self.requests = 0
        """Requests sent so far, repeated ones included."""
        self._pace = pace
        self._session = requests.Session()
        self._session.auth = _Header(authorization)
        self._secret = authorization.rpartition(" ")[2]
        self._session.headers["User-Agent"] = "timeweave (+https://pypi.org/project/timeweave)"
        # A proxy of the environment is for the outside, not for a server on this machine.
        self._session.trust_env = not is_loopback(url)

    def close(self) -> None:
        """Close connections."""
        self._session.close()
        self._pace.close()

    def call(
        self,
        method: str,
        path: str,
        *,
        query: dict[str, Any] | None = None,
        body: Any = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """Ask until there is an answer that counts; a 304 counts. Raises the error that the refusal means."""
        attempt = 0

        def again(error: Exception) -> bool | float:
            if not isinstance(error, Passing) or attempt >= error.attempts:
                return False
            return error.wait if error.wait is not None else True

        step = max(self._pace.interval, 0.001)
        for try_ in stamina.retry_context(
            on=again, attempts=ATTEMPTS, timeout=None, wait_initial=step, wait_max=60.0, wait_jitter=step
        ):
            with try_:
                attempt = try_.num
                answer = self._ask(method, path, query, body, headers)
                if error := self.refusal(answer):
                    raise error
        return answer

    def refusal(self, answer: Answer) -> TimeweaveError | None:
        """The error that an answer means, or None. Services add their own meanings before these."""
        said = f"{self.service} answered {answer.status}: {answer.text}"
        if answer.status == 429:
            return Passing(f"{said}; too many requests even after waiting, try again later", _retry_after(answer))
        if answer.status >= 500:
            return Passing(f"{said}; it did so {ATTEMPTS} times, try again later")
        if answer.status in (401, 403):
            return CredentialsError(f"{said}; check {self.token_name} and what it may see")
        if 300 <= answer.status < 400 and answer.status != 304:
            return ConfigurationError(f"{said}; it points elsewhere, correct {self.setting}")
        if answer.status >= 400:
            return Refused(f"{said}; the request was refused and is not repeated")
        if not answer.is_json and answer.status == 200:
            return ConfigurationError(
                f"{self.service} answered with something that is no JSON: {answer.text}; "
                f"check that {self.setting} is the address of the API"
            )
        return None

    def _ask(self, method: str, path: str, query: Any, body: Any, headers: Any) -> Answer:
        self._pace.wait()
        self.requests += 1
        host = urlsplit(self.url).netloc
        try:
            response = self._session.request(
                method,
                self.url + path,
                params=query,
                json=body,
                headers=headers,
                timeout=TIMEOUT,
                allow_redirects=False,
            )
        except requests.exceptions.SSLError:
            raise ConfigurationError(
                f"{self.service} at {host} has no certificate that this machine trusts; check {self.setting}"
            ) from None
        except (requests.exceptions.ChunkedEncodingError, requests.exceptions.ContentDecodingError):
            raise Passing(f"{self.service} at {host} cut its answer off; try again later") from None
        except requests.exceptions.ReadTimeout:
            raise Passing(f"{self.service} at {host} did not answer within {TIMEOUT[1]} s; try again later") from None
        except (requests.exceptions.ConnectionError, requests.exceptions.Timeout) as error:
            fresh = "NewConnectionError" in repr(error) or isinstance(error, requests.exceptions.Timeout)
            raise Passing(
                f"{self.service} at {host} cannot be reached; check the network and {self.setting}",
                attempts=CONNECT_ATTEMPTS if fresh else ATTEMPTS,
            ) from None
        return _answer(response, self._secret)


def _answer(response: requests.Response, secret: str) -> Answer:
    """Refusals are for showing: one that repeats what was sent must not show the token."""
    headers = {name.lower(): value for name, value in response.headers.items()}
    content = response.content if response.ok else response.content.replace(secret.encode(), b"***")
    try:
        return Answer(response.status_code, headers, _parsed(content or b"null"), is_json=True)
    except ValueError:
        return Answer(response.status_code, headers, content.decode(errors="replace"), is_json=False)


def _parsed(content: bytes) -> Any:
    """JSON whose text can be written as UTF-8: half of a surrogate pair, which JSON can escape, becomes U+FFFD."""
    body = json.loads(content)
    if b"\\ud" not in content.lower():
        return body
    whole = json.dumps(body, ensure_ascii=False).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return json.loads(whole)


def _retry_after(answer: Answer) -> float | None:
    value = answer.headers.get("retry-after", "")
    return min(float(value), 300.0) if value.isdecimal() else None


def is_loopback(url: str) -> bool:
    """Whether the address is on this machine."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def checked_address(url: str, setting: str) -> str:
    """The address without a trailing slash; refused unless a token may be sent there."""
    parts = urlsplit(url)
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ConfigurationError(f"{setting} holds more than an address; write it like https://api.track.toggl.com")
    if not parts.hostname or (parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(url))):
        raise ConfigurationError(
            f"{setting} must start with https:// (http only for this machine itself), or a token "
            f"would travel unprotected; it is {url!r}"
        )
    return url.rstrip("/")
