"""params.yaml is read strictly, and what is wrong is said where it is."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, ValidationError

from timeweave.runtime import params
from timeweave.runtime.errors import ConfigurationError
from timeweave.runtime.params import Day, describe_faults
from timeweave.runtime.period import Period
from timeweave.toggl.connection import TogglSettings


class Params(params.Section):
    as_of: Day
    period: Period
    toggl: TogglSettings = TogglSettings()


GOOD = {"as_of": '"2025-10-14"', "period": '{start: "2025-10-07", end: "2025-10-13", timezone: UTC}'}


def load(tmp_path, **sections):
    path = tmp_path / "params.yaml"
    path.write_text("".join(f"{key}: {value}\n" for key, value in (GOOD | sections).items()))
    return params.load(Params, path)


@pytest.mark.parametrize("written", ['"2025-10-07"', "2025-10-07", "20251007", '"20251007"', "'2025-10-07'"])
def test_a_day_is_understood_however_it_is_written(tmp_path, written):
    given = load(tmp_path, period=f'{{start: {written}, end: "2025-10-13"}}')
    assert given.period.start == datetime.date(2025, 10, 7)


@pytest.mark.parametrize(
    "written", ["7.10.2025", '"2025-13-01"', "yesterday", "2025-W41-2", "true", "20251", '"2025-1007"']
)
def test_what_is_no_day_stops_with_how_to_write_one(tmp_path, written):
    with pytest.raises(ConfigurationError, match=r'period\.start.*"2025-10-07"'):
        load(tmp_path, period=f'{{start: {written}, end: "2025-10-13"}}')


@given(st.dates(datetime.date(1000, 1, 1)))
def test_every_day_reads_back_from_both_of_its_forms(day):
    assert params._parse_day(day.isoformat()) == params._parse_day(day.strftime("%Y%m%d").zfill(8)) == day


def test_an_unknown_key_names_the_nearest_known_one(tmp_path):
    with pytest.raises(ConfigurationError, match=r"toggl\.setle_days is not known; did you mean settle_days\?"):
        load(tmp_path, toggl="{setle_days: 3}")


def test_an_unknown_section_is_an_error_too(tmp_path):
    with pytest.raises(ConfigurationError, match=r"perriod is not known; did you mean period\?"):
        load(tmp_path, perriod="1")


def test_every_fault_is_named_at_once(tmp_path):
    with pytest.raises(ConfigurationError, match=r"toggl\.requests_per_second.*toggl\.settle_days"):
        load(tmp_path, toggl="{settle_days: -1, requests_per_second: 0}")


def test_a_section_that_a_stage_does_not_read_cannot_stop_it(tmp_path):
    assert load(tmp_path, llm="{nonsense: 1}").toggl.settle_days == 14


def test_a_missing_section_is_named(tmp_path):
    path = tmp_path / "params.yaml"
    path.write_text('as_of: "2025-10-14"\n')
    with pytest.raises(ConfigurationError, match="period is missing"):
        params.load(Params, path)


@pytest.mark.parametrize("content", ["", "[1, 2]", "a: [", "\x00"])
def test_a_file_that_is_no_mapping_is_one_sentence(tmp_path, content):
    path = tmp_path / "params.yaml"
    path.write_text(content)
    with pytest.raises(ConfigurationError, match=r"params\.yaml"):
        params.load(Params, path)


def test_a_missing_file_says_where_to_run_from(tmp_path):
    with pytest.raises(ConfigurationError, match="run from the project's folder"):
        params.load(Params, tmp_path / "params.yaml")


class Part(params.Section):
    size: int = 1
    name: str = ""
    first: int = Field(default=1, alias="from")


class Whole(params.Section):
    part: Part = Part()
    parts: dict[str, Part] = Field(default_factory=dict)
    row: tuple[Part, ...] = ()
    users: tuple[str, ...] = ()
    needed: int


@pytest.mark.parametrize(
    ("content", "place", "said"),
    [
        ({}, ("needed",), "needed is missing"),
        ({"needed": 1, "usres": []}, ("usres",), "usres is not known; did you mean users?"),
        ({"needed": 1, "part": {"sise": 2}}, ("part", "sise"), "part.sise is not known; did you mean size?"),
        ({"needed": 1, "parts": {"a": {"x": 2}}}, ("parts", "a", "x"), "parts.a.x is not known; choose from from, name, size"),
        ({"needed": 1, "row": [{}, {"form": 2}]}, ("row", 1, "form"), "row.1.form is not known; did you mean from?"),
        ({"needed": 1, "part": 5}, ("part",), "part should be a mapping with size, name, from, not 5"),
        ({"needed": 1, "parts": [1]}, ("parts",), "parts should be a mapping"),
        ({"needed": 1, "users": "me"}, ("users",), "users should be a list, not 'me'"),
        ({"needed": 1, "users": [7]}, ("users", 0), "users.0 should be a valid string, not 7; write it in quotes"),
        ([], (), "the file should be a mapping with part, parts, row, users, needed"),
    ],
)  # fmt: skip
def test_a_fault_has_its_place_and_a_sentence(content, place, said):
    with pytest.raises(ValidationError) as error:
        Whole.model_validate(content)
    assert describe_faults(Whole, error.value) == [(place, said)]
