"""Which prompt a database's items are asked with."""

from pathlib import Path

from timeweave.enrichment.configuration import config_file
from timeweave.runtime.errors import ConfigurationError
from timeweave.runtime.spelling import fold


class Prompts:
    """The folder `config/prompts/` and what the enrichment configuration says of it."""

    def __init__(self, folder: Path, config: Path) -> None:
        found = config_file.load(config)
        self._chosen = {fold(name): entry.prompt for name, entry in found.entries.items() if entry.prompt}
        self._default = (found.default.prompt if found.default else None) or "default"
        self._there = {path.stem for path in folder.glob("*.j2")}
        for kind in {*self._chosen.values(), self._default, "person", "team", "system"} - self._there:
            raise ConfigurationError(f"{folder} has no prompt {kind}.j2; restore it, or correct `prompt:` in {config}")

    def kind(self, database: str) -> str:
        """The prompt for `Space/Database`: the configured one, else that of the database's name, else the default."""
        own = database.rpartition("/")[2].casefold().replace(" ", "-").rpartition("sub-")[2]
        return self._chosen.get(fold(database)) or (own if own in self._there else self._default)
