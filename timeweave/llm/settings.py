"""`llm` of params.yaml."""

from typing import Annotated

from pydantic import Field, model_validator

from timeweave.params import Section


class LlmSettings(Section):
    """Which model, how much of it, and what it may be told."""

    enabled: bool = False
    url: str | None = None
    """Address of any OpenAI-compatible server, like http://localhost:11434/v1; null is OpenAI's own."""
    model: str | None = None
    max_concurrent: Annotated[int, Field(ge=1, le=100)] = 3
    max_tokens_per_run: Annotated[int, Field(ge=0)] = 500_000
    """Questions that would go over this, by estimate, are not asked."""
    price_per_million_tokens: Annotated[float, Field(ge=0)] = 0.0
    """For the estimate only, in whatever currency."""
    timeout_seconds: Annotated[float, Field(gt=0)] = 60.0
    pseudonyms: bool = False
    """No name, e-mail or id of a person leaves this machine."""
    required: bool = False
    """A summary that cannot be had stops the run instead of leaving plain text."""

    @model_validator(mode="after")
    def _named(self) -> "LlmSettings":
        if self.enabled and not self.model:
            raise ValueError("model must be named where llm.enabled is true, like gpt-4o-mini")
        return self
