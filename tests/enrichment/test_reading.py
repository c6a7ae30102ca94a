"""What follows from an answer: asked again, asked further, asked in halves, or told."""

from hypothesis import given
from hypothesis import strategies as st

from timeweave.enrichment.asking import MOST_COMMANDS, Ask, pack
from timeweave.enrichment.reading import IDENTITY, Reading, remarks
from timeweave.fibery.client import Refusal
from timeweave.fibery.query import Column

NAME = {"name": Column(["Scrum/Name"])}
ITEMS = {"items": Column({"q/from": "Scrum/Tasks", "q/limit": 100}, is_list=True)}
TIMEOUT = Refusal("entity.error/query-timeout", "Query timeout exceeded")
SECURED = Refusal("entity.error/query-with-permissions-field-expression-invalid", "secured field")
ODD = Refusal("commands.error/odd", "Something odd")


def rows(*ids, **more):
    return [{"id": f"u{one}", "public_id": one, **more} for one in ids]


def run(reading, answer):
    """Let `answer(ask)` be the server until nothing is asked any more; the asks of each round."""
    asks, rounds = reading.start(), []
    while asks:
        asks = [ask for request in pack(asks, 200) for ask in request]
        rounds.append(asks)
        for ask in asks:
            reading.take(ask, answer(ask))
        asks = reading.further()
        assert len(rounds) < 40
    return rounds


def ids(ask):
    return list(ask.ids)


def test_items_that_do_not_come_are_asked_once_more_and_then_are_not_there():
    reading = Reading("A/B", IDENTITY, ["3", "1", "20"])
    rounds = run(reading, lambda ask: rows(*(one for one in ask.ids if one != "20")))
    assert [[ids(ask) for ask in asks] for asks in rounds] == [[["1", "3", "20"]], [["20"]]]
    assert sorted(reading.rows) == ["1", "3"]
    assert reading.failed == {}


@given(st.integers(1, 60), st.integers(1, 60))
def test_an_answer_cut_anywhere_is_completed(count, cut):
    wanted = [str(one) for one in range(1, count + 1)]
    reading = Reading("A/B", IDENTITY, wanted)
    run(reading, lambda ask: rows(*ask.ids[:cut]))
    assert sorted(reading.rows) == sorted(wanted)


def test_rows_that_nobody_asked_for_are_left():
    reading = Reading("A/B", IDENTITY, ["1"])
    run(reading, lambda ask: [*rows("1", "7"), {"odd": 1}])
    assert list(reading.rows) == ["1"]


@given(st.integers(1, 40), st.integers(1, 40))
def test_a_slow_query_is_asked_in_halves(count, most):
    reading = Reading("A/B", IDENTITY, [str(one) for one in range(1, count + 1)])
    rounds = run(reading, lambda ask: rows(*ask.ids) if len(ask.ids) <= most else TIMEOUT)
    assert len(reading.rows) == count
    assert len(rounds) <= 8


def test_an_item_that_is_always_too_slow_fails_alone():
    reading = Reading("A/B", IDENTITY, ["1", "2", "3"])
    run(reading, lambda ask: TIMEOUT if "2" in ask.ids else rows(*ask.ids))
    assert sorted(reading.rows) == ["1", "3"]
    assert "timeout" in reading.failed["2"].casefold()


def test_a_passing_refusal_is_asked_once_more():
    reading, answers = Reading("A/B", IDENTITY, ["1"]), iter([ODD, rows("1")])
    assert len(run(reading, lambda ask: next(answers))) == 2
    assert list(reading.rows) == ["1"]


def test_a_lasting_refusal_fails_its_items_with_what_was_said():
    reading = Reading("A/B", IDENTITY, ["1", "2"])
    run(reading, lambda ask: ODD)
    assert reading.failed == dict.fromkeys(["1", "2"], "commands.error/odd: Something odd")


def test_a_vanished_database_fails_its_items_at_once():
    reading = Reading("A/B", IDENTITY, ["1"])
    gone = Refusal("entity.error/schema-type-not-found", '"A/B" database was not found.')
    assert len(run(reading, lambda ask: gone)) == 1
    assert "A/B vanished" in reading.failed["1"]


def test_a_column_that_may_not_be_read_costs_that_column():
    reading = Reading("A/B", {**IDENTITY, **NAME, "budget": Column(["Scrum/Budget"])}, ["1", "2"])
    run(reading, lambda ask: SECURED if "budget" in ask.select else rows(*ask.ids, name="x"))
    assert [reading.rows[one]["name"] for one in ("1", "2")] == ["x", "x"]
    assert reading.refused == ["budget"]
    assert remarks(reading) == ["A/B: this token may not read Scrum/Budget; left empty"]


