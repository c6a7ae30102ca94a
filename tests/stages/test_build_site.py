import os
import shutil
import subprocess
import sys

from tests.reports.samples import TEMPLATES
from tests.stages.reported import ROOT, documents, files, run


def test_the_site_is_a_page_for_the_team_and_one_for_each_person(tmp_path):
    assert run("build_site", *documents(tmp_path), TEMPLATES, tmp_path / "site").returncode == 0
    assert sorted(files(tmp_path / "site")) == [
        "index.html",
        "people/anouk-delisse.html",
        "people/jonas-ferrowell.html",
        "people/mira-castellane.html",
    ]


def test_the_same_documents_give_the_same_bytes_whatever_the_machine(tmp_path):
    paths = documents(tmp_path)
    for name, seed, zone in (("a", "1", "UTC"), ("b", "2", "Asia/Tokyo")):
        command = [sys.executable, "stages/build_site.py", *paths, str(TEMPLATES), str(tmp_path / name)]
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "C"}
        subprocess.run(command, cwd=ROOT, env=environment, check=True)
    assert files(tmp_path / "a") == files(tmp_path / "b")


def test_the_words_of_a_page_are_the_templates(tmp_path):
    templates = tmp_path / "templates"
    shutil.copytree(TEMPLATES, templates)
    page = templates / "site" / "index.html.j2"
    page.write_text(page.read_text(encoding="utf-8").replace("Needs attention", "Look here"), encoding="utf-8")
    assert run("build_site", *documents(tmp_path), templates, tmp_path / "site").returncode == 0
    assert "Look here" in (tmp_path / "site" / "index.html").read_text(encoding="utf-8")


def test_the_page_of_someone_who_is_gone_is_removed(tmp_path):
    (tmp_path / "site" / "people").mkdir(parents=True)
    (tmp_path / "site" / "people" / "someone-gone.html").write_text("old")
    assert run("build_site", *documents(tmp_path), TEMPLATES, tmp_path / "site").returncode == 0
    assert "people/someone-gone.html" not in files(tmp_path / "site")
