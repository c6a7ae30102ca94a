"""Who the user ids are and what the project ids are called: the directory's word first, then that of the rows."""

from collections.abc import Iterable
from difflib import get_close_matches

from timeweave.models.directory import Directory
from timeweave.runtime.errors import ConfigurationError
from timeweave.toggl.days import Row


class Names:
    """Names by id. `people` and `projects` hold the ids that the directory names in full: rows add nothing to them."""

    def __init__(self, directory: Directory) -> None:
        self._members = {person.user_id: person for person in directory.people}
        self._directory_projects = {project.id: project.name for project in directory.projects if project.name}
        self.people = {person.user_id for person in directory.people if person.name and person.email}
        self.projects: set[int | None] = {None, *self._directory_projects}
        self._usernames: dict[int, str] = {}
        self._emails: dict[int, str] = {}
        self._row_projects: dict[int, str] = {}

    def hear(self, row: Row) -> None:
        """Learn what a row calls its ids; where rows differ, the last one counts."""
        if row.username:
            self._usernames[row.user_id] = row.username
        if row.email:
            self._emails[row.user_id] = row.email
        if row.project_id is not None and row.project_name:
            self._row_projects[row.project_id] = row.project_name

    def person(self, user_id: int) -> str:
        """A name for everyone: someone who is nowhere named is `User` and their id."""
        member = self._members.get(user_id)
        return (member.name if member else "") or self._usernames.get(user_id) or f"User {user_id}"

    def email(self, user_id: int) -> str | None:
        """The address, in the case it came in, or None."""
        member = self._members.get(user_id)
        return (member.email if member else None) or self._emails.get(user_id)

    def project(self, project_id: int | None) -> str | None:
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
        known = {email.casefold(): email for user_id in {*self._members, *present} if (email := self.email(user_id))}
        for address, written in wanted.items():
            if address not in known:
                raise ConfigurationError(f"params.yaml: users: {_unknown(written, address, known)}")
        return {user_id for user_id in present if (self.email(user_id) or "").casefold() in wanted}


def _unknown(written: str, address: str, known: dict[str, str]) -> str:
    near = get_close_matches(address, sorted(known), n=1, cutoff=0.0)
    hint = f"did you mean {known[near[0]]}?" if near else "nobody here has an e-mail"
    return f"{written!r} is the e-mail of nobody in this workspace; {hint}"
