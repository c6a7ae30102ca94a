"""data/aggregated.json, data/history.json -> data/entities.json: what time was logged on, as far as Fibery has to be asked for it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from timeweave.matching.titles import MatchingSettings, may_be_title
from timeweave.models.aggregated import Aggregated
from timeweave.models.entities import Entities, EntityKey, IncompleteReference
from timeweave.models.history import History
from timeweave.runtime import document, params, script

Wording = tuple[EntityKey | None, str]
"""A reference, None where there is none, and a text that it stands in."""


class Params(params.Section):
    """What this stage reads of params.yaml."""

    matching: MatchingSettings = MatchingSettings()


def main(aggregated: Path, history: Path, out: Path) -> None:
    """Hours stay behind, so that more of them ask Fibery for nothing."""
    given = params.load(Params)
    logged, before = document.read(aggregated, Aggregated), document.read(history, History)
    wordings = [*list_wordings(logged), *list_past_wordings(before)]
    document.write(out, list_entities(wordings, with_titles=given.matching.titles == "exact"))


def list_wordings(aggregated: Aggregated) -> Iterator[Wording]:
    """Everything that was written in the period."""
    for person in aggregated.people:
        for time in person.entities:
            yield from ((time.key, text) for text in [wording.text for wording in time.texts] or [""])
        yield from ((None, activity.text) for activity in person.activities)


def list_past_wordings(history: History) -> Iterator[Wording]:
    """The same of the compared periods and of all time since a day; texts of the latter are those of the former."""
    for period in history.periods:
        for row in period.rows:
            yield row.key, row.text
    for whole in history.since.rows if history.since else []:
        if whole.key:
            yield whole.key, whole.text or ""


def list_entities(wordings: Iterable[Wording], *, with_titles: bool) -> Entities:
    """Each reference and each text once, whoever and however many worked on it, and whenever."""
    texts: dict[EntityKey, set[str]] = defaultdict(set)
    titles: set[str] = set()
    for key, text in wordings:
        if key is not None:
            texts[key].add(text)
        elif with_titles and may_be_title(text):
            titles.add(text)
    keys = sorted(texts, key=lambda key: key.sort_key)
    incomplete = [
        IncompleteReference(space=key.space, database=key.database, public_id=key.public_id, texts=sorted(texts[key]))
        for key in keys
        if not key.is_complete
    ]
    return Entities(entities=keys, incomplete=incomplete, titles=sorted(titles))


if __name__ == "__main__":
    script.run(main)
