"""The model behind an OpenAI-compatible address: asked within bounds, believed only in the agreed form."""

import threading
from collections import Counter

import openai
import stamina

from timeweave.llm import wire
from timeweave.llm.belief import NOTHING_BELIEVED, Answer, NoAnswer, believed
from timeweave.llm.dialect import Dialect
from timeweave.llm.question import Asked
from timeweave.llm.reply import Unavailable, Unusable, read
from timeweave.runtime.errors import CredentialsError

stamina.instrumentation.set_on_retry_hooks([])

ATTEMPTS = 6
LONGEST_WAIT = 60.0


class _Otherwise(NoAnswer):
    """The same question is to be put in another way."""


class Model:
    """Asks one model; safe to share between threads."""

    def __init__(self, url: str, key: str, name: str, timeout: float) -> None:
        self._client = wire.opened(url, key, timeout)
        self._name = name
        self._dialect = Dialect()
        self._lock = threading.Lock()
        self.requests = 0
        self.used: Counter[str] = Counter()
        """Tokens so far, as the server counts them, by the hash of the question."""
        self.repeated = 0
        """Tokens, by estimate, of questions that were asked again after an answer that may have to be paid for."""

    @property
    def tokens(self) -> int:
        """Used so far for all questions."""
        return self.used.total()

    def close(self) -> None:
        """Close connections."""
        self._client.close()

    def ask(self, asked: Asked, tries: int) -> Answer:
        """The answer in its agreed form, asked for at most `tries` times where each may have to be paid for.

        Raises NoAnswer, its kind Unavailable where the server is the trouble, or CredentialsError.
        """
        paid = 0

        def again(error: Exception) -> bool | float:
            nonlocal paid
            if isinstance(error, _Otherwise):
                return 0.0
            if isinstance(error, Unusable) or (isinstance(error, Unavailable) and error.paid):
                paid += 1
                return paid < tries and self._repeat(asked)
            if isinstance(error, Unavailable) and error.passing:
                return error.wait if error.wait is not None else True
            return False

        for attempt in stamina.retry_context(
            on=again, attempts=ATTEMPTS, wait_initial=0.5, wait_max=LONGEST_WAIT, timeout=None
        ):
            with attempt:
                return self._once(asked)
        raise AssertionError("retrying ends with an answer or an error")

    def _repeat(self, asked: Asked) -> bool:
        with self._lock:
            self.repeated += asked.tokens
        return True

    def _once(self, asked: Asked) -> Answer:
        body = self._dialect.request(self._name, asked)
        with self._lock:
            self.requests += 1
        try:
            content = self._client.chat.completions.with_raw_response.create(**body).content
        except openai.APITimeoutError:
            raise Unavailable("the language model did not answer in time", paid=True) from None
        except openai.APIConnectionError:
            raise Unavailable("the language model cannot be reached; check llm.url") from None
        except openai.APIStatusError as error:
            said = error.response.text
            if error.status_code in (400, 422) and self._dialect.adapt(body, said):
                raise _Otherwise(f"the language model answered {error.status_code}") from None
            raise _refusal(error.status_code, error.response.headers.get("retry-after", ""), said) from None
        answer, tokens = read(content)
        with self._lock:
            self.used[asked.hash] += tokens
        if isinstance(answer, NoAnswer):
            raise answer
        sentences, dropped = believed(asked.question, answer)
        if not sentences:
            raise Unusable(NOTHING_BELIEVED, dropped)
        return answer


def _refusal(status: int, wait: str, said: str) -> NoAnswer | CredentialsError:
    """What a status that is no success means. The server's own words are not for a report."""
    if status in (401, 403):
        return CredentialsError(f"the language model refused OPENAI_API_KEY ({status}); check it")
    sentence = f"the language model answered {status}"
    if status == 429 and "insufficient_quota" in said:
        return Unavailable(f"{sentence}: its account has nothing left", passing=False)
    if status in (408, 409, 429) or status >= 500:
        seconds = min(float(wait), LONGEST_WAIT) if wait.isdecimal() else None
        return Unavailable(sentence, wait=seconds)
    return Unavailable(f"{sentence}; check llm.model and llm.url", passing=False)
