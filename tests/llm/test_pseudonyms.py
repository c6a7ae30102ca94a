"""Nobody's name, e-mail or id leaves the machine where pseudonyms are asked for."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.llm.period import changed, data_of, directory, material, summarised
from tests.reports import samples
from timeweave.llm.pseudonyms import SOMEBODY, Pseudonyms

TEAM = [
    ("Lucía Marquenas", "lucia.marquenas@team.example", 9100006),
    ("Jürgen Strauß", None, None),
    ("Bo Li", "bo@team.example", 7001),
    ("Ian Søren", None, None),
    ("王伟", None, None),
]
HIDE = Pseudonyms(TEAM).hide


@pytest.mark.parametrize("text", [
    "1:1 with Lucía", "1:1 with LUCIA", "ask lucia.marquenas@team.example", "user 9100006 said", "Marquenas' review", "@lmarquenas",
    "with Strauß", "with STRAUSS", "Bo Li and Lucía Marquenas", "lucía marquenas", "Bo, please", "for Li", "王伟完成了", "Ian's idea",
    "IAN", "Ians idea", "ian_soren", "Soren", "Lucía\u0301", "lucia",
])  # fmt: skip
def test_names_are_found_in_any_case_and_with_or_without_accents(text):
    hidden = HIDE(text).casefold()
    for part in ("luc", "marquenas", "strau", "9100006", "bo li", "ian", "ren", "王伟"):
        assert part not in hidden
    assert SOMEBODY in hidden


@pytest.mark.parametrize("text", [
    "Fix the login für alle, Straße 5", "Brilliant, a bonus: borders and lists", "Variante IANA", "about the box", "王 and 伟",
])  # fmt: skip
def test_other_text_stays_as_it_is(text):
    assert HIDE(text) == text


def test_a_team_of_nobody_hides_nothing():
    assert Pseudonyms([]).hide("Lucía") == "Lucía"


@given(st.text(max_size=40), st.text(max_size=40), st.sampled_from(["Lucía Marquenas", "LUCIA", "Strauß", "9100006"]))
def test_a_name_is_gone_wherever_it_stands(before, after, name):
    hidden = HIDE(before + name + after)
    assert name not in hidden


def test_no_body_holds_a_name_an_address_or_an_id(calm, tmp_path):
    text = "Mira asked jonas.ferrowell@heliotrope.example (102) and MIRA CASTELLANE. " + "x " * 950 + "Ferrowell"
    enriched = changed(samples.enriched(), "12", description=text, name="Checkout form for Jonas")
    summaries, *_ = summarised(calm, tmp_path, enriched=enriched, pseudonyms=True)
    bodies = "\n".join(calm.prompts).casefold()
    assert "somebody" in bodies
    for person in samples.aggregated().people:
        for part in (*person.name.split(), person.email, f'"{person.user_id}"', f"({person.user_id})"):
            if part:
                assert json.dumps(part.casefold())[1:-1] not in bodies
                assert part.casefold() not in bodies
    assert any("Mira Castellane" in item.text for item in summaries.items)
    assert any("Checkout form for Jonas" in item.text for item in summaries.items)


@pytest.mark.parametrize("cut", range(280, 301))
def test_a_name_that_is_cut_in_two_is_not_half_sent(calm, tmp_path, cut):
    enriched = changed(samples.enriched(), "12", name="x" * (cut - 1) + " Castellane")
    for question in material(enriched=enriched, masked=True).items():
        assert "cas" not in question.block.casefold()


@pytest.mark.parametrize(
    "filler",
    [
        "jonas.ferrowell@heliotrope.example ",
        "\u200b" * 4 + "jonas.ferrowell@heliotrope.example",
        "Castellane Ferrowell ",
    ],
)
@pytest.mark.parametrize("before", range(24))
def test_a_name_where_reading_ends_is_not_half_sent(filler, before):
    # So many names become so much shorter that what stands far behind them comes to be shown.
    text = "x" * before + " " + filler * 300
    enriched = changed(samples.enriched(), "12", name=text, description=text)
    item = next(q for q in material(enriched=enriched, masked=True).items() if "x" * before in q.data["title"])
    words = {word.strip("x") for word in item.data["title"].split() + item.data["description"].split()}
    assert [word for word in words if not ("somebody" * 300).startswith(word)] == []


def test_whoever_is_in_the_workspace_is_hidden_though_no_report_is_about_them(calm, tmp_path):
    absent = samples.Person(999_555, "Tormund Valkenried", "valkenried@heliotrope.example")
    text = "Pair with Tormund (999555), mail valkenried@heliotrope.example"
    enriched = changed(samples.enriched(), "12", description=text)
    summarised(calm, tmp_path, enriched=enriched, everybody=directory(samples.MIRA, absent), pseudonyms=True)
    bodies = "\n".join(calm.prompts).casefold()
    assert "pair with somebody" in bodies
    for part in ("tormund", "valkenried", "999555"):
        assert part not in bodies


def test_ordinary_words_that_hold_a_short_name_stay(calm, tmp_path):
    ian = samples.Person(104, "Ian Ode", "ian@heliotrope.example")
    enriched = changed(samples.enriched(), "12", description="Brilliant code for the median mode, says Ian.")
    summarised(calm, tmp_path, enriched=enriched, everybody=directory(ian), pseudonyms=True)
    told = [data_of(prompt).get("description") for prompt in calm.prompts]
    assert "Brilliant code for the median mode, says somebody." in told
