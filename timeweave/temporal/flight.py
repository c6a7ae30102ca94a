"""Days of a walk that is not proven yet, saved as they come, so that a worker's death loses none that was paid for."""

from datetime import date
from pathlib import Path

from timeweave.runtime import document
from timeweave.temporal.storage import Storage
from timeweave.toggl.archive import InFlight, Walk

FOLDER = Path("data/toggl/days-in-flight")
NOTE = "walk.json"
"""Says how far the walk is; the days count only beside it, so it goes first."""


class Flight:
    """The folder of one checkout, and a copy of each walk of the account where every worker finds it."""

    def __init__(self, folder: Path, storage: Storage, account: str) -> None:
        self._folder = folder / FOLDER
        self._fs, self._place = storage.place(f"in-flight/{account}")
        self._saved: dict[tuple[str, str], int] = {}
        self._mine: set[str] = set()

    def restore(self, first: date, last: date) -> None:
        """Lay out what an interrupted walk left that most of these days are of; other walks are other runs' affair."""
        common = {name: _common(name, first, last) for name in self._walks()}
        name = max(common, key=lambda one: (common[one], one), default="")
        if not common.get(name):
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        for path in self._fs.find(self._fs.join(self._place, name)):
            file = self._fs.parts(path)[-1]
            if file.endswith(".json"):
                self._fs.get_file(path, str(self._folder / file))
                self._saved[name, file] = (self._folder / file).stat().st_mtime_ns
        self._mine.add(name)

    def save(self) -> None:
        """Copy what is new since the last time.

        What is gone stays in the copy: it went into an archive that nobody else has seen yet, see `clear`.
        """
        try:
            found = {path.name: path.stat().st_mtime_ns for path in self._folder.glob("*.json")}
            name = _name(document.read(self._folder / NOTE, InFlight).walk) if NOTE in found else ""
        except FileNotFoundError:
            # On its way into the archive at this moment.
            return
        if not name:
            return
        self._mine.add(name)
        for file in sorted(found, key=lambda file: (file != NOTE, file)):
            if self._saved.get((name, file)) != found[file]:
                self._copy(name, file)
                self._saved[name, file] = found[file]

    def clear(self) -> None:
        """The walks of this stage are over: their days are in an archive that is published, or were given up."""
        for name in self._mine & set(self._walks()):
            self._fs.remove(self._fs.join(self._place, name), recursive=True)
        self._saved, self._mine = {}, set()

    def _walks(self) -> list[str]:
        if not self._fs.exists(self._place):
            return []
        return [self._fs.parts(path)[-1] for path in self._fs.ls(self._place, detail=False)]

    def _copy(self, name: str, file: str) -> None:
        folder = self._fs.join(self._place, name)
        target = self._fs.join(folder, file)
        self._fs.makedirs(folder, exist_ok=True)
        try:
            # To another name first: whoever reads it while it is written must not find half of it.
            self._fs.put_file(str(self._folder / file), f"{target}.part")
        except FileNotFoundError:
            return
        self._fs.move(f"{target}.part", target)


def _name(walk: Walk) -> str:
    return f"{walk.first}_{walk.last}_{walk.as_of}"


def _common(name: str, first: date, last: date) -> int:
    """How many days of a walk are of a range."""
    begun, ended = (date.fromisoformat(part) for part in name.split("_")[:2])
    return max(0, (min(ended, last) - max(begun, first)).days + 1)
