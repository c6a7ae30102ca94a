"""The client of a web API: pace, time-outs, bounded retries, and errors that are sentences."""

from typing import Any
from urllib.parse import urlsplit

import requests
import stamina
from requests.auth import AuthBase

from timeweave.runtime.errors import ConfigurationError, CredentialsError, TimeweaveError
from timeweave.runtime.redaction import remember
from timeweave.web.answers import Response, UnusableAnswer, read_response
from timeweave.web.limits import Pace, PacedAdapter
from timeweave.web.tokens import check_url, is_loopback

# What is tried again is said once, when it is over: a line for each try reads like a fault of this program.
stamina.instrumentation.set_on_retry_hooks([])

TIMEOUT = (10, 60)
"""Seconds to connect, seconds between two bytes of an answer."""
ATTEMPTS = 7
CONNECT_ATTEMPTS = 3


class TransientError(TimeweaveError):
    """Trouble that may be over soon: asked again, a bounded number of times, then shown as it is."""

    def __init__(self, sentence: str, wait: float | None = None, attempts: int = ATTEMPTS) -> None:
        super().__init__(sentence)
        self.wait = wait
        """Seconds that the service asked to wait."""
        self.attempts = attempts


class RequestRefused(TimeweaveError):
    """A request that is refused for good: it is not repeated."""


class _Header(AuthBase):
    """Sets the header itself, so that a .netrc of the machine cannot replace it."""

    def __init__(self, value: str) -> None:
        self._value = value

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = self._value
        return request


class ApiClient:
    """Asks one service with one token. Safe to share between threads; reading only, so every request may be repeated."""

    service = "the service"
    token_name = "its token"  # noqa: S105 - the name of a variable, not its value

    def __init__(self, url: str, setting: str, authorization: str, pace: Pace) -> None:
        self.url = check_url(url, setting)
        self.setting = setting
        self.requests = 0
        """Requests sent so far, repeated ones included."""
        self._pace = pace
        self._session = requests.Session()
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, PacedAdapter(pace))
        self._session.auth = _Header(authorization)
        remember(authorization.rpartition(" ")[2])
        self._session.headers["User-Agent"] = "timeweave (+https://pypi.org/project/timeweave)"
        # A proxy of the environment is for the outside, not for a server on this machine.
        self._session.trust_env = not is_loopback(url)

    def close(self) -> None:
        """Close connections."""
        self._session.close()

    def call(
        self,
        method: str,
        path: str,
        *,
        query: dict[str, Any] | None = None,
        body: Any = None,
        headers: dict[str, str] | None = None,
    ) -> Response:
        """Ask until there is an answer that counts; a 304 counts. Raises the error that the refusal means."""
        attempt = 0

        def should_retry(error: Exception) -> bool | float:
            if not isinstance(error, TransientError) or attempt >= error.attempts:
                return False
            return error.wait if error.wait is not None else True

        step = max(self._pace.interval, 0.001)
        for try_ in stamina.retry_context(
            on=should_retry, attempts=ATTEMPTS, timeout=None, wait_initial=step, wait_max=60.0, wait_jitter=step
        ):
            with try_:
                attempt = try_.num
                answer = self._ask(method, path, query, body, headers)
                if error := self.find_error(answer):
                    raise error
        return answer

    def find_error(self, answer: Response) -> TimeweaveError | None:
        """The error that an answer means, or None. Services add their own meanings before these."""
        if answer.is_json and (answer.status < 300 or answer.status == 304):
            return None
        said = f"{self.service} answered {answer.status}: {answer.text}"
        if answer.status == 429:
            return TransientError(
                f"{said}; too many requests even after waiting, try again later", _read_retry_after(answer)
            )
        if answer.status >= 500:
            return TransientError(f"{said}; it did so {ATTEMPTS} times, try again later")
        if answer.status in (401, 403):
            return CredentialsError(f"{said}; check {self.token_name} and what it may see")
        if 300 <= answer.status < 400 and answer.status != 304:
            return ConfigurationError(f"{said}; it points elsewhere, correct {self.setting}")
        if answer.status >= 400:
            return RequestRefused(f"{said}; the request was refused and is not repeated")
        if not answer.is_json and answer.status == 200:
            if "json" in answer.headers.get("content-type", "") and "truncated" in answer.fault:
                return TransientError(f"{self.service} sent JSON that breaks off: {answer.text}; try again later")
            if "json" in answer.headers.get("content-type", "") or answer.text.startswith(("{", "[")):
                return UnusableAnswer(f"{answer.place} cannot be used: {answer.fault}; run again later")
            return ConfigurationError(
                f"{self.service} answered with something that is not JSON: {answer.text}; "
                f"check that {self.setting} is the address of the API"
            )
        return None

    def _ask(self, method: str, path: str, query: Any, body: Any, headers: Any) -> Response:
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
                stream=True,
            )
            return read_response(response, f"{self.service}'s answer to {method} {path}")
        except requests.exceptions.SSLError:
            raise ConfigurationError(
                f"{self.service} at {host} has no certificate that this machine trusts; check {self.setting}"
            ) from None
        except (requests.exceptions.ChunkedEncodingError, requests.exceptions.ContentDecodingError):
            raise TransientError(f"{self.service} at {host} cut its answer off; try again later") from None
        except requests.exceptions.ReadTimeout:
            raise TransientError(
                f"{self.service} at {host} did not answer within {TIMEOUT[1]} s; try again later"
            ) from None
        except (requests.exceptions.ConnectionError, requests.exceptions.Timeout) as error:
            unsent = "NewConnectionError" in repr(error) or isinstance(error, requests.exceptions.Timeout)
            raise TransientError(
                f"{self.service} at {host} cannot be reached; check the network and {self.setting}",
                attempts=CONNECT_ATTEMPTS if unsent else ATTEMPTS,
            ) from None


def _read_retry_after(answer: Response) -> float | None:
    value = answer.headers.get("retry-after", "")
    return min(float(value), 300.0) if value.isdecimal() else None
