"""What production starts from is held to its promises: docker-compose.yml, Dockerfile, .dockerignore and docker/start."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from tests.project import BIN, ROOT, Project

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
LINES = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
IGNORED = [
    line for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line and line[0] not in "#"
]
VERSION = re.compile(r"[\w./-]+:\d+\.\d+(\.\d+)*(-[\w.]+)*")
"""A name and at least two numbers: `latest` is no version, and neither is `17`, which is another one tomorrow."""
SECRET = re.compile(r"PASSWORD|PWD|TOKEN|KEY|URLS")


def after(word: str) -> list[str]:
    """What stands behind an instruction of the Dockerfile, each time it is given."""
    return [line.removeprefix(word).strip() for line in LINES if line.startswith(f"{word} ")]


def environment(name: str) -> dict[str, str | None]:
    return SERVICES[name].get("environment", {})


def test_every_image_is_pinned_to_a_version():
    named = {name: service["image"] for name, service in SERVICES.items() if "image" in service}
    bases = {f"Dockerfile {number}": line.split()[0] for number, line in enumerate(after("FROM"))}
    assert len(named) >= 5 and bases
    assert [place for place, image in (named | bases).items() if not VERSION.fullmatch(image)] == []


def test_production_has_the_server_that_is_tried_and_tested():
    said = subprocess.run([BIN / "temporal", "--version"], capture_output=True, text=True, check=True).stdout
    server, ui = re.search(r"Server ([\d.]+), UI ([\d.]+)", said).groups()
    assert {service["image"] for service in SERVICES.values() if "temporalio" in service.get("image", "")} == {
        f"temporalio/server:{server}", f"temporalio/admin-tools:{server}", f"temporalio/ui:{ui}",
    }  # fmt: skip


def test_every_port_is_open_to_the_machine_itself_only():
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert len(ports) == 2
    assert [port for port in ports if not re.fullmatch(r"127\.0\.0\.1:\d+:\d+", str(port))] == []
    assert not any("network_mode" in service for service in SERVICES.values())


def test_no_secret_is_written_down_or_has_a_default():
    secrets = {
        f"{name} {key}": value for name in SERVICES for key, value in environment(name).items() if SECRET.search(key)
    }
    assert {"postgresql POSTGRES_PASSWORD", "schema SQL_PASSWORD", "temporal POSTGRES_PWD"} < secrets.keys()
    # Without a value it is that of the caller's environment or .env, and nothing where there is none.
    assert {
        place: value
        for place, value in secrets.items()
        if value is not None and not re.fullmatch(r"\$\{\w+:\?[^}]+\}", value)
    } == {}
    assert not [name for name in SERVICES if "env_file" in SERVICES[name]], "a worker needs no database's password"
    assert [line for line in LINES if re.search(rf"(ENV|ARG) .*({SECRET.pattern})", line)] == []


def test_a_worker_gets_every_secret_that_the_program_reads():
    read = set()
    for path in (ROOT / "timeweave").rglob("*.py"):
        if "sandbox" not in path.relative_to(ROOT).parts:
            read |= set(
                re.findall(r"\b(?:TOGGL|FIBERY|OPENAI)_API_\w+|\bTIMEWEAVE_NOTIFY_URLS", path.read_text("utf-8"))
            )
    assert {"TOGGL_API_TOKEN", "FIBERY_API_TOKEN", "OPENAI_API_KEY", "TIMEWEAVE_NOTIFY_URLS"} <= read
    assert read <= environment("worker").keys()


def test_what_lasts_is_restarted_and_looked_after():
    lasting = {name for name in SERVICES if SERVICES[name].get("restart") == "unless-stopped"}
    assert lasting == {"postgresql", "temporal", "ui", "worker"}
    assert {name for name in SERVICES if "healthcheck" in SERVICES[name]} == lasting - {"worker"}
    for name in ("schema", "namespace"):
        waiting = [one for one in SERVICES if name in SERVICES[one].get("depends_on", {})]
        assert waiting, f"nobody waits for {name}"
        for one in waiting:
            assert SERVICES[one]["depends_on"][name] == {"condition": "service_completed_successfully"}
    mounted = {volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])}
    assert mounted == COMPOSE["volumes"].keys()


def test_the_worker_is_built_here_and_can_be_many():
    worker = SERVICES["worker"]
    assert worker["build"] == "." and "image" not in worker
    assert not {"container_name", "ports", "hostname"} & worker.keys()
    assert worker["init"] is True
    assert worker["environment"]["TEMPORAL_ADDRESS"] == "temporal:7233"


def test_all_workers_have_one_archive_and_one_cache():
    assert {"cache:/cache", "archive:/archive"} <= set(SERVICES["worker"]["volumes"])
    assert environment("worker")["TIMEWEAVE_ARCHIVE"] == "${TIMEWEAVE_ARCHIVE:-/archive}"
    assert any("TIMEWEAVE_CACHE=/cache TIMEWEAVE_ARCHIVE=/archive" in line for line in after("ENV"))
    assert any("install -d" in line and "/cache /archive" in line for line in after("RUN"))


def test_the_worker_is_not_root_and_gains_no_rights():
    [user] = after("USER")
    assert user not in ("root", "0")
    assert any(f"useradd --create-home --uid 1000 {user}" in line for line in after("RUN"))
    # Nothing is done as root after it.
    assert [line.split()[0] for line in LINES[LINES.index(f"USER {user}") + 1 :]] == ["WORKDIR", "ENTRYPOINT", "CMD"]
    assert SERVICES["worker"]["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in SERVICES["worker"]["security_opt"]
    assert "user" not in SERVICES["worker"] and "privileged" not in SERVICES["worker"]


def test_the_image_has_what_a_worker_runs_at_the_versions_that_are_tested():
    [install] = [line for line in after("RUN") if "pip install" in line]
    [extras] = re.findall(r"'\.\[([\w,]+)\]'", install)
    known = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    assert {"temporal", "notify", "llm"} <= set(extras.split(",")) <= known.keys()
    assert any("PIP_CONSTRAINT=/source/constraints.txt" in line for line in after("ENV"))
    pinned = {
        line.split("==")[0] for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines() if "==" in line
    }
    assert "'dvc[s3]'" in install and {"dvc-s3", "s3fs", "botocore"} <= pinned
    assert any("git" in line.split() for line in after("RUN"))


def test_what_is_copied_is_there_and_nothing_else_is_sent_along():
    assert IGNORED[0] == "*"
    let_in = {line[1:] for line in IGNORED if line.startswith("!")}
    copied = {
        source for line in after("COPY") if "--from" not in line for source in line.split()[:-1] if source[0] != "-"
    }
    assert {name.split("/")[0] for name in copied} == let_in
    assert all((ROOT / name).exists() for name in copied)
    assert not {name for name in let_in if name.startswith(".")}, "neither .env nor .git nor .dvc"


def test_git_keeps_no_secrets():
    asked = ["git", "check-ignore", "--quiet", "--no-index", ".env"]
    assert subprocess.run(asked, cwd=ROOT).returncode == 0


@pytest.fixture
def container(tmp_path):
    """Run docker/start as in a container: folders of its own, the project's origin elsewhere."""
    project = Project.copy(tmp_path / "project")
    subprocess.run(["git", "clone", "-q", "--bare", str(project.folder), str(tmp_path / "origin")], check=True)
    for name in ("clone", "home", "cache"):
        (tmp_path / name).mkdir()

    def start(*command: str, **given: str) -> subprocess.CompletedProcess[str]:
        variables = {
            "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "VIRTUAL_ENV": str(Path(sys.executable).parent.parent),
            "HOME": str(tmp_path / "home"), "TIMEWEAVE_CACHE": str(tmp_path / "cache"),
            "TIMEWEAVE_ORIGIN": str(tmp_path / "origin"),
        }  # fmt: skip
        return subprocess.run(
            [ROOT / "docker/start", *command],
            cwd=tmp_path / "clone",
            env=variables | given,
            capture_output=True,
            text=True,
        )

    return start, tmp_path


