"""`team.yaml`: who is to work how much, when not, and in which team; every fault with its line."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from timeweave.analysis.work_calendar import HoursInTime, LabelInTime, RegionInTime, ShareInTime, find_valid
from timeweave.runtime import yaml_nodes
from timeweave.runtime.name_comparison import fold, suggest
from timeweave.runtime.params import Day, KeyPath, Label, Section, fill_in_list, fill_in_mapping


def _check_address(text: str) -> str:
    if "@" not in text:
        raise ValueError(f"{text!r} is not an e-mail address; write the one that Toggl shows")
    return text


class Defaults(Section):
    """What holds for those people of the file of whom it says nothing else."""

    hours: HoursInTime = ()
    holidays: RegionInTime = ()
    utilization_target: ShareInTime = ()


class Absence(Section):
    """Days on which a part of the hours is not expected: both included, one day without `to`."""

    first: Day = Field(alias="from")
    last: Day | None = Field(default=None, alias="to")
    part: Annotated[float, Field(strict=True, gt=0, le=1, allow_inf_nan=False)] = 1
    reason: Label | None = None

    @model_validator(mode="after")
    def _check_span(self) -> "Absence":
        if self.last and self.last < self.first:
            raise ValueError(f"it ends on {self.last}, before it begins on {self.first}; swap them")
        return self

    def covers(self, day: date) -> bool:
        """Whether the day belongs to it."""
        return self.first <= day <= (self.last or self.first)


class Person(Section):
    """Somebody of whom something is expected; what is left out is as in `defaults`."""

    email: Annotated[Label, AfterValidator(_check_address)]
    name: Label | None = None
    aliases: Annotated[tuple[Label, ...], BeforeValidator(fill_in_list)] = ()
    """Other addresses of the same person; of somebody whose address Toggl does not show, the name that it shows."""
    team: LabelInTime = ()
    hours: HoursInTime = ()
    holidays: RegionInTime = ()
    utilization_target: ShareInTime = ()
    absences: Annotated[tuple[Absence, ...], BeforeValidator(fill_in_list)] = ()
    first: Day | None = Field(default=None, alias="from")
    last: Day | None = Field(default=None, alias="until")

    @model_validator(mode="after")
    def _check_span(self) -> "Person":
        if self.first and self.last and self.last < self.first:
            raise ValueError(f"the last day {self.last} is before the first day {self.first}; swap them")
        return self

    @property
    def names(self) -> list[str]:
        """The address and the aliases, in the form in which spellings are compared."""
        return [fold(name) for name in (self.email, *self.aliases)]

    def is_employed(self, first: date, last: date) -> bool:
        """Whether a day of the span lies between the person's first and last day."""
        return (self.first is None or self.first <= last) and (self.last is None or first <= self.last)

    def find_team(self, day: date) -> str | None:
        """The key of the team on a day; that of a period is the one of its last day."""
        found = find_valid(self.team, day)
        return found.value if found else None


class Team(Section):
    """A team, which may be part of another."""

    name: Label | None = None
    lead: Label | None = None
    """A person's address or alias."""
    parent: Label | None = None


Teams = dict[str, Annotated[Team, BeforeValidator(fill_in_mapping)]]


class TeamFile(Section):
    """The whole file. An empty one expects nothing of anybody."""

    defaults: Annotated[Defaults, BeforeValidator(fill_in_mapping)] = Defaults()
    teams: Annotated[Teams, BeforeValidator(fill_in_mapping)] = Field(default_factory=dict)
    people: Annotated[tuple[Person, ...], BeforeValidator(fill_in_list)] = ()

    def list_parents(self, key: str) -> list[str]:
        """The teams that a team is part of, nearest first."""
        found: list[str] = []
        while (parent := self.teams[key].parent) in self.teams and parent not in found:
            found.append(key := str(parent))
        return found


def load(path: Path) -> TeamFile:
    """The file, its shape and the names in it checked; ConfigurationError with every fault and its line."""
    nodes = yaml_nodes.read(
        path, "create it (empty: nothing is expected of anybody), or correct analysis.team in params.yaml"
    )
    found = yaml_nodes.validate(path, nodes, TeamFile)
    yaml_nodes.raise_faults(path, nodes, [*_check_people(found), *_check_teams(found)])
    return found


def _check_people(file: TeamFile) -> Iterator[tuple[KeyPath, str]]:
    """Addresses that two people share, and teams that there are not."""
    owners: dict[str, str] = {}
    for at, person in enumerate(file.people):
        for name in sorted({*person.names} & {*owners}):
            yield ("people", at), f"{name} is also {owners[name]}'s; an address or alias belongs to one person"
        owners |= dict.fromkeys(person.names, person.email)
        for number, dated in enumerate(person.team):
            if dated.value is not None and dated.value not in file.teams:
                said = f"there is no team {dated.value!r}; {suggest(dated.value, file.teams)}"
                yield ("people", at, "team", number, "value"), f"{person.email}: {said}"


def _check_teams(file: TeamFile) -> Iterator[tuple[KeyPath, str]]:
    """Leads that nobody is, parents that there are not, and circles of teams."""
    known = {name: person.email for person in file.people for name in person.names}
    for key, team in file.teams.items():
        if team.lead and fold(team.lead) not in known:
            said = f"nobody in people has the address {team.lead}; {suggest(team.lead, known.values())}"
            yield ("teams", key, "lead"), f"{key}.lead: {said}"
        if team.parent and team.parent not in file.teams:
            said = f"there is no team {team.parent!r}; {suggest(team.parent, file.teams)}"
            yield ("teams", key, "parent"), f"{key}.parent: {said}"
        if key in (parents := file.list_parents(key)):
            yield ("teams", key, "parent"), f"{key}.parent: the team is part of itself: {' → '.join([key, *parents])}"
