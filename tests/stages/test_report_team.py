from tests.reports.samples import TEMPLATES
from tests.stages.reported import documents, files, run

NAMES = ("team_summary.md", "team_digest.html", "team_digest.txt")


def report(folder, out):
    result = run("report_team", *documents(folder), TEMPLATES, *(out / name for name in NAMES))
    assert (result.returncode, result.stderr) == (0, "")
    return files(out)


def test_the_team_has_a_report_and_an_e_mail_edition_in_two_forms(tmp_path):
    found = report(tmp_path, tmp_path / "out")
    assert sorted(found) == sorted(NAMES)
    assert "> A calm week." in found["team_summary.md"].decode()
    for content in found.values():
        assert "20.0" in content.decode()


def test_the_same_documents_give_the_same_bytes(tmp_path):
    assert report(tmp_path, tmp_path / "a") == report(tmp_path, tmp_path / "b")
