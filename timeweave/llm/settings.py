"""`llm` of params.yaml."""

from typing import Annotated

from pydantic import Field

from timeweave.runtime.params import Section

OPENAI = "https://api.openai.com/v1"
SANDBOX = "the sandbox's model"


class LlmSettings(Section):
    """Which model, how much of it, and what it may be told."""

    enabled: bool = False
    url: str | None = None
    """Address of any OpenAI-compatible server, like http://localhost:11434/v1; null is OpenAI's own."""
    model: str | None = None
    max_concurrent: Annotated[int, Field(ge=1, le=100)] = 3
    max_tokens_per_run: Annotated[int, Field(ge=0)] = 500_000
    """Prompts that would go over this, by estimate, are not sent."""
    max_answer_tokens: Annotated[int, Field(ge=1)] = 500
    """Of one answer, thoughts included: models that think first need some thousands."""
    price_per_million_tokens: Annotated[float, Field(ge=0)] = 0.0
    """For the estimate only, in whatever currency."""
    timeout_seconds: Annotated[float, Field(gt=0)] = 60.0
    pseudonyms: bool = False
    """No name, e-mail or id of a person leaves this machine."""
    required: bool = False
    """A summary that cannot be had stops the run instead of leaving plain text."""

    def find_server(self, source: str) -> str:
        """Who answers, `source` being demo or live: part of what an answer is kept under."""
        return SANDBOX if source == "demo" and self.url is None else (self.url or OPENAI).rstrip("/")
