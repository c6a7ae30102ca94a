"""Faults that pydantic finds, as sentences."""

import pytest
from pydantic import Field, ValidationError

from timeweave.runtime.params import Section
from timeweave.runtime.validation import describe_faults


class Part(Section):
    size: int = 1
    name: str = ""


class Whole(Section):
    part: Part = Part()
    parts: dict[str, Part] = Field(default_factory=dict)
    users: tuple[str, ...] = ()
    needed: int


@pytest.mark.parametrize(
    ("content", "place", "said"),
    [
        ({}, ("needed",), "needed is missing"),
        ({"needed": 1, "usres": []}, ("usres",), "usres is not known; did you mean users?"),
        ({"needed": 1, "part": {"sise": 2}}, ("part", "sise"), "part.sise is not known; did you mean size?"),
        ({"needed": 1, "parts": {"a": {"x": 2}}}, ("parts", "a", "x"), "parts.a.x is not known; known are name, size"),
        ({"needed": 1, "part": 5}, ("part",), "part should be a mapping with size, name, not 5"),
        ({"needed": 1, "parts": [1]}, ("parts",), "parts should be a mapping"),
        ({"needed": 1, "users": "me"}, ("users",), "users should be a list, not 'me'"),
        ({"needed": 1, "users": [7]}, ("users", 0), "users.0: Input should be a valid string, not 7; write it in quotes"),
        ([], (), "the file should be a mapping with part, parts, users, needed"),
    ],
)  # fmt: skip
def test_a_fault_has_its_place_and_a_sentence(content, place, said):
    with pytest.raises(ValidationError) as error:
        Whole.model_validate(content)
    assert describe_faults(Whole, error.value) == [(place, said)]
