"""The schema as it is kept."""

import msgspec
import pytest

from tests.fibery.shapes import SITE, database, field, raw, type_
from timeweave.fibery.schema import SchemaDocument, read_schema
from timeweave.runtime.errors import TimeweaveError


def test_deleted_types_and_fields_are_left_out_and_the_rest_is_sorted():
    shapes = raw(
        database("B/Later", field("B/Old_k3x9q2a_deleted", "fibery/text", deleted=True), field("B/A", "fibery/text")),
        database("A/First"),
        type_("A/Removed", deleted=True, domain=True),
    )
    found = read_schema(shapes, SITE, "e")
    named = [one.name for one in found.types]
    assert named == sorted(named)
    assert "A/Removed" not in named
    later = next(one for one in found.types if one.name == "B/Later")
    assert [one.name for one in later.fields][:2] == ["B/A", "B/Name"]


def test_it_survives_its_own_file():
    found = read_schema(raw(database("A/B")), SITE, "e")
    assert msgspec.json.decode(msgspec.json.encode(found), type=SchemaDocument) == found


@pytest.mark.parametrize("answer", [None, [], "text", {"fibery/types": [{}]}, {"fibery/types": None}, {"data": {}}])
def test_another_answer_is_refused_with_a_sentence(answer):
    with pytest.raises(TimeweaveError, match="not a schema"):
        read_schema(answer, SITE, None)
