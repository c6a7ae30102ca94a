"""`llm` of params.yaml, and prompts: the templates of `config/prompts/`, which of them an item takes, and one filled in, ready to be sent."""

import json
import math
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Annotated

import msgspec
from pydantic import Field

from timeweave.llm.inputs import SummaryInput, SummaryKind
from timeweave.reports.formatting.templates import Templates
from timeweave.runtime.errors import ConfigurationError
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


FORM_TOKENS = 200
"""What the agreed form of answers takes in a request, roughly."""


@dataclass(frozen=True)
class Prompt:
    """What is sent for one summary."""

    given: SummaryInput
    system: str
    user: str
    hash: str
    """Stands for everything that goes into the answer, server and model included."""
    tokens: int
    """An estimate on the high side: three bytes a token, the form of answers, and a full answer."""


class _Entry(msgspec.Struct):
    prompt: str | None = None


class _Configuration(msgspec.Struct):
    """What of the enrichment configuration is about prompts; enrichment itself checks the whole file."""

    enrichment_activities: dict[str, _Entry | None] | None = None


class Prompts:
    """The folder of templates and what the enrichment configuration says of it."""

    def __init__(self, folder: Path, config: Path, settings: LlmSettings, source: str) -> None:
        """`source` is where the data is from, demo or live."""
        try:
            entries = msgspec.yaml.decode(config.read_bytes(), type=_Configuration).enrichment_activities or {}
        except (OSError, msgspec.DecodeError) as error:
            raise ConfigurationError(f"{config} cannot be read: {error}; enrichment.config names the file") from None
        self._chosen = {name.casefold(): entry.prompt for name, entry in entries.items() if entry and entry.prompt}
        self._known = {path.stem for path in folder.glob("*.j2")}
        for name in {*self._chosen.values(), "default", "person", "team", "system"} - self._known:
            raise ConfigurationError(f"{folder} has no prompt {name}.j2; restore it, or correct `prompt:` in {config}")
        self._templates = Templates(folder, str)
        self._receiver = [settings.find_server(source), settings.model or ""]
        self._answer_tokens = settings.max_answer_tokens

    def fill(self, given: SummaryInput) -> Prompt:
        """The prompt of an input."""
        name = self.find_name(given.database) if given.kind is SummaryKind.ITEM else given.kind
        system, user = self._templates.render("system.j2"), self._templates.render(f"{name}.j2", data=given.block)
        tokens = math.ceil(len((system + user).encode()) / 3) + FORM_TOKENS + self._answer_tokens
        content = json.dumps([*self._receiver, system, user, self._answer_tokens], ensure_ascii=False)
        return Prompt(given, system, user, sha256(content.encode()).hexdigest(), tokens)

    def find_name(self, database: str) -> str:
        """For `Space/Database` the prompt that is configured, else the one of the database's name, else the default."""
        own = database.rpartition("/")[2].casefold().replace(" ", "-").rpartition("sub-")[2]
        usual = own if own in self._known else self._chosen.get("default", "default")
        return self._chosen.get(database.casefold(), usual)
