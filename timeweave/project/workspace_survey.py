"""What a workspace is like: the databases, projects and texts that people log time on, and who they are."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from timeweave.fibery.database import Database, Workspace
from timeweave.matching.parsed_description import Match, match
from timeweave.models.directory import Directory, Person
from timeweave.runtime.name_comparison import fold
from timeweave.toggl.answers import Entry


@dataclass(frozen=True)
class LoggedText:
    """What people wrote on time that names no work item."""

    text: str
    """In the spelling that is used most."""
    entries: int
    seconds: int


@dataclass(frozen=True)
class Survey:
    """The time of some weeks, each list with the most time first; all sums are seconds."""

    first: date
    last: date
    """Both days included, by UTC."""
    entries: int
    seconds: int
    databases: list[tuple[Database, int]]
    """Those that entries name beyond doubt."""
    projects: list[tuple[str, int]]
    """Toggl's projects, of time that names no work item."""
    texts: list[LoggedText]
    people: list[tuple[Person, int]]
    """Active members and whoever logged time, by name."""

    @property
    def matched_seconds(self) -> int:
        """The time of which the database is certain."""
        return sum(seconds for _, seconds in self.databases)


def survey(workspace: Workspace, directory: Directory, days: dict[date, list[Entry]]) -> Survey:
    """The survey of these days, of which there is at least one."""
    entries = [entry for day in sorted(days) for entry in days[day]]
    databases, projects, users = Counter[str](), Counter[str](), Counter[int]()
    names = {project.id: project.name for project in directory.projects}
    activities: list[tuple[str, int]] = []
    for entry in entries:
        users[entry.row["user_id"]] += entry.seconds
        read = match(entry.row.get("description"))
        if database := find_database(workspace, read):
            databases[database.name] += entry.seconds
        elif read.reference is None:
            if project := names.get(entry.row.get("project_id") or 0):
                projects[project] += entry.seconds
            activities.append((read.text, entry.seconds))
    found = [(one, seconds) for name, seconds in _rank(databases) if (one := workspace.get_type(name))]
    return Survey(
        first=min(days), last=max(days), entries=len(entries), seconds=sum(users.values()), databases=found,
        projects=_rank(projects), texts=_count_texts(activities), people=_list_people(directory, users),
    )  # fmt: skip


def find_database(workspace: Workspace, read: Match) -> Database | None:
    """The database that a description names beyond doubt; tags may stand in either order."""
    if read.reference is None:
        return None
    space, label = read.reference.space, read.reference.database
    if space and label:
        return workspace.find_in_any_order(space, label)
    named = workspace.find_by_label(label or space or "")
    return named[0] if len(named) == 1 else None


def _rank(sums: Counter[str]) -> list[tuple[str, int]]:
    return sorted(sums.items(), key=lambda pair: (-pair[1], pair[0]))


def _count_texts(activities: Iterable[tuple[str, int]]) -> list[LoggedText]:
    spellings, seconds = defaultdict[str, Counter[str]](Counter), Counter[str]()
    for text, duration in activities:
        if text:
            spellings[fold(text)][text] += 1
            seconds[fold(text)] += duration
    found = [
        LoggedText(min(used, key=lambda text: (-used[text], text)), used.total(), seconds[key])
        for key, used in spellings.items()
    ]
    return sorted(found, key=lambda one: (-one.seconds, one.text))


def _list_people(directory: Directory, users: Counter[int]) -> list[tuple[Person, int]]:
    people = [person for person in directory.people if person.active or users[person.user_id]]
    return sorted(((one, users[one.user_id]) for one in people), key=lambda pair: (fold(pair[0].name), pair[0].user_id))
