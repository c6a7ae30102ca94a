"""A question for the model: data under keys, and what each key stands for in a report."""

import json
import math
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

FORM_TOKENS = 200
"""What the agreed form of answers takes in a request, roughly."""
PLACE = re.compile(r"\{([IP]\d{1,5})\}")
"""A key where a name belongs."""


@dataclass(frozen=True)
class Question:
    """One summary to be written. `data` holds nothing but strings, lists and mappings; keys are like I1 and P1."""

    kind: str
    """Which prompt: task, bug, …, person, team."""
    subject: tuple[Any, ...]
    """What it is about, for whoever takes the answer."""
    data: dict[str, Any]
    names: dict[str, str]
    """What code puts in the place of each key."""
    known: frozenset[str] = frozenset()
    """Parts of the names of everybody, in small letters: whoever is named is named by a key."""
    withheld: tuple[str, ...] = ()
    """Texts that read like instructions: not shown to the model, and their words not believed of it."""

    @property
    def block(self) -> str:
        """The data as the prompt shows it."""
        return json.dumps(self.data, ensure_ascii=False, indent=1, sort_keys=True)

    @property
    def words(self) -> str:
        """All text of the data without its keys: what an answer may draw on."""
        return "\n".join(PLACE.sub(" ", text) for text in _strings(self.data, set(self.names)))


@dataclass(frozen=True)
class Asked:
    """A question in the words that are sent, and to whom: `server` is an address, or the sandbox's name."""

    question: Question
    system: str
    user: str
    model: str
    server: str
    answer_tokens: int
    """The most that the answer may take."""

    @property
    def hash(self) -> str:
        """Stands for everything that goes into the answer."""
        content = json.dumps(
            [self.server, self.model, self.system, self.user, self.answer_tokens, 2], ensure_ascii=False
        )
        return sha256(content.encode()).hexdigest()

    @property
    def tokens(self) -> int:
        """An estimate on the high side: three bytes a token, the form of answers, and a full answer."""
        return math.ceil(len((self.system + self.user).encode()) / 3) + FORM_TOKENS + self.answer_tokens


def _strings(value: Any, keys: set[str]) -> list[str]:
    if isinstance(value, dict):
        return [text for one in value.values() for text in _strings(one, keys)]
    if isinstance(value, list):
        return [text for one in value for text in _strings(one, keys)]
    return [] if value in keys or not isinstance(value, str) else [value]
