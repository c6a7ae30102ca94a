"""timeweave forget: a person, or old months, go from this machine."""

import functools
from typing import TYPE_CHECKING, Annotated

import typer

from timeweave.runtime.errors import ConfigurationError

if TYPE_CHECKING:
    from timeweave.project.erasure import Step
    from timeweave.project.project_paths import ProjectFolder

ELSEWHERE = """what is not on this machine stays, and nobody else removes it:
  Toggl and Fibery     their admins; what others wrote about somebody stays in their entries
  DVC's remote         last of all: `dvc gc --workspace --all-commits --all-experiments --cloud`. It keeps what a commit or a
                       run of this clone names, so `git fetch` and `dvc exp pull` before what others keep there; with
                       --workspace alone the outputs of every other commit and run would go, too
  git, here            `git reflog expire --expire-unreachable=now --all`, then `git gc --prune=now`
  git's origin         runs: `dvc exp remove --git-remote origin RUN`; commits: `git log --all -S E-MAIL` finds those that
                       name somebody, and only a history that is rewritten is without them (git filter-repo)
  CI                   artifacts, caches and logs of its jobs, in its own pages
  Temporal             `temporal workflow delete --workflow-id toggl-fibery-RUN`, or its retention, a day or 90
  copies               other clones (the same command there), backups, exports, notices that were sent"""


def forget(
    email: Annotated[str, typer.Argument(help="The person's e-mail; left out with --older-than.")] = "",
    name: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Another name of the person, as reports show it; can be repeated."),
    ] = None,
    older_than: Annotated[
        int | None,
        typer.Option(
            min=1,
            metavar="MONTHS",
            help="Instead of a person: everything older than this many whole months, such as 24.",
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be removed.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask for confirmation.")] = False,
) -> None:
    """Remove a person, or everything older than some months, from this machine; say afterwards what cannot be reached.

    All runs and outputs that name the person are removed; `timeweave backfill` makes them again without that person.
    """
    from timeweave.project.project_paths import ProjectFolder

    if bool(email) == (older_than is not None) or (name and not email):
        raise ConfigurationError(
            "forget which person or which months? Write an e-mail, or --older-than with a number of months"
        )
    steps = _plan(ProjectFolder.here(), email, older_than, name or [])
    for step in steps:
        if step.count:
            typer.echo(step.text)
    if not any(step.count for step in steps):
        typer.echo("nothing here is as old as that", err=True)
        return
    if dry_run:
        return
    if not yes:
        _confirm()
    for step in steps:
        step.take()
    typer.echo("all of this is done", err=True)
    typer.echo(ELSEWHERE, err=True)


def _plan(project: "ProjectFolder", email: str, months: int | None, names: list[str]) -> "list[Step]":
    from datetime import UTC, date, datetime

    from timeweave.project.erasure import plan_months, plan_person

    say = functools.partial(typer.echo, err=True)
    if months is None:
        return plan_person(project, email, say, names)
    today = datetime.now(UTC).date()
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    first = date(max(year, 1), month + 1, 1)
    say(f"from before {first}:")
    return plan_months(project, first, say)


def _confirm() -> None:
    import sys

    if not sys.stdin.isatty():
        raise ConfigurationError("nothing was removed: without a terminal to confirm on, add --yes")
    if not typer.confirm("Remove all of this for good?", err=True):
        raise typer.Exit(1)
