"""Which sentences of an answer are believed: those that cite known keys and claim nothing that the data does not."""

import re
import unicodedata

import msgspec

from timeweave.errors import TimeweaveError
from timeweave.llm.question import Question

MOST_SENTENCES = {"person": 5, "team": 6}
MOST_SENTENCES_OF_AN_ITEM = 3
LONGEST = 400
_PLACE = re.compile(r"\{([A-Z]\d{1,5})\}")
_NUMBER = re.compile(r"\d+(?:[.,:/]\d+)*")
_LINK = re.compile(r"://|\bwww\.|\]\(|[<>`]|\bmailto:|\bjavascript:|@|\b[\w-]+\.[a-z]{2,}\b", re.IGNORECASE)
_NUMBER_WORDS = frozenset(
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
    "nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion dozen half third "
    "quarter twice thrice double triple percent".split()
)


class Sentence(msgspec.Struct, forbid_unknown_fields=True):
    """A sentence as the model answers it: keys stand in braces where names belong, and again under `cites`."""

    text: str
    cites: list[str]


class Answer(msgspec.Struct, forbid_unknown_fields=True):
    """The whole answer."""

    sentences: list[Sentence]


class NoAnswer(TimeweaveError):
    """The model gave nothing that can be used; the sentence says why."""


SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["sentences"],
    "properties": {
        "sentences": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["text", "cites"],
                "properties": {"text": {"type": "string"}, "cites": {"type": "array", "items": {"type": "string"}}},
            },
        }
    },
}
"""`Answer` as a JSON schema for the model."""


def believed(question: Question, answer: Answer) -> tuple[list[str], int]:
    """The sentences that hold, keys still in their places, and how many were dropped."""
    most = MOST_SENTENCES.get(question.kind, MOST_SENTENCES_OF_AN_ITEM)
    kept = [sentence.text.strip() for sentence in answer.sentences if _holds(question, sentence)][:most]
    return kept, len(answer.sentences) - len(kept)


def rendered(sentences: list[str], names: dict[str, str]) -> str:
    """The sentences as a report prints them: code puts the names in."""
    return " ".join(_PLACE.sub(lambda place: names[place.group(1)], text) for text in sentences)


def _holds(question: Question, sentence: Sentence) -> bool:
    keys = set(_PLACE.findall(sentence.text))
    prose = _PLACE.sub(" ", sentence.text)
    return (
        bool(prose.strip())
        and len(sentence.text) <= LONGEST
        and bool(keys)
        and keys | set(sentence.cites) <= set(question.names)
        and not {"{", "}"} & set(prose)
        and not _LINK.search(prose)
        and _numbers(prose) <= _numbers(question.words)
        and not _words(prose) & (_words("\n".join(question.withheld)) - _words(question.words))
    )


def _numbers(text: str) -> set[str]:
    """Everything in a text that is a number, in digits of any script or in English words."""
    plain = unicodedata.normalize("NFKC", text)
    others = {letter for letter in plain if not letter.isdigit() and unicodedata.numeric(letter, None) is not None}
    return set(_NUMBER.findall(plain)) | others | (set(_words(plain, 3)) & _NUMBER_WORDS)


def _words(text: str, shortest: int = 4) -> set[str]:
    found = {word.casefold() for word in re.findall(r"[^\W\d_]+", text)}
    return {word for word in found if len(word) >= shortest}
