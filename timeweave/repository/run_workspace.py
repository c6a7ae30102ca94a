"""A workspace: a clone of the project in which one run at a time works, kept and used again by later ones.

It shares the project's git objects and DVC's cache. Its own dvc.lock and `data/` stay from run to run, so that what has
not changed is not done again; everything else is laid in again from the project, uncommitted edits included.
"""

import contextlib
import filecmp
import shutil
from collections.abc import Callable
from pathlib import Path

from timeweave.repository import lock_file
from timeweave.repository.dvc_configuration import FOLDER, share_configuration
from timeweave.repository.experiment_results import make_ref
from timeweave.repository.git import IDENTITY, Git, check_commit
from timeweave.runtime.errors import ConfigurationError, TimeweaveError
from timeweave.runtime.project import make_private

PARAMS = "params.yaml"
OWN = (lock_file.NAME, PARAMS)
"""Files of git that a run writes itself."""
BUSY = "busy"
"""A file beside the clone while a run is at work: where it lies at the next one, that run was killed."""


class Workspace:
    """`folder` holds the clone, `project`; the caller sees to it that nobody else works in it."""

    def __init__(self, project: Path, folder: Path) -> None:
        self.project = project
        self.folder = folder / "project"
        self._busy = folder / BUSY
        self._git = Git(self.folder, alone=True)

    def lay_in_project(self, edit_params: Callable[[str], str]) -> str:
        """Make it the project as it is now, with edited parameters; the commit that is checked out in both."""
        git = Git(self.project)
        commit = git.head()
        if Path(git.run("rev-parse", "--show-toplevel").strip()).resolve() != self.project.resolve():
            raise ConfigurationError(
                f"{self.project} lies in another git repository; runs need one of its own: git init"
            )
        changes = [name for name in git.list_changes() if name not in OWN]
        self._prepare(commit)
        for name in reversed(changes):
            # What was a folder and is a file now, or the other way round, is out of the way before anything is laid in.
            _clear(self.project / name, self.folder / name)
        for name in changes:
            _lay_in(self.project / name, self.folder / name)
        if not (self.folder / lock_file.NAME).exists():
            lock_file.LockFile.read(self.project)
            _lay_in(self.project / lock_file.NAME, self.folder / lock_file.NAME)
        self._forget_other_stages()
        self._write_params((self.project / PARAMS).read_text(encoding="utf-8"), edit_params)
        return commit

    def lay_in_commit(self, commit: str, edit_params: Callable[[str], str]) -> None:
        """Make it a commit that the project has, with edited parameters."""
        self._prepare(commit)
        if not (self.folder / lock_file.NAME).exists() and self._git.succeeds(
            "cat-file", "-e", "--end-of-options", f"HEAD:{lock_file.NAME}"
        ):
            self._git.run("checkout", "-q", "HEAD", "--", lock_file.NAME)
        self._forget_other_stages()
        self._write_params(self._git.run("show", "--end-of-options", f"HEAD:{PARAMS}"), edit_params)

    def commit(self, message: str) -> str:
        """A commit of everything as it is, upon what is checked out; no branch moves."""
        self._git.run("add", "--all")
        self._git.run("add", "--force", "--", *(name for name in OWN if (self.folder / name).exists()))
        tree = self._git.run("write-tree").strip()
        return self._git.run(*IDENTITY, "commit-tree", "-p", "HEAD", "-m", message, "--end-of-options", tree).strip()

    def save_experiment(self, name: str, target: str | None = None) -> str:
        """Make the result an experiment of that name, in the project or at another repository; its commit."""
        commit = self.commit(f"dvc: commit experiment {name}")
        self.push(commit, make_ref(self._git.head(), name), target)
        return commit

    def push(self, commit: str, ref: str, target: str | None = None) -> None:
        """Let a ref of the project, or of another repository, be that commit."""
        self._git.run("push", "-q", "--force", "--end-of-options", target or str(self.project), f"{commit}:{ref}")

    def is_sound(self) -> bool:
        """Whether a run can take it as it is; one without a clone is as good as new."""
        if not self.folder.exists():
            return True
        return (
            not self._busy.exists()
            and lock_file.is_readable(self.folder)
            and self._git.succeeds("status", "--porcelain")
            and self._git.succeeds("rev-parse", "--verify", "HEAD^{tree}")
        )

    def release(self) -> None:
        """The run has ended in order: the next one may take everything as it is."""
        self._busy.unlink(missing_ok=True)

    def _prepare(self, commit: str) -> None:
        """Check the commit out, with nothing of an earlier run left but its dvc.lock and data."""
        # `git checkout` knows no --end-of-options.
        check_commit(commit)
        killed = self._busy.exists()
        make_private(self._busy.parent)
        self._busy.touch()
        if killed or not lock_file.is_readable(self.folder):
            # dvc.lock, an index or a lock may be half written. What was fetched is in the archive, results in the cache.
            shutil.rmtree(self.folder, ignore_errors=True)
        try:
            self._check_out(commit)
            share_configuration(self.project, self.folder)
        except ConfigurationError:
            raise
        except (TimeweaveError, IsADirectoryError, NotADirectoryError):
            # Its own objects may be gone, with a branch of the project that was rewritten since; or it is damaged.
            shutil.rmtree(self.folder, ignore_errors=True)
            self._check_out(commit)
            share_configuration(self.project, self.folder)

    def _check_out(self, commit: str) -> None:
        if not (self.folder / ".git").exists():
            self._clone()
        kept = self.folder / lock_file.NAME
        before = kept.read_bytes() if kept.exists() else None
        self._git.run("reset", "-q", "--hard")
        self._git.run("clean", "-q", "-d", "--force")
        self._git.run("checkout", "-q", "--detach", commit)
        if before is None:
            kept.unlink(missing_ok=True)
        else:
            kept.write_bytes(before)

    def _forget_other_stages(self) -> None:
        lock = lock_file.LockFile.read(self.folder)
        if lock.drop_other_stages(lock_file.list_stages(self.folder)):
            lock.write(self.folder)

    def _clone(self) -> None:
        Git(self.project).run(
            "clone", "-q", "--shared", "--no-checkout", "--no-tags", "--end-of-options", str(self.project),
            str(self.folder),
        )  # fmt: skip

    def _write_params(self, text: str, edit: Callable[[str], str]) -> None:
        path, content = self.folder / PARAMS, edit(text)
        # Written only where it differs: a new age would have DVC read it again.
        if not path.exists() or path.read_text(encoding="utf-8") != content:
            path.write_text(content, encoding="utf-8")


def _clear(source: Path, target: Path) -> None:
    """Take away what is not a file where the project has one, or where it has nothing any more."""
    if target.is_dir() and not target.is_symlink():
        shutil.rmtree(target)
    elif target.is_symlink() or not source.exists():
        with contextlib.suppress(NotADirectoryError):
            target.unlink(missing_ok=True)
    for folder in target.parents:
        if folder.is_symlink() or folder.is_file():
            folder.unlink()


def _lay_in(source: Path, target: Path) -> None:
    """Have the same file; nothing where the project has none."""
    if not (source.is_symlink() or source.is_file()) or _is_same(source, target):
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    shutil.copy2(source, target, follow_symlinks=False)


def _is_same(source: Path, target: Path) -> bool:
    if source.is_symlink() or not target.is_file():
        return False
    return source.stat().st_mode == target.stat().st_mode and filecmp.cmp(source, target, shallow=False)


def has_dvc(folder: Path) -> bool:
    """Whether a folder is a project of DVC."""
    return (folder / FOLDER).is_dir() and (folder / "dvc.yaml").exists()
