"""Connects to the model that the parameters name: the sandbox's, OpenAI's, or any that speaks like it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from timeweave.llm.settings import OPENAI, SANDBOX, LlmSettings
from timeweave.runtime.errors import ConfigurationError, CredentialsError
from timeweave.web import tokens
from timeweave.web.url_check import check_url

try:
    from timeweave.llm.model import Model
except ModuleNotFoundError:
    raise ConfigurationError("llm.enabled needs the extra `llm`: pip install -e '.[llm]'") from None

NO_KEY = "none"
"""What a server of one's own is told where no key is set."""


@contextmanager
def connect(source: str, settings: LlmSettings, as_of: date) -> Iterator[Model]:
    """The model, open for questions. The demo has the sandbox's, unless `llm.url` names another."""
    if settings.server(source) == SANDBOX:
        from timeweave.sandbox.server import Sandbox
        from timeweave.sandbox.team import LLM_KEY

        with Sandbox(as_of) as sandbox, _opened(f"{sandbox.url}/v1", LLM_KEY, settings) as model:
            yield model
        return
    if not settings.model:
        raise ConfigurationError("llm.model must be named where llm.enabled is true, like gpt-4o-mini")
    url = check_url(settings.server(source), "llm.url")
    with _opened(url, _key(url), settings) as model:
        yield model


@contextmanager
def _opened(url: str, key: str, settings: LlmSettings) -> Iterator[Model]:
    model = Model(url, key, settings.model or "sandbox", settings.timeout_seconds)
    try:
        yield model
    finally:
        model.close()


def _key(url: str) -> str:
    try:
        return tokens.read_token("OPENAI_API_KEY")
    except CredentialsError:
        if url == OPENAI:
            raise
        return NO_KEY
