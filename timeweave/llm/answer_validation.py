"""What of a server's response is used: an answer in the agreed form, and of its sentences those of the agreed form.

A sentence names the keys it was given and nobody else, holds no digit, link or markup, and is of bounded length.
What it says is not judged.
"""

import re
import unicodedata
from enum import StrEnum
from typing import Annotated, Any

import msgspec

from timeweave.llm.inputs import KEY, SummaryInput, SummaryKind
from timeweave.reports.formatting import sanitize
from timeweave.runtime import shapes
from timeweave.runtime.errors import TimeweaveError

LONGEST_SENTENCE = 400
MOST_SENTENCES = {SummaryKind.ITEM: 3, SummaryKind.PERSON: 5, SummaryKind.TEAM: 6}
_DIGITS = ("Nd", "Nl", "No")
"""Unicode's categories of digits, number letters and fractions, of every script."""
_MARKUP = re.compile(r"//|[<>\[\]{}@`\\]|&#?\w{1,32};|[a-z]:\S|\w\.\w|[a-z]。[a-z]", re.IGNORECASE)
"""What can become a link, an address, HTML, Markdown or a key."""


class Sentence(msgspec.Struct, forbid_unknown_fields=True):
    """A sentence as the model answers it: keys stand in braces where names belong, and again under `cites`."""

    text: str
    cites: list[str]


class Answer(msgspec.Struct, forbid_unknown_fields=True):
    """The whole answer."""

    sentences: list[Sentence]


class Failure(StrEnum):
    """Why there is no answer."""

    OVER_LIMIT = "over_limit"  # too many tokens: not asked
    REFUSED = "refused"  # by the model
    UNUSABLE = "unusable"  # the next one may be better
    TIMEOUT = "timeout"
    BUSY = "busy"  # trouble of the server that may pass
    UNAVAILABLE = "unavailable"  # trouble that will not
    WRONG_KEY = "wrong_key"


class NoAnswer(TimeweaveError):
    """The model gave nothing that can be used; the sentence says why."""

    def __init__(self, failure: Failure, sentence: str, *, wait: float | None = None, dropped: int = 0) -> None:
        """`wait` are the seconds that a busy server named; `dropped` sentences of an answer were not used."""
        super().__init__(sentence)
        self.failure, self.wait, self.dropped = failure, wait, dropped


def _describe_object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "required": [*properties], "properties": properties}


_TEXT = {"type": "string"}
_SENTENCE = _describe_object(text=_TEXT, cites={"type": "array", "items": _TEXT})
SCHEMA = _describe_object(sentences={"type": "array", "items": _SENTENCE})
"""`Answer` as a JSON schema for the model."""


class _Message(msgspec.Struct):
    content: str | None = None
    refusal: str | None = None


class _Choice(msgspec.Struct):
    message: _Message
    finish_reason: str | None = None


class _Usage(msgspec.Struct):
    total_tokens: Annotated[int, msgspec.Meta(ge=0, le=2**53)] | None = None


class _Response(msgspec.Struct):
    choices: list[_Choice]
    usage: _Usage | None = None


def parse_response(content: bytes, given: SummaryInput) -> tuple[Answer | NoAnswer, int]:
    """An answer with a sentence that can be used, or what is wrong with it; and the tokens that the server counted."""
    try:
        response = shapes.decode(content, _Response)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        sentence = "the language model's server sent something that is not an answer; check llm.url"
        return NoAnswer(Failure.UNUSABLE, sentence), 0
    tokens = (response.usage.total_tokens if response.usage else None) or 0
    return _parse_choice(response.choices[0] if response.choices else _Choice(_Message()), given), tokens


def _parse_choice(choice: _Choice, given: SummaryInput) -> Answer | NoAnswer:
    if choice.message.refusal or choice.finish_reason == "content_filter":
        return NoAnswer(Failure.REFUSED, "the language model refused to answer")
    if choice.finish_reason == "length":
        return NoAnswer(Failure.UNUSABLE, "the language model's answer was cut off")
    # Models put thoughts, Markdown and courtesies around JSON where the server cannot hold them to it.
    text = (choice.message.content or "").rpartition("</think>")[2]
    text = text[text.find("{") : text.rfind("}") + 1]
    try:
        answer = shapes.decode(text.encode(), Answer)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return NoAnswer(Failure.UNUSABLE, "the language model's answer was not in the agreed form")
    sentences, dropped = select_sentences(answer, given)
    said = "no sentence of the language model's answer was in the agreed form"
    return answer if sentences else NoAnswer(Failure.UNUSABLE, said, dropped=dropped)


def select_sentences(answer: Answer, given: SummaryInput) -> tuple[list[str], int]:
    """The sentences of the agreed form, keys still in their places, and how many were dropped."""
    cleaned = [(sanitize.clean(sentence.text), sentence.cites) for sentence in answer.sentences]
    kept = [text for text, cites in cleaned if _has_agreed_form(text, cites, given)][: MOST_SENTENCES[given.kind]]
    return kept, len(cleaned) - len(kept)


def _has_agreed_form(text: str, cites: list[str], given: SummaryInput) -> bool:
    keys, prose = set(KEY.findall(text)), KEY.sub(" ", text)
    normal = unicodedata.normalize("NFKC", prose)
    return (
        bool(keys)
        and keys | set(cites) <= set(given.names)
        and len(text) <= LONGEST_SENTENCE
        and any(map(str.isalpha, prose))
        and not any(unicodedata.category(sign) in _DIGITS for sign in prose + normal)
        and not _MARKUP.search(normal)
        and not given.people.occur_in(normal)
    )
