"""A real copy of the project, a git and DVC repository of its own, to run commands in."""

import compileall
import contextlib
import hashlib
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

import yaml
from filelock import FileLock

from tests import in_process
from tests.in_process import call, call_script
from timeweave.cli import run_command
from timeweave.repository import dvc_process

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
SHARED: list[Path] = []
"""The folder of all workers of the tests; conftest.py writes it here."""


@dataclass
class Project:
    """A folder with everything git knows of the working tree."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    @classmethod
    def copy(cls, folder: Path, **environment: str) -> "Project":
        """A copy of what is tracked, or would be, committed as a repository of its own."""
        return cls(make_once("template", _make_template), environment).duplicate(folder)

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
        """Run a command of `timeweave` in this process, which is quicker where a process is not what is tested."""
        return call(lambda: run_command(list(command)), command, self.folder, self.environ(**environment))

    def call_run(self, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """`timeweave run` in this process, DVC and its stages too."""
        with patch.object(dvc_process, "_execute", in_process.execute_dvc):
            return self.call("run", *options, **environment)

    def call_dvc(self, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """`dvc` in this process, with its stages; it must end well."""
        done = in_process.call_dvc(command, self.folder, self.environ(**environment))
        assert done.returncode == 0, f"{command} ended {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def call_stage(self, name: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a stage's script in this process, with the code that the tests have imported."""
        return call_script(Path(f"stages/{name}.py"), arguments, self.folder, self.environ(**environment))

    def call_pipeline(self) -> str:
        """Run every stage in this process, one after the other, without DVC; what they said."""
        said = ""
        for name in yaml.safe_load((self.folder / "dvc.yaml").read_text())["stages"]:
            done = self.call_stage(name, *self.read_arguments(name))
            assert done.returncode == 0, f"{name}: {done.stderr}"
            said += done.stdout + done.stderr
        return said

    def read_arguments(self, name: str) -> list[str]:
        """What dvc.yaml has the stage's script called with, values of params.yaml filled in."""
        stage = yaml.safe_load((self.folder / "dvc.yaml").read_text())["stages"][name]
        params = yaml.safe_load((self.folder / "params.yaml").read_text())
        return re.sub(r"\$\{(\w+)\.(\w+)\}", lambda key: params[key[1]][key[2]], stage["cmd"]).split()[2:]

    def duplicate(self, folder: Path) -> "Project":
        """A copy of everything, results and memory included."""
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(["cp", "-a", f"{self.folder}/.", folder], check=True)
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


def make_once(name: str, make: Callable[[Path], None]) -> Path:
    """A folder that is made once for all workers of the tests, and never changed."""
    root = SHARED[-1]
    folder, done = root / name, root / f"{name}.done"
    with FileLock(root / f"{name}.lock"):
        if not done.exists():
            folder.mkdir(exist_ok=True)
            make(folder)
            done.touch()
    return folder


LEFT_OUT = ("tests/", "bench/", "docs/images/")
"""A third of the project's files, which no command reads."""


def _make_template(folder: Path) -> None:
    """The project as it is now, committed; with what Python has compiled, which else every copy would do again."""
    compileall.compile_dir(ROOT / "timeweave", quiet=2)
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    for name in filter(None, listed.split("\0")):
        if name.startswith(LEFT_OUT):
            continue
        compiled = Path(name).parent / "__pycache__" / f"{Path(name).stem}.{sys.implementation.cache_tag}.pyc"
        for path in (Path(name), compiled):
            if (ROOT / path).is_file():
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / path, folder / path)
    commit_all(Project(folder), "The project")
    # In one file instead of hundreds, which every copy would make again.
    Project(folder).run("git", "repack", "-adq").check_returncode()


def commit_all(project: Project, message: str) -> None:
    """Commit everything, in a new repository where there is none."""
    for command in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-qm", message]):
        project.run("git", *command).check_returncode()


@contextlib.contextmanager
def file_size_limit(size: int) -> Iterator[None]:
    """No file that this process writes grows beyond so many bytes: a full disk that needs no disk of its own."""
    before, handler = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
