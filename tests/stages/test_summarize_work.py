import json

from tests.stages.reported import documents, run


def summarize(folder, llm):
    (folder / "params.yaml").write_text(f"llm: {llm}\n")
    aggregated, enriched, _ = documents(folder)
    return run("summarize_work", aggregated, enriched, folder / "out.json", folder=folder)


def test_where_no_model_is_asked_the_summaries_are_empty(tmp_path):
    assert summarize(tmp_path, "{enabled: false, url: null, model: null, max_concurrent: 3}").returncode == 0
    assert json.loads((tmp_path / "out.json").read_text()) == {
        "schema": 1,
        "enabled": False,
        "items": [],
        "people": [],
        "team": None,
    }


def test_asking_a_model_is_refused_with_what_to_do(tmp_path):
    result = summarize(tmp_path, "{enabled: true}")
    assert result.returncode == 2
    assert "set llm.enabled: false" in result.stderr
    assert not (tmp_path / "out.json").exists()
