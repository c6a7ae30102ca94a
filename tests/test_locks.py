"""The locks say what constraints.txt says, of every package of their extras, with hashes and without an index."""

import json
import re
import shlex
import shutil
import subprocess
import tomllib

import pytest

from tests.project import BIN, ROOT

LOCKS = ("build", "run", "all")
LINE = re.compile(r"([a-z0-9-]+)==([^ ;]+)(?: ; [^\\]+)? \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)")


def normalize(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(lock: str) -> dict[str, str]:
    """Package and version of each entry; nothing but entries with hashes is in the file."""
    text = (ROOT / f"locks/{lock}.txt").read_text("utf-8")
    assert LINE.sub("", text) == ""
    return {name: version for name, version, _ in LINE.findall(text)}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_has_the_versions_that_are_tested(lock):
    lines = [line.split("==") for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines() if line[0] != "#"]
    constraints = {normalize(name): version for name, version in lines}
    found = pins(lock)
    assert {name: version for name, version in found.items() if constraints.get(name) != version} == {}
    if lock == "all":
        assert constraints.keys() - found.keys() == set(), "run `make lock`"


def test_a_lock_has_what_the_project_asks_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]

    def names(requirements):
        return {normalize(re.match(r"[\w.-]+", one).group()) for one in requirements}

    worker = [one for extra in ("llm", "notify", "s3", "temporal") for one in extras[extra]]
    assert names(project["dependencies"] + worker) <= pins("run").keys()
    assert names(one for extra in extras.values() for one in extra) <= pins("all").keys()
    assert {"hatchling", "editables", "setuptools"} <= pins("build").keys()
    assert pins("build").items() <= pins("run").items() <= pins("all").items()
    assert {"dvc-s3", "s3fs", "botocore"} <= pins("run").keys()
    assert not {"pytest", "mypy", "playwright", "moto"} & pins("run").keys()


def test_what_is_not_in_the_lock_by_its_hash_is_not_installed(tmp_path):
    """pip is asked for real, with a package of its own making and no index."""
    (tmp_path / "six-1.17.0-py2.py3-none-any.whl").write_bytes(b"not what was published")
    entry = re.search(r"^six==.*\n(    .*\n)+", (ROOT / "locks/run.txt").read_text("utf-8"), re.M).group()
    (tmp_path / "lock").write_text(entry, encoding="utf-8")
    done = subprocess.run(
        [str(BIN / "python"), "-m", "pip", "download", "--no-index", "--no-deps", "--require-hashes", "--find-links", ".", "-r", "lock", "-d", "got"],
        cwd=tmp_path, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 1 and "DO NOT MATCH THE HASHES" in done.stderr


def test_the_list_of_what_is_inside_is_cyclonedx_and_the_same_each_time(tmp_path):
    made = [make_list(tmp_path / name) for name in ("one", "two")]
    assert made[0] == made[1]
    document = json.loads(made[0])
    assert document["bomFormat"] == "CycloneDX" and document["metadata"]["component"]["name"] == "timeweave"
    assert {one["name"]: one["version"] for one in document["components"]} == pins("run")
    assert all(one["purl"].startswith("pkg:pypi/") for one in document["components"])


def make_list(path):
    """What `make sbom` says, without the slow check against the format's schema that it ends with."""
    done = subprocess.run(["make", "--dry-run", "sbom"], cwd=ROOT, capture_output=True, text=True, check=True)
    [command] = [line for line in done.stdout.splitlines() if "cyclonedx-py" in line]
    command = command.replace("dist/sbom.json", str(path)).replace(".venv/bin", str(BIN))
    subprocess.run([*shlex.split(command), "--no-validate"], cwd=ROOT, check=True, capture_output=True)
    return path.read_text()


def test_a_pip_that_fails_in_the_middle_of_a_line_has_installed_nothing(tmp_path):
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path)
    tools = tmp_path / ".venv/bin"
    tools.mkdir(parents=True)
    (tools / "python").touch()
    (tools / "pip").write_text("#!/bin/sh\nprintf 'Collecting a'\nexit 5\n")
    (tools / "pip").chmod(0o755)
    done = subprocess.run(["make", "install", "LOCKED="], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "Error 5" in done.stderr
    assert not (tmp_path / ".venv/.installed").exists()
