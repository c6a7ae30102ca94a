"""The model behind an OpenAI-compatible address: asked within bounds, believed only in the agreed form."""

import threading

import msgspec
import openai
import stamina

from timeweave.errors import CredentialsError
from timeweave.llm.belief import SCHEMA, Answer, NoAnswer
from timeweave.llm.question import ANSWER_TOKENS, Asked

stamina.instrumentation.set_on_retry_hooks([])

ATTEMPTS = 3


class _Unusable(NoAnswer):
    """An answer that may be better the next time."""


class Model:
    """Asks one model; safe to share between threads."""

    def __init__(self, url: str | None, key: str, name: str, timeout: float) -> None:
        self._client = openai.OpenAI(base_url=url, api_key=key, max_retries=0, timeout=timeout)
        self._name = name
        self._lock = threading.Lock()
        self.requests = 0
        self.tokens = 0
        """Used so far, as the server counts them."""

    def close(self) -> None:
        """Close connections."""
        self._client.close()

    def ask(self, asked: Asked) -> Answer:
        """The answer in its agreed form, after a bounded number of tries. Raises NoAnswer, or CredentialsError."""
        trouble = (openai.APIConnectionError, openai.RateLimitError, openai.InternalServerError, _Unusable)
        try:
            for attempt in stamina.retry_context(
                on=trouble, attempts=ATTEMPTS, wait_initial=0.5, wait_max=20, timeout=None
            ):
                with attempt:
                    return self._once(asked)
        except (openai.AuthenticationError, openai.PermissionDeniedError) as error:
            raise CredentialsError(
                f"the language model refused OPENAI_API_KEY ({error.status_code}); check it"
            ) from None
        except openai.APITimeoutError:
            raise NoAnswer("the language model did not answer in time") from None
        except openai.APIConnectionError:
            raise NoAnswer("the language model cannot be reached; check llm.url") from None
        except openai.APIStatusError as error:
            raise NoAnswer(f"the language model answered {error.status_code}") from None
        raise AssertionError("retrying ends with an answer or an error")

    def _once(self, asked: Asked) -> Answer:
        with self._lock:
            self.requests += 1
        reply = self._client.chat.completions.create(
            model=self._name,
            messages=[{"role": "system", "content": asked.system}, {"role": "user", "content": asked.user}],
            response_format={
                "type": "json_schema",
                "json_schema": {"name": "summary", "strict": True, "schema": SCHEMA},
            },
            max_tokens=ANSWER_TOKENS,
            temperature=0,
        )
        with self._lock:
            self.tokens += reply.usage.total_tokens if reply.usage else 0
        if not reply.choices:
            raise _Unusable("the language model answered nothing")
        choice = reply.choices[0]
        if choice.message.refusal:
            raise NoAnswer("the language model refused to answer")
        if choice.finish_reason == "length":
            raise _Unusable("the language model's answer was cut off")
        try:
            return msgspec.json.decode(choice.message.content or "", type=Answer)
        except (msgspec.DecodeError, UnicodeEncodeError):
            raise _Unusable("the language model's answer was not in the agreed form") from None