def test_trouble_during_the_probing_costs_no_other_column():
    reading = Reading("A/B", {**IDENTITY, **NAME, "budget": Column(["Scrum/Budget"])}, ["1"])
    troubled = iter([ODD])

    def answer(ask):
        if ask.kind == "probe" and ask.alias == "name":
            return next(troubled, [])
        return SECURED if "budget" in ask.select else rows(*ask.ids, name="x")

    run(reading, answer)
    assert reading.refused == ["budget"]


def test_a_database_that_may_not_be_read_at_all_fails_its_items():
    reading = Reading("A/B", {**IDENTITY, **NAME}, ["1"])
    run(reading, lambda ask: SECURED)
    assert "secured field" in reading.failed["1"]


def listed(count, offset=0):
    return [{"id": f"t{offset + one}"} for one in range(count)]


def serve(whole, cut=100, **more):
    """A server of lists that gives `cut` rows at most, whatever is asked."""

    def answer(ask):
        offset = ask.select["items"].get("q/offset", 0) if "items" in ask.select else 0
        return [{**rows(one, **more)[0], "items": whole[one][offset : offset + cut]} for one in ask.ids]

    return answer


def lengths(reading):
    return {one: len(row["items"]) for one, row in reading.rows.items()}


def test_a_list_of_exactly_the_limit_is_asked_further_until_it_ends():
    reading = Reading("A/B", {**IDENTITY, **ITEMS}, ["1", "2"])
    rounds = run(reading, serve({"1": listed(230), "2": listed(100)}))
    assert lengths(reading) == {"1": 230, "2": 100}
    assert [len(asks) for asks in rounds] == [1, 1, 1]
    assert rounds[1][0].select["items"]["q/offset"] == 100


def test_a_list_that_never_ends_fails_its_item():
    reading = Reading("A/B", {**IDENTITY, **ITEMS}, ["1"])
    run(reading, lambda ask: [{**rows(one)[0], "items": listed(100)} for one in ask.ids])
    assert "only a part of its list Scrum/Tasks" in reading.failed["1"]


COUNTED = {**IDENTITY, **ITEMS, "items_count": Column(["q/count", ["Scrum/Tasks", "fibery/id"]], is_count=True)}


def test_a_counted_list_is_asked_further_until_all_have_come():
    reading = Reading("A/B", COUNTED, ["1"])
    run(reading, serve({"1": listed(17)}, cut=5, items_count=17))
    assert lengths(reading) == {"1": 17}


def test_a_counted_list_whose_rest_does_not_come_fails_its_item():
    reading = Reading("A/B", COUNTED, ["1"])
    run(reading, serve({"1": listed(17)}, items_count=18))
    assert "only a part" in reading.failed["1"]


def test_a_count_that_may_not_be_read_costs_nothing_and_is_not_talked_about():
    reading = Reading("A/B", COUNTED, ["1"])
    complete = serve({"1": listed(130)})
    run(reading, lambda ask: SECURED if "items_count" in ask.select else complete(ask))
    assert lengths(reading) == {"1": 130}
    assert remarks(reading) == []


@given(st.integers(2, 20), st.integers(1, 9))
def test_where_answers_are_cut_lists_of_that_length_are_asked_further(count, cut):
    whole = {str(one): listed(one) for one in range(1, count + 1)}
    reading = Reading("A/B", {**IDENTITY, **ITEMS}, whole)
    lists = serve(whole, cut)

    def answer(ask):
        return lists(ask)[:cut]

    asks = reading.start()
    while asks:
        for ask in [ask for request in pack(asks, 200) for ask in request]:
            reading.take(ask, answer(ask))
        reading.lists.suspect(reading.cut_at, reading.rows)
        asks = reading.further()
    if count > cut:
        assert lengths(reading) == {one: len(items) for one, items in whole.items()}


def test_null_is_an_empty_list():
    reading = Reading("A/B", {**IDENTITY, **ITEMS}, ["1"])
    run(reading, lambda ask: [{**rows("1")[0], "items": None}])
    assert reading.rows["1"]["items"] == []


def asks(*counts, light=False):
    return [
        Ask(f"A/{index}", tuple(str(one) for one in range(1, count + 1)), {}, light=light)
        for index, count in enumerate(counts)
    ]


@given(st.lists(st.integers(1, 450), min_size=1, max_size=8), st.integers(1, 200))
def test_requests_are_full_and_nothing_is_lost(counts, batch):
    requests = pack(asks(*counts), batch)
    total = sum(counts)
    assert sum(len(ask.ids) for request in requests for ask in request) == total
    assert all(sum(len(ask.ids) for ask in request) <= batch for request in requests)
    assert len(requests) == -(-total // batch)


def test_light_asks_share_a_request_up_to_its_number_of_commands():
    requests = pack(asks(*[150] * (MOST_COMMANDS + 1), light=True), 200)
    assert [len(request) for request in requests] == [MOST_COMMANDS, 1]
