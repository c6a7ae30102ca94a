"""config/team.yaml: what it may say, and every fault with its line."""

from datetime import date

import pytest

from tests.project import ROOT
from timeweave.analysis import team_file
from timeweave.runtime.errors import ConfigurationError
from timeweave.sandbox import company

EXAMPLE = """defaults: {hours: {mon: 8, tue: 8, wed: 8, thu: 8, fri: 8}, holidays: DE-BE, utilization_target: 0.8}
teams: {mobile: {name: Mobile, lead: zofia@heliotrope.example, parent: engineering}, engineering: {name: Engineering}}
people:
  - {email: zofia@heliotrope.example, name: Zofia Kwiatowska, aliases: [z.kwiatowska@heliotrope.example], team: mobile, from: 2024-03-01}
  - {email: ruben@heliotrope.example, team: mobile, hours: [{from: 2024-01-01, weekly: 40}, {from: 2025-09-01, weekly: 32}],
     absences: [{from: 2025-10-09, to: 2025-10-10, reason: vacation}, {from: 2025-10-13, part: 0.5}], until: 2025-12-31}
"""
TEAMS = "teams:\n  mobile:\n"


@pytest.fixture
def load(tmp_path):
    def write(text):
        path = tmp_path / "team.yaml"
        path.write_text(text, encoding="utf-8")
        return team_file.load(path)

    return write


def person(text):
    """A file with one person, on line 2 from the address on."""
    return f"people:\n  - email: a@b.example\n{text}"


def test_the_example_is_read_whole(load):
    found = load(EXAMPLE)
    zofia, ruben = found.people
    assert (zofia.name, zofia.first, zofia.last) == ("Zofia Kwiatowska", date(2024, 3, 1), None)
    assert (zofia.find_team(date(2025, 10, 1)), ruben.last) == ("mobile", date(2025, 12, 31))
    assert [one.seconds[0] for one in ruben.hours] == [8 * 3600, 23040]
    assert [one.part for one in ruben.absences] == [1, 0.5]
    assert found.list_parents("mobile") == ["engineering"]


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "people:\n", "defaults:\nteams:\npeople: []\n"])
def test_an_empty_file_names_nobody(load, text):
    assert load(text).people == ()


def test_the_shipped_file_names_the_people_of_the_demo():
    found = team_file.load(ROOT / "config/demo/team.yaml")
    known = {one.email for one in company.PEOPLE}
    assert known <= {name for one in found.people for name in one.names}
    assert [one.name for one in found.people if known.isdisjoint(one.names)] == ["Greta Fennimar"]


@pytest.mark.parametrize(
    ("hours", "seconds"),
    [
        ("{weekly: 40}", (28800, 28800, 28800, 28800, 28800, 0, 0)),
        ("{weekly: 0.0005}", (1, 1, 0, 0, 0, 0, 0)),
        ("{sat: 7.5}", (0, 0, 0, 0, 0, 27000, 0)),
        ("{mon: 0}", (0, 0, 0, 0, 0, 0, 0)),
        ("{}", None),
        ("null", None),
        ("[{from: 2025-01-01}]", None),
    ],
)
def test_hours_are_those_of_weekdays_or_a_week_s_spread_evenly_and_none_where_nothing_is_expected(load, hours, seconds):
    [found] = load(person(f"    hours: {hours}\n")).people[0].hours
    assert found.seconds == seconds


def test_dated_values_are_ordered_and_what_is_left_out_differs_from_none(load):
    text = "    team: [{from: 2025-03-01, value: b}, {value: a}]\n    holidays: null\nteams: {a: , b: }\n"
    [found] = load(person(text)).people
    assert [found.find_team(date(2025, 2, 28)), found.find_team(date(2025, 3, 1))] == ["a", "b"]
    assert ([one.value for one in found.holidays], found.utilization_target) == ([None], ())


