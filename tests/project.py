"""A real copy of the project, a git and DVC repository of its own, to run commands in."""

import contextlib
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from timeweave.cli import run_command

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent


@dataclass
class Project:
    """A folder with everything git knows of the working tree."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    @classmethod
    def copy(cls, folder: Path, **environment: str) -> "Project":
        """Copy what is tracked, or would be, and commit it as a repository of its own."""
        listed = subprocess.run(
            ["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
        ).stdout
        for name in filter(None, listed.split("\0")):
            if (ROOT / name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, folder / name)
        project = cls(folder, environment)
        for command in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-qm", "The project"]):
            project.run("git", *command).check_returncode()
        return project

    def environ(self, **environment: str) -> dict[str, str]:
        """What commands see: the environment that the tests run in, but nothing of the caller's secrets and archive."""
        private = ("TOGGL", "FIBERY", "OPENAI", "GIT", "TIMEWEAVE", "AWS")
        kept = {key: value for key, value in os.environ.items() if not key.startswith(private)}
        who = {
            f"GIT_{role}_{what}": value
            for role in ("AUTHOR", "COMMITTER")
            for what, value in (("NAME", "Test"), ("EMAIL", "test@team.example"))
        }
        venv = {"VIRTUAL_ENV": str(BIN.parent), "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
        return kept | who | venv | self.environment | environment

    def run(self, *command: str, within: float = 280, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a command without a terminal, and be done with it after so many seconds."""
        return subprocess.run(
            command,
            cwd=self.folder,
            env=self.environ(**environment),
            capture_output=True,
            text=True,
            timeout=within,
            stdin=subprocess.DEVNULL,
        )

    def succeed(self, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a command that must end well."""
        done = self.run(*command, **environment)
        assert done.returncode == 0, f"{command} ended {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def call(self, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a command of `timeweave` in this process, which is quicker: for commands that start and change nothing."""
        streams = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2)]
        before, given = dict(os.environ), self.environ(**environment)
        os.environ.clear()
        os.environ.update(given)
        try:
            with contextlib.chdir(self.folder), redirect_stdout(streams[0]), redirect_stderr(streams[1]):
                code = run_command(list(command))
        finally:
            os.environ.clear()
            os.environ.update(before)
        out, err = (stream.buffer.getvalue().decode() for stream in streams)
        return subprocess.CompletedProcess(command, code, out, err)

    def duplicate(self, folder: Path) -> "Project":
        """A copy of everything, results and memory included."""
        shutil.copytree(self.folder, folder, symlinks=True, dirs_exist_ok=True)
        return Project(folder, dict(self.environment))

    def snapshot(self) -> dict[str, str]:
        """All that a run must leave as it is: git's view of the project, the stash, and every file but runs and memory."""
        git = {name: self.succeed("git", *name.split()).stdout for name in ("status --porcelain", "stash list")}
        own = ("runs", ".timeweave", ".git")
        return git | {
            str(path.relative_to(self.folder)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(self.folder.rglob("*"))
            if path.is_file()
            and not {"cache", "tmp"} & set(path.parts)
            and path.relative_to(self.folder).parts[0] not in own
        }

    def set_params(self, **values: object) -> None:
        """Write `section__key=value` into params.yaml."""
        path = self.folder / "params.yaml"
        params = yaml.safe_load(path.read_text())
        for place, value in values.items():
            section, _, key = place.partition("__")
            if key:
                params[section][key] = value
            else:
                params[section] = value
        path.write_text(yaml.safe_dump(params))

    def read(self, name: str) -> dict:
        """A JSON document of the project."""
        return json.loads((self.folder / name).read_text(encoding="utf-8"))

    def hashes(self) -> dict[str, str]:
        """The hash of every output in dvc.lock."""
        lock = yaml.safe_load((self.folder / "dvc.lock").read_text())
        return {out["path"]: out["md5"] for stage in lock["stages"].values() for out in stage["outs"]}
