from tests.reports import samples
from tests.reports.samples import TEMPLATES, Entry, Person
from tests.stages.reported import documents, files, run


def test_each_person_has_a_report_with_their_prose(tmp_path):
    out = tmp_path / "individual"
    assert run("report_people", *documents(tmp_path), TEMPLATES, out).returncode == 0
    assert sorted(files(out)) == ["anouk-delisse.md", "jonas-ferrowell.md", "mira-castellane.md"]
    assert "> A week of forms." in (out / "mira-castellane.md").read_text(encoding="utf-8")


def test_the_report_of_someone_who_is_gone_is_removed(tmp_path):
    out = tmp_path / "individual"
    out.mkdir()
    (out / "someone-gone.md").write_text("old")
    assert run("report_people", *documents(tmp_path), TEMPLATES, out).returncode == 0
    assert not (out / "someone-gone.md").exists()


def test_two_people_whose_files_would_be_the_same_have_two(tmp_path):
    twins = [Person(1, "Anna", "anna@a.example"), Person(2, "Anna", "Anna@b.example")]
    analysis = samples.analysis([Entry(one, "2025-10-07", 60) for one in twins], [], findings=[])
    assert run("report_people", *documents(tmp_path, analysis), TEMPLATES, tmp_path / "out").returncode == 0
    assert sorted(files(tmp_path / "out")) == ["anna.md", "anna_2.md"]


def test_a_period_without_anyone_is_an_empty_folder(tmp_path):
    paths = documents(tmp_path, samples.analysis([], [], findings=[]))
    assert run("report_people", *paths, TEMPLATES, tmp_path / "out").returncode == 0
    assert (tmp_path / "out").is_dir()
    assert files(tmp_path / "out") == {}