@pytest.mark.parametrize(("written", "known"), [("de", "DE"), ("DE - be", "DE-BE"), ("de-augsburg", "DE-Augsburg")])
def test_regions_are_found_in_any_case(load, written, known):
    assert load(f"defaults: {{holidays: {written}}}\n").defaults.holidays[0].value == known


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("peple: []\n", "line 1: peple is not known; did you mean people?"),
        ("[]\n", "line 1: the file should be a mapping with defaults, teams, people"),
        ("people: {}\n", "line 1: people should be a list"),
        ("people:\n  - name: Mira\n", "line 2: email is missing"),
        ("people:\n  - email: mira\n", "line 2: email: 'mira' is not an e-mail address"),
        (person("    alias: [x]\n"), "line 3: alias is not known; did you mean aliases"),
        (person("    hours:\n      mon: 8\n      tu: 8\n"), "line 5: hours.tu is not known; did you mean tue"),
        (person("    hours:\n      - weekly: 8\n      - {from: 2025-01-01,\n         wekly: 8}\n"), "line 6: hours.wekly is not known; did you mean weekly"),
        (person("    hours: 40\n"), "line 3: hours should be a mapping with from, weekly, mon, tue, wed, thu, fri, sat, sun, not 40"),
        (person("    hours:\n      fri: 7:30\n"), "line 4: hours.fri: a day has 24 hours, not 450; write half an hour as 7.5"),
        (person("    hours: {mon: -1}\n"), "line 3: hours.mon should be greater than or equal to 0, not -1"),
        (person("    hours: {mon: yes}\n"), "line 3: hours.mon should be a valid number, not True"),
        (person("    hours: {mon: .nan}\n"), "line 3: hours.mon should be a finite number"),
        (person("    hours: {weekly: 40, mon: 8}\n"), "line 3: hours: give either weekly or the hours of days, not both"),
        (person("    hours: {weekly: 169}\n"), "line 3: hours.weekly should be less than or equal to 168, not 169"),
        (person("    hours:\n      - weekly: 40\n      - weekly: 32\n"), "line 3: hours: two values have no `from`"),
        (person("    holidays: [{from: 2025-01-01, value: DE}, {from: 2025-01-01, value: FR}]\n"), "line 3: holidays: two values hold from 2025-01-01"),
        (person("    holidays: Germany\n"), "line 3: holidays: 'Germany' is not a country or region; write it like DE or DE-BE"),
        (person("    holidays: XX\n"), "no holidays are known of the country XX; did you mean"),
        (person("    holidays: DE-BEE\n"), "DE has no region BEE; did you mean BE"),
        (person("    holidays: NO\n"), "line 3: holidays should be a valid string, not False; write it in quotes"),
        (person("    utilization_target: 80\n"), "line 3: utilization_target should be less than or equal to 1, not 80"),
        (person("    team: [mobile]\n") + TEAMS, "line 3: team should be a mapping with from, value, not 'mobile'"),
        (person("    team: mobil\n") + TEAMS, "line 3: a@b.example: there is no team 'mobil'; did you mean mobile?"),
        (person("    team:\n      - value: mobile\n      - {from: 2025-01-01, value: x}\n") + TEAMS, "line 5: a@b.example: there is no team 'x'"),
        (person("    absences:\n      - from: 2025-10-09\n        to: 2025-10-08\n"), "line 4: absences: it ends on 2025-10-08, before it begins on 2025-10-09; swap them"),
        (person("    absences:\n      - from: 2025-10-09\n        part: 2\n"), "line 5: absences.part should be less than or equal to 1, not 2"),
        (person("    absences:\n      - from: 2025-10-09\n        reson: x\n"), "line 5: absences.reson is not known; did you mean reason?"),
        (person("    absences: [{to: 2025-10-09}]\n"), "line 3: absences.from is missing"),
        (person("    until: 2025-02-30\n"), "line 3: day is out of range for month"),
        (person("    from: soon\n"), "line 3: from: 'soon' is not a day; write the day as \"2025-10-07\""),
        (person("    from: 2025-02-01\n    until: 2025-01-31\n"), "line 2: people: the last day 2025-01-31 is before the first day 2025-02-01; swap them"),
        (person("    email: x@b.example\n"), "line 3: email is given twice, first on line 2"),
        (person("  - email: A@B.example\n"), "line 3: a@b.example is also a@b.example's; an address or alias belongs to one person"),
        (person("  - email: c@b.example\n    aliases: [A@b.example]\n"), "line 3: a@b.example is also a@b.example's"),
        ("teams:\n  a: {led: x}\n", "line 2: a.led is not known; did you mean lead?"),
        ("teams:\n  a:\n    lead: mira@b.example\n" + person(""), "line 3: a.lead: nobody in people has the address mira@b.example; choose from a@b.example"),
        ("teams:\n  ab:\n    parent: cb\n  bb:\n", "line 3: ab.parent: there is no team 'cb'; did you mean"),
        ("teams:\n  a:\n    parent: b\n  b:\n    parent: a\n", "line 3: a.parent: the team is part of itself: a → b → a"),
        ("teams:\n  a: {parent: a}\n", "line 2: a.parent: the team is part of itself: a → a"),
        ("people: {\n", "is not valid YAML"),
    ],
)  # fmt: skip
def test_a_fault_is_a_sentence_with_its_line(load, text, said):
    with pytest.raises(ConfigurationError) as error:
        load(text)
    assert said in str(error.value)


def test_all_faults_are_named_at_once(load):
    with pytest.raises(ConfigurationError) as error:
        load("people:\n  - {email: a}\n  - {email: b}\ndefaults: {hour: 1}\n")
    assert [n for n in (2, 3, 4) if f"team.yaml, line {n}: " in str(error.value)] == [2, 3, 4]


def test_a_missing_file_says_that_an_empty_one_will_do(tmp_path):
    with pytest.raises(ConfigurationError, match="does not exist; create it"):
        team_file.load(tmp_path / "none.yaml")
