import msgspec
import pytest

from tests.reports import rendered, samples
from tests.reports.samples import TEMPLATES
from tests.stages.reported import run
from timeweave.models.aggregated import Finding, FindingKind
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


def test_what_was_found_stands_with_day_and_hours_and_how_many_more_there_are(tmp_path):
    blanks = [samples.Entry(samples.MIRA, "2025-10-07", 3600 + n, "") for n in range(7)]
    warnings = [
        Finding(kind=FindingKind.NO_DESCRIPTION, user_id=101, entry_id=entry.id, text="")
        for person in samples.aggregated(blanks).people
        for activity in person.activities
        for wording in activity.descriptions
        for entry in wording.entries
    ]
    running = Finding(
        kind=FindingKind.RUNNING, user_id=101, entry_id=77, text="Login loops", start="2025-10-13T17:00:00+00:00"
    )
    known = msgspec.structs.replace(samples.aggregated(blanks), warnings=[*warnings, running])
    text = rendered.time_summary(known)
    lines = text.partition("There is no description")[2].splitlines()
    assert lines[0] == "**: 7 entries"
    assert lines[1] == "  - Mira Castellane, Tue 7 Oct, 1.00 h: (no description)"
    assert lines[6] == "  - 2 more"
    assert "  - Mira Castellane, Mon 13 Oct: Login loops\n" in text


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
