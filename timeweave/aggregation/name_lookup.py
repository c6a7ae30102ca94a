"""Who the user ids are and what the project ids are called: the directory's word first, then that of the rows."""

from collections.abc import Iterable

from timeweave.models.directory import Directory
from timeweave.runtime.errors import ConfigurationError
from timeweave.runtime.spelling import suggest
from timeweave.toggl.days import Row


class NameLookup:
    """Names by id. What the directory names in full, rows add nothing to."""

    def __init__(self, directory: Directory) -> None:
        self._members = {person.user_id: person for person in directory.people}
        self._directory_projects = {project.id: project.name for project in directory.projects if project.name}
        self._complete_people = {person.user_id for person in directory.people if person.name and person.email}
        self._usernames: dict[int, str] = {}
        self._emails: dict[int, str] = {}
        self._row_projects: dict[int, str] = {}

    def learn(self, row: Row) -> None:
        """Take what a row calls its ids; where rows differ, the last one counts."""
        if row.user_id not in self._complete_people:
            if row.username:
                self._usernames[row.user_id] = row.username
            if row.email:
                self._emails[row.user_id] = row.email
        if row.project_id is not None and row.project_id not in self._directory_projects and row.project_name:
            self._row_projects[row.project_id] = row.project_name

    def find_person(self, user_id: int) -> str:
        """A name for everyone: someone who is nowhere named is `User` and their id."""
        member = self._members.get(user_id)
        return (member.name if member else "") or self._usernames.get(user_id) or f"User {user_id}"

    def find_email(self, user_id: int) -> str | None:
        """The address, in the case it came in, or None."""
        member = self._members.get(user_id)
        return (member.email if member else None) or self._emails.get(user_id)

    def find_project(self, project_id: int | None) -> str | None:
        """The name of a Toggl project, or None where nobody names it."""
        if project_id is None:
            return None
        return self._directory_projects.get(project_id) or self._row_projects.get(project_id)

    def choose(self, users: Iterable[str], user_ids: Iterable[int]) -> set[int]:
        """Those of `user_ids` whose e-mail is among `users`, in any case; all of them where `users` is empty.

        An address that neither the directory nor a row of the period has is a ConfigurationError.
        """
        present = set(user_ids)
        wanted = {user.strip().casefold(): user for user in users}
        if not wanted:
            return present
        found = (self.find_email(user_id) for user_id in {*self._members, *present})
        known = {email.casefold(): email for email in found if email}
        for address, written in wanted.items():
            if address not in known:
                hint = suggest(address, known.values(), most=1) if known else "nobody here has an e-mail"
                raise ConfigurationError(
                    f"params.yaml: users: {written!r} is the e-mail of nobody in this workspace; {hint}"
                )
        return {user_id for user_id in present if (self.find_email(user_id) or "").casefold() in wanted}
