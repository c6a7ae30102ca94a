"""What a server replied to a question: the answer in its agreed form, or why there is none."""

import re

import msgspec

from timeweave.llm.belief import Answer, NoAnswer

# What models put around JSON where the server cannot hold them to it.
_THOUGHT = re.compile(r"\A\s*<think>.*?</think>", re.DOTALL)
_FENCE = re.compile(r"\A\s*```(?:json)?\s*\n(.*?)\n?\s*```\s*\Z", re.DOTALL)


class Unusable(NoAnswer):
    """An answer that may be better the next time, though it was paid for."""

    def __init__(self, sentence: str, dropped: int = 0) -> None:
        super().__init__(sentence)
        self.dropped = dropped


class Unavailable(NoAnswer):
    """The server does not serve, and not this question alone. Asked again only if it is `passing`."""

    def __init__(self, sentence: str, *, passing: bool = True, wait: float | None = None, paid: bool = False) -> None:
        """`wait` are the seconds it asked for; `paid` says that the question may have to be paid for all the same."""
        super().__init__(sentence)
        self.passing, self.wait, self.paid = passing, wait, paid


class _Message(msgspec.Struct):
    content: str | None = None
    refusal: str | None = None


class _Choice(msgspec.Struct):
    message: _Message
    finish_reason: str | None = None


class _Usage(msgspec.Struct):
    total_tokens: int | None = None


class _Reply(msgspec.Struct):
    choices: list[_Choice]
    usage: _Usage | None = None


def read(content: bytes) -> tuple[Answer | NoAnswer, int]:
    """The answer or what is wrong with it, and the tokens that the server counted."""
    try:
        reply = msgspec.json.decode(content, type=_Reply)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Unusable("the language model's server sent something that is no answer; check llm.url"), 0
    tokens = (reply.usage.total_tokens if reply.usage else None) or 0
    return (_answer(reply.choices[0]) if reply.choices else Unusable("the language model answered nothing")), tokens


def _answer(choice: _Choice) -> Answer | NoAnswer:
    if choice.message.refusal or choice.finish_reason == "content_filter":
        return NoAnswer("the language model refused to answer")
    if choice.finish_reason == "length":
        return Unusable("the language model's answer was cut off")
    text = _THOUGHT.sub("", choice.message.content or "")
    if fenced := _FENCE.match(text):
        text = fenced[1]
    try:
        return msgspec.json.decode(text.encode(), type=Answer)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return Unusable("the language model's answer was not in the agreed form")
