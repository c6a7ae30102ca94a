"""Where every number is taken in ten databases and titles are alike, no time is given to an item that nobody meant."""

import json
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from rapidfuzz import fuzz
from rapidfuzz.utils import default_process

from tests.enrichment.conftest import AS_OF, connected
from tests.enrichment.dense_workspace import DATABASES, DenseWorkspace
from timeweave.matching.parsed_description import match
from timeweave.matching.titles import agrees
from timeweave.models.entities import Entities, EntityKey, IncompleteReference
from timeweave.sandbox.server import Sandbox
from timeweave.sandbox.world import World


@pytest.fixture
def config(tmp_path):
    """One that names all ten databases."""
    path = tmp_path / "config.yaml"
    path.write_text("enrichment_activities:\n" + "".join(f'  "{name}": {{}}\n' for name in DATABASES), encoding="utf-8")
    return path


def build_references(texts):
    """The document that these texts make."""
    by_key = defaultdict(set)
    for _, key, text, _ in texts:
        if key is not None:
            by_key[key].add(text)
    incomplete = [
        IncompleteReference(space=key.space, database=key.database, public_id=key.public_id, texts=sorted(found))
        for key, found in by_key.items()
    ]
    titles = sorted({text for _, key, text, _ in texts if key is None and len(text.split()) >= 3})
    return Entities(entities=list(by_key), incomplete=incomplete, titles=titles)


def make_key(item):
    space, _, label = item[0].partition("/")
    return EntityKey(space=space, database=label, public_id=str(item[1]))


def test_no_text_comes_to_an_item_that_it_does_not_mean_and_most_come_to_theirs(capsys, config):
    dense = DenseWorkspace(7)
    texts = list(dense.write_texts(600))
    with Sandbox(AS_OF, world=World(AS_OF, items=dense.items)) as sandbox, connected(sandbox) as client:
        document = client.enrichment(config).run(build_references(texts)).document
    found = {(row.space, row.database, row.public_id, row.text): row for row in document.matches}
    counts = defaultdict(Counter)
    for kind, key, text, item in texts:
        row = found.get((key.space, key.database, key.public_id, text) if key else (None, None, None, text))
        assert row is None or row.item is None or (item and row.item == make_key(item)), (kind, key, text, item, row)
        counts[kind]["matched" if row and row.item else "unresolved"] += 1
        assert row is None or row.item is not None or row.reason
    with capsys.disabled():
        for kind, count in counts.items():
            print(f"\n    {kind:<12} {count['matched']:>3} matched, {count['unresolved']:>3} unresolved", end="")
    for kind in ("exact", "lower case", "space", "database", "misspelt"):
        assert counts[kind]["matched"] > 0.7 * counts[kind].total(), kind
    assert not any(counts[kind]["matched"] for kind in ("nothing", "meeting", "words after"))


def test_every_likely_item_has_the_number_and_the_place_that_are_written(config):
    dense = DenseWorkspace(11)
    texts = list(dense.write_texts(300))
    with Sandbox(AS_OF, world=World(AS_OF, items=dense.items)) as sandbox, connected(sandbox) as client:
        document = client.enrichment(config).run(build_references(texts)).document
    unresolved = [row for row in document.matches if row.item is None and row.public_id]
    assert sum(bool(row.likely) for row in unresolved) > 20
    for row in unresolved:
        for one in row.likely:
            item = f"{one.space}/{one.database}", int(one.public_id)
            assert item in dense.titles
            assert item not in dense.deleted
            assert one.public_id == row.public_id
            assert row.space in (None, one.space, one.database)


def test_the_examples_of_another_team_come_to_no_item_of_the_demo(client):
    lines = Path("tests/matching/examples.jsonl").read_text(encoding="utf-8").splitlines()
    read = [match(json.loads(line)["description"]) for line in lines]
    texts = [
        ("example", EntityKey(space=named.space, database=named.database, public_id=named.public_id), one.text, None)
        if (named := one.reference)
        else ("example", None, one.text, None)
        for one in read
        if not (one.reference and one.reference.is_complete)
    ]
    document = client.enrichment().run(build_references(texts)).document
    assert len(document.matches) >= 4
    assert not [row for row in document.matches if row.item]


@pytest.fixture(scope="module")
def pairs():
    """Texts with the titles of all items that have their number, and whether the item is meant."""
    found = []
    for seed in range(8):
        dense = DenseWorkspace(seed)
        for kind, key, text, item in dense.write_texts(200):
            if key is not None and kind in ("exact", "lower case", "misspelt", "words after", "shortened", "meeting"):
                for (_, number), title in dense.titles.items():
                    if str(number) == key.public_id and title != dense.titles.get(item):
                        found.append((text, title))
    return found


def test_words_tell_apart_what_no_percentage_of_letters_can(pairs):
    assert not any(agrees(text, title) for text, title in pairs)
    alike = [fuzz.ratio(default_process(text), default_process(title)) for text, title in pairs]
    assert sum(percent > 97 for percent in alike) > 0
