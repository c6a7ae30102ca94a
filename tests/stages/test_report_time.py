import pytest

from tests.reports import samples
from tests.reports.samples import TEMPLATES
from tests.stages.reported import run
from timeweave.runtime import document


@pytest.fixture
def aggregated(tmp_path):
    document.write(tmp_path / "aggregated.json", samples.aggregated())
    return tmp_path / "aggregated.json"


def test_the_logged_time_is_reported_from_the_aggregate_alone(tmp_path, aggregated):
    result = run("report_time", aggregated, TEMPLATES, tmp_path / "out" / "toggl_summary.md")
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    text = (tmp_path / "out" / "toggl_summary.md").read_text(encoding="utf-8")
    assert text.startswith("# Logged time: 7–13 October 2025\n")
    assert "| **Total** | **20.00** | **16.34** | **3.65** | **45 %** | | **10** |" in text


def test_a_fault_in_a_template_is_one_sentence_and_a_configuration_error(tmp_path, aggregated):
    (tmp_path / "toggl_summary.md.j2").write_text("a\n{{ report.headlin }}\n")
    result = run("report_time", aggregated, tmp_path, tmp_path / "out.md")
    assert result.returncode == 2
    assert result.stderr.startswith(f"report_time: {tmp_path / 'toggl_summary.md.j2'}, line 2: ")
    assert len(result.stderr.splitlines()) == 1
    assert not (tmp_path / "out.md").exists()


def test_a_missing_document_is_one_sentence(tmp_path):
    result = run("report_time", tmp_path / "aggregated.json", TEMPLATES, tmp_path / "out.md")
    assert result.returncode == 1
    assert "aggregated.json does not exist" in result.stderr