def test_a_container_begins_with_a_clone_and_is_started_again_with_it(container):
    start, folder = container
    remote = str(folder / "remote")
    for _ in range(2):
        done = start("list-runs", DVC_REMOTE_URL=remote)
        assert (done.returncode, done.stdout) == (0, ""), done.stderr
        assert "no runs yet" in done.stderr
    settings = (folder / "clone/.dvc/config.local").read_text()
    assert f"dir = {folder / 'cache'}" in settings and f"url = {remote}" in settings and "remote = storage" in settings
    status = ["git", "status", "--porcelain"]
    assert subprocess.run(status, cwd=folder / "clone", capture_output=True, text=True, check=True).stdout == ""


def test_the_token_for_git_is_said_to_its_own_repository_only_and_kept_nowhere(container):
    start, folder = container
    origin = "https://git.example/team/reports.git"
    # The clone is there already, as when a container is started again.
    assert start("list-runs").returncode == 0
    assert start("list-runs", TIMEWEAVE_ORIGIN=origin, GIT_PUSH_TOKEN="a secret").returncode == 0

    def credentials(path: str) -> str:
        environ = {"PATH": os.environ["PATH"], "HOME": str(folder / "home"), "GIT_PUSH_TOKEN": "a secret"}
        asked = subprocess.run(
            ["git", "credential", "fill"], input=f"protocol=https\nhost=git.example\npath={path}\n", text=True,
            cwd=folder, env=environ | {"GIT_TERMINAL_PROMPT": "0"}, capture_output=True,
        )  # fmt: skip
        return asked.stdout

    assert "username=oauth2\npassword=a secret\n" in credentials("team/reports.git")
    assert "secret" not in credentials("team/other.git")
    kept = [path.read_text() for path in (folder / "home").rglob("*") if path.is_file()]
    assert kept and not any("a secret" in text for text in kept)
