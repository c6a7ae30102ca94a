"""Rich text by the secrets of documents, many in one request. A secret leaves this module in no sentence."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from timeweave.fibery.answers import LONGEST_DOCUMENT
from timeweave.fibery.client import FiberyClient
from timeweave.runtime.errors import TimeweaveError
from timeweave.runtime.name_comparison import cut_text
from timeweave.web.answers import UnusableAnswer
from timeweave.web.client import TransientError
from timeweave.web.limits import ConcurrencyLimit

MOST_DOCUMENTS = 100
"""Documents in one request; Fibery documents no limit, its users stay below this."""
Batch = list[tuple[str, str]]
"""Pairs of the database that a document belongs to and its secret."""

_CALLOUT = re.compile(r"^(?:[ \t]*>[ \t]*)?\[//\]: # \([a-z-]+(?:;[^)\n]*)?\)[ \t]*$\n?", re.MULTILINE)
_MENTION = re.compile(r"\[\[(?P<text>[^\[\]\n]*?)#\^(?P<type>[\w-]{1,64})/[\w-]{1,64}\]\](?P<after> ?)")
_NEAR = 40
"""Characters before a mention that say whether it begins a sentence."""
_BEGINNING = re.compile(r"(?:.*(?:\w\w\.|[!?]) +)?(?:[\s>*_#+-]|\d+\. |\[[ x]\] )*")


@dataclass
class RichTexts:
    """Markdown by secret; `lost` holds the secrets whose text the service could not give, with the reason.

    `cut` names the databases with texts that are too long to be kept whole.
    """

    texts: dict[str, str] = field(default_factory=dict)
    lost: dict[str, str] = field(default_factory=dict)
    cut: set[str] = field(default_factory=set)
    user_type: str = ""
    """The id of Fibery's type of users."""

    def get(self, secret: str | None) -> str | None:
        """The text without Fibery's own marks; null where there is none."""
        return clean_markdown(self.texts.get(secret or "", ""), self.user_type) or None


def fetch(
    client: FiberyClient, limit: ConcurrencyLimit, wanted: Iterable[tuple[str, str]], user_type: str = ""
) -> RichTexts:
    """The documents of these (database, secret) pairs; one that is not there has no text."""
    found = RichTexts(user_type=user_type)
    batches = _split(list(dict.fromkeys(wanted)))
    repeated: set[str] = set()
    while batches:
        jobs = [(frozenset(database for database, _ in batch), _prepare(client, batch)) for batch in batches]
        again: list[Batch] = []
        for batch, answer in zip(batches, limit.run(jobs), strict=True):
            if isinstance(answer, TimeweaveError):
                again += _halve(answer, batch, found)
                continue
            found.texts |= {secret: cut_text(text, LONGEST_DOCUMENT) for secret, text in answer.items()}
            found.cut |= {name for name, secret in batch if len(answer.get(secret, "")) > LONGEST_DOCUMENT}
            missing = [pair for pair in batch if pair[1] not in answer]
            if missing and (answer or any(secret not in repeated for _, secret in missing)):
                again.append(missing)
            repeated |= {secret for _, secret in missing}
        batches = again
    return found


def clean_markdown(text: str, user_type: str = "") -> str:
    """The text with marks of callouts gone and mentions reduced to what they show, else to `somebody` or `an item`.

    They are `…` where the type of users is not known. `\\n` line ends, no blank edges.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _MENTION.sub(lambda one: _show_mention(one, user_type), _CALLOUT.sub("", text)).strip()


def _show_mention(mention: re.Match[str], user_type: str) -> str:
    # Fibery gives no name with most mentions: whom or what the sentence is about stays open.
    shown = "somebody" if mention["type"] == user_type else "an item" if user_type else "…"
    before = mention.string[max(0, mention.start() - _NEAR) : mention.start()].rpartition("\n")[2]
    shown = shown.capitalize() if _BEGINNING.fullmatch(before) else shown
    return (mention["text"].strip() or " " * before.endswith("]]") + shown) + mention["after"]


def _prepare(client: FiberyClient, batch: Batch) -> Callable[[], dict[str, str]]:
    return lambda: client.fetch_documents([secret for _, secret in batch])


def _halve(error: TimeweaveError, batch: Batch, found: RichTexts) -> list[Batch]:
    """The halves of a batch that was refused; what is refused alone is lost, and so is all that passing trouble outlasted."""
    if len(batch) == 1 or isinstance(error, TransientError | UnusableAnswer):
        found.lost |= dict.fromkeys((secret for _, secret in batch), str(error))
        return []
    half = len(batch) // 2
    return [batch[:half], batch[half:]]


def _split(pairs: Batch) -> list[Batch]:
    return [pairs[start : start + MOST_DOCUMENTS] for start in range(0, len(pairs), MOST_DOCUMENTS)]
