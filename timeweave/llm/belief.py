"""Which sentences of an answer are believed: those that cite known keys and claim nothing that the data does not."""

import re
import unicodedata

import msgspec

from timeweave.llm import words
from timeweave.llm.numerals import numbers
from timeweave.llm.question import PLACE, Question
from timeweave.reports.formatting import sanitize
from timeweave.runtime.errors import TimeweaveError

NOTHING_BELIEVED = "no sentence of the language model's answer could be believed"
MOST_SENTENCES = {"person": 5, "team": 6}
MOST_SENTENCES_OF_AN_ITEM = 3
LONGEST = 400
_KEY = re.compile(r"\b[IP]\d{1,5}\b")
_LINK = re.compile(
    r"://|\bwww\.|\][(\[:]|[<>`@]|&#?\w{1,32};|\b(?:mailto|javascript|data|tel|ftp|file|sms):|[\w-]\.[^\W\d_]{2,}\b"
    r"|[a-z0-9]。[a-z]|\w\s+(?:dot|\(dot\))\s+(?:com|net|org|io|dev|app|info|example)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+")
# Words that any sentence may hold, whatever was withheld.
_ORDINARY = frozenset(
    "about after again also been before being both does done down each else even ever every from have here into just "
    "like made make many more most much must never next only other over past said same should some still such sure take "
    "than that their them then there these they thing this those time until upon very want week well went were what when "
    "where which while will with within without work worked working would your item items team people person".split()
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

    dropped = 0
    """Sentences of its answer, none of which could be believed."""


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
    texts = [(sanitize.clean(sentence.text), sentence.cites) for sentence in answer.sentences]
    kept = [text for text, cites in texts if _holds(question, text, cites)][:most]
    return kept, len(texts) - len(kept)


def rendered(sentences: list[str], names: dict[str, str]) -> str:
    """The sentences as a report prints them: code puts the names in."""
    return " ".join(PLACE.sub(lambda place: names[place.group(1)], text) for text in sentences)


def _holds(question: Question, text: str, cites: list[str]) -> bool:
    keys = set(PLACE.findall(text))
    prose = unicodedata.normalize("NFKC", PLACE.sub(" ", text))
    return (
        bool(_WORD.search(prose))
        and len(text) <= LONGEST
        and bool(keys)
        and keys | set(cites) <= set(question.names)
        and not {"{", "}"} & set(prose)
        and not _LINK.search(prose)
        and set(_KEY.findall(prose)) <= set(_KEY.findall(question.words))
        and numbers(PLACE.sub(" ", text)) <= numbers(question.words)
        and not words.name_in(prose, question.known, question.words)
        and words.scripts(prose) <= words.scripts(question.words) | {"LATIN"}
        and not words.mixed(prose) - words.mixed(question.words)
        and not _words(prose) & (_words("\n".join(question.withheld)) - _words(question.words) - _ORDINARY)
    )


def _words(text: str) -> set[str]:
    return {word.casefold() for word in _WORD.findall(text) if len(word) > 3}
