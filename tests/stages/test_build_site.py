import os
import shutil
import subprocess
import sys

import pytest

from tests.reports import story
from tests.reports.analyses import TEMPLATES
from tests.reports.crowd import crowd
from tests.stages.reported import ROOT, files, run
from timeweave.models.summaries import Summaries
from timeweave.runtime import document


@pytest.fixture
def documents(tmp_path):
    """The paths of the two documents that the site is made of."""
    document.write(tmp_path / "analysis.json", story.analysis())
    document.write(tmp_path / "summaries.json", story.PROSE)
    return [str(tmp_path / "analysis.json"), str(tmp_path / "summaries.json")]


def test_the_site_is_a_page_for_the_team_and_one_for_each_person(tmp_path, documents):
    assert run("build_site", *documents, TEMPLATES, tmp_path / "site").returncode == 0
    people = [f"people/{member.slug}.html" for member in story.MEMBERS]
    assert sorted(files(tmp_path / "site")) == sorted(["index.html", *people])


def test_the_same_documents_give_the_same_bytes_whatever_the_machine(tmp_path):
    # More people than one process makes pages of.
    document.write(tmp_path / "analysis.json", crowd(60, 80))
    document.write(tmp_path / "summaries.json", Summaries())
    for name, seed, zone in (("a", "1", "UTC"), ("b", "2", "Asia/Tokyo")):
        paths = [
            str(tmp_path / "analysis.json"),
            str(tmp_path / "summaries.json"),
            str(TEMPLATES),
            str(tmp_path / name),
        ]
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "C"}
        subprocess.run([sys.executable, "stages/build_site.py", *paths], cwd=ROOT, env=environment, check=True)
    assert len(files(tmp_path / "a")) == 61
    assert files(tmp_path / "a") == files(tmp_path / "b")


def test_the_words_of_a_page_are_the_templates(tmp_path, documents):
    templates = tmp_path / "templates"
    shutil.copytree(TEMPLATES, templates)
    page = templates / "site" / "index.html.j2"
    page.write_text(page.read_text(encoding="utf-8").replace("What to know", "Look here"), encoding="utf-8")
    words = templates / "words.j2"
    changed = words.read_text(encoding="utf-8").replace("looks like a forgotten timer", "seems to have run all night")
    words.write_text(changed, encoding="utf-8")
    assert run("build_site", *documents, templates, tmp_path / "site").returncode == 0
    text = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    assert "Look here" in text
    assert "seems to have run all night" in text


def test_a_sentence_that_is_missing_from_the_words_is_named(tmp_path, documents):
    templates = tmp_path / "templates"
    shutil.copytree(TEMPLATES, templates)
    words = templates / "words.j2"
    words.write_text(words.read_text(encoding="utf-8").replace('"long_entry": "One', '"other": "One'), encoding="utf-8")
    done = run("build_site", *documents, templates, tmp_path / "site")
    assert done.returncode == 2
    assert "words.j2 has no sentence for long_entry" in done.stderr


def test_the_page_of_someone_who_is_gone_is_removed(tmp_path, documents):
    (tmp_path / "site" / "people").mkdir(parents=True)
    (tmp_path / "site" / "people" / "someone-gone.html").write_text("old")
    assert run("build_site", *documents, TEMPLATES, tmp_path / "site").returncode == 0
    assert "people/someone-gone.html" not in files(tmp_path / "site")
