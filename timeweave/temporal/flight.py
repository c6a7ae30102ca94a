"""Days of a walk that is not proven yet, saved as they come, so that a worker's death loses none that was paid for."""

from datetime import date
from pathlib import Path

from timeweave import document
from timeweave.temporal.storage import Storage
from timeweave.toggl.archive import InFlight

FOLDER = Path("data/toggl/days-in-flight")
NOTE = "walk.json"
"""Says how far the walk is; the days count only beside it, so it goes first."""


class Flight:
    """The folder of one checkout, and its copy where every worker finds it. One of an account at a time has them."""

    def __init__(self, folder: Path, storage: Storage, account: str) -> None:
        self._folder = folder / FOLDER
        self._fs, self._place = storage.place(f"in-flight/{account}")
        self._saved: dict[str, int] = {}
        self._walk: tuple[date, date, date] | None = None

    def restore(self) -> None:
        """Lay out what an interrupted walk left."""
        if not self._fs.exists(self._place):
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        for path in self._fs.find(self._place):
            name = self._fs.parts(path)[-1]
            self._fs.get_file(path, str(self._folder / name))
            self._saved[name] = (self._folder / name).stat().st_mtime_ns

    def save(self) -> None:
        """Copy what is new since the last time.

        What is gone stays in the copy: it went into an archive that nobody else has seen yet, see `clear`.
        """
        found = {path.name: path.stat().st_mtime_ns for path in self._files()}
        if NOTE not in found:
            return
        walk = document.read(self._folder / NOTE, InFlight).walk
        if self._walk not in (None, (walk.first, walk.last, walk.as_of)):
            self.clear()
        self._walk = walk.first, walk.last, walk.as_of
        for name in sorted(found, key=lambda name: (name != NOTE, name)):
            if self._saved.get(name) != found[name]:
                self._copy(name)
                self._saved[name] = found[name]

    def clear(self) -> None:
        """Nothing is in flight any more: the days are in an archive that is published, or were given up."""
        if self._fs.exists(self._place):
            self._fs.remove(self._place, recursive=True)
        self._saved, self._walk = {}, None

    def _files(self) -> list[Path]:
        return [path for path in self._folder.glob("*.json") if path.exists()]

    def _copy(self, name: str) -> None:
        target = self._fs.join(self._place, name)
        self._fs.makedirs(self._place, exist_ok=True)
        try:
            # To another name first: whoever reads it while it is written must not find half of it.
            self._fs.put_file(str(self._folder / name), f"{target}.part")
            self._fs.move(f"{target}.part", target)
        except FileNotFoundError:
            # Moved into the archive in the meantime.
            return
