"""`data/toggl/directory.json`: the names behind the ids in time entries, archived and departed ones included."""

from timeweave.runtime.document import Record


class Account(Record, frozen=True, kw_only=True):
    """Where data came from: another account's data is never mixed with it."""

    source: str
    """`demo` or `live`."""
    url: str | None
    """Base address of the Toggl API; null for the bundled sandbox, whose port differs from run to run."""
    workspace_id: int


class Person(Record, frozen=True, kw_only=True):
    """A member of the workspace, or someone whose entries remain after they left."""

    user_id: int
    """Toggl's global user id, as rows carry it (never the membership id)."""
    name: str
    email: str | None = None
    timezone: str | None = None
    """IANA name, where the workspace tells it."""
    active: bool = True


class Project(Record, frozen=True, kw_only=True):
    """A Toggl project."""

    id: int
    name: str
    client_id: int | None = None
    active: bool = True


class Client(Record, frozen=True, kw_only=True):
    """A customer that projects belong to."""

    id: int
    name: str
    archived: bool = False


class Tag(Record, frozen=True, kw_only=True):
    """A label on entries."""

    id: int
    name: str


class Task(Record, frozen=True, kw_only=True):
    """A Toggl task (paid plans): a part of a project."""

    id: int
    name: str
    project_id: int | None = None
    active: bool = True


class Directory(Record, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """Every list sorted by id. Of people who left it holds those who have entries on the days that were fetched.

    Open to unknown keys: runs of earlier versions also said when the names were looked at.
    """

    schema: int = 1
    account: Account
    workspace: str
    """The workspace's name."""
    people: list[Person]
    projects: list[Project]
    clients: list[Client]
    tags: list[Tag]
    tasks: list[Task]
