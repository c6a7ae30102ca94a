"""Answers that were paid for, each under the hash of everything that went into it."""

from pathlib import Path

from timeweave.llm.belief import Answer
from timeweave.runtime import document
from timeweave.runtime.errors import TimeweaveError


class Store:
    """The folder `data/llm/`. Only answers that could be read get in, never a refusal or an error."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, hash_: str) -> Answer | None:
        """The answer, or None; a damaged file counts as none and is written again."""
        try:
            return document.read(self._path(hash_), Answer)
        except TimeweaveError:
            return None

    def put(self, hash_: str, answer: Answer) -> None:
        """Keep an answer."""
        document.write(self._path(hash_), answer)

    def _path(self, hash_: str) -> Path:
        return self._folder / f"{hash_}.json"
