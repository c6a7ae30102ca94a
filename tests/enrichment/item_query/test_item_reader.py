"""What follows from an answer: the next queries, a row, or a failure."""

from hypothesis import given
from hypothesis import strategies as st

from timeweave.enrichment.item_query.item_reader import ItemReader, describe_refused
from timeweave.enrichment.item_query.query_batches import QueryKind, pack
from timeweave.fibery.client import Refusal
from timeweave.fibery.query import IDENTITY, Column

NAME = {"name": Column(["Scrum/Name"])}
ITEMS = {"items": Column({"q/from": "Scrum/Tasks", "q/limit": 100}, is_list=True)}
TIMEOUT = Refusal("entity.error/query-timeout", "Query timeout exceeded")
SECURED = Refusal("entity.error/query-with-permissions-field-expression-invalid", "secured field")
ODD = Refusal("commands.error/odd", "Something odd")


def rows(*ids, **more):
    return [{"id": f"u{one}", "public_id": one, **more} for one in ids]


def run(reader, answer):
    """Let `answer(query)` be the server until nothing is asked any more; the queries of each round."""
    queries, rounds = reader.start(), []
    while queries:
        queries = [query for request in pack(queries, 200) for query in request]
        rounds.append(queries)
        for query in queries:
            reader.take(query, answer(query))
        queries = reader.proceed()
        assert len(rounds) < 40
    return rounds


def ids(query):
    return list(query.ids)


def test_items_that_do_not_come_are_asked_once_more_and_then_are_not_there():
    reader = ItemReader("A/B", IDENTITY, ["3", "1", "20"])
    rounds = run(reader, lambda query: rows(*(one for one in query.ids if one != "20")))
    assert [[ids(query) for query in queries] for queries in rounds] == [[["1", "3", "20"]], [["20"]]]
    assert sorted(reader.rows) == ["1", "3"]
    assert reader.failed == {}


@given(st.integers(1, 60), st.integers(1, 60))
def test_an_answer_cut_anywhere_is_completed(count, cut):
    wanted = [str(one) for one in range(1, count + 1)]
    reader = ItemReader("A/B", IDENTITY, wanted)
    run(reader, lambda query: rows(*query.ids[:cut]))
    assert sorted(reader.rows) == sorted(wanted)


def test_rows_that_nobody_asked_for_are_left():
    reader = ItemReader("A/B", IDENTITY, ["1"])
    run(reader, lambda query: [*rows("1", "7"), {"odd": 1}])
    assert list(reader.rows) == ["1"]


@given(st.integers(1, 40), st.integers(1, 40))
def test_a_slow_query_is_asked_in_halves(count, most):
    reader = ItemReader("A/B", IDENTITY, [str(one) for one in range(1, count + 1)])
    rounds = run(reader, lambda query: rows(*query.ids) if len(query.ids) <= most else TIMEOUT)
    assert len(reader.rows) == count
    assert len(rounds) <= 8


def test_an_item_that_is_always_too_slow_fails_alone():
    reader = ItemReader("A/B", IDENTITY, ["1", "2", "3"])
    run(reader, lambda query: TIMEOUT if "2" in query.ids else rows(*query.ids))
    assert sorted(reader.rows) == ["1", "3"]
    assert "timeout" in reader.failed["2"].casefold()


def test_a_passing_refusal_is_asked_once_more():
    reader, answers = ItemReader("A/B", IDENTITY, ["1"]), iter([ODD, rows("1")])
    assert len(run(reader, lambda query: next(answers))) == 2
    assert list(reader.rows) == ["1"]


def test_a_lasting_refusal_fails_its_items_with_what_was_said():
    reader = ItemReader("A/B", IDENTITY, ["1", "2"])
    run(reader, lambda query: ODD)
    assert reader.failed == dict.fromkeys(["1", "2"], "commands.error/odd: Something odd")


def test_a_vanished_database_fails_its_items_at_once():
    reader = ItemReader("A/B", IDENTITY, ["1"])
    gone = Refusal("entity.error/schema-type-not-found", '"A/B" database was not found.')
    assert len(run(reader, lambda query: gone)) == 1
    assert "A/B vanished" in reader.failed["1"]


def test_a_column_that_may_not_be_read_costs_that_column():
    reader = ItemReader("A/B", {**IDENTITY, **NAME, "budget": Column(["Scrum/Budget"])}, ["1", "2"])
    run(reader, lambda query: SECURED if "budget" in query.select else rows(*query.ids, name="x"))
    assert [reader.rows[one]["name"] for one in ("1", "2")] == ["x", "x"]
    assert reader.refused == ["budget"]
    assert describe_refused(reader) == ["A/B: this token may not read Scrum/Budget; left empty"]


def test_trouble_during_the_probing_costs_no_other_column():
    reader = ItemReader("A/B", {**IDENTITY, **NAME, "budget": Column(["Scrum/Budget"])}, ["1"])
    troubled = iter([ODD])

    def answer(query):
        if query.kind is QueryKind.PROBE and query.alias == "name":
            return next(troubled, [])
        return SECURED if "budget" in query.select else rows(*query.ids, name="x")

    run(reader, answer)
    assert reader.refused == ["budget"]


def test_a_database_that_may_not_be_read_at_all_fails_its_items():
    reader = ItemReader("A/B", {**IDENTITY, **NAME}, ["1"])
    run(reader, lambda query: SECURED)
    assert "secured field" in reader.failed["1"]


def listed(count, offset=0):
    return [{"id": f"t{offset + one}"} for one in range(count)]


def serve(whole, cut=100, **more):
    """A server of lists that gives `cut` rows at most, whatever is asked."""

    def answer(query):
        offset = query.select["items"].get("q/offset", 0) if "items" in query.select else 0
        return [{**rows(one, **more)[0], "items": whole[one][offset : offset + cut]} for one in query.ids]

    return answer


def lengths(reader):
    return {one: len(row["items"]) for one, row in reader.rows.items()}


def test_a_list_of_exactly_the_limit_is_asked_further_until_it_ends():
    reader = ItemReader("A/B", {**IDENTITY, **ITEMS}, ["1", "2"])
    rounds = run(reader, serve({"1": listed(230), "2": listed(100)}))
    assert lengths(reader) == {"1": 230, "2": 100}
    assert [len(queries) for queries in rounds] == [1, 1, 1]
    assert rounds[1][0].select["items"]["q/offset"] == 100


def test_a_list_that_never_ends_is_lost_and_its_item_is_not():
    reader = ItemReader("A/B", {**IDENTITY, **ITEMS}, ["1"])
    run(reader, lambda query: [{**rows(one)[0], "items": listed(100)} for one in query.ids])
    assert "only a part of Scrum/Tasks" in reader.lost["1"]["items"]
    assert (list(reader.rows), reader.failed) == (["1"], {})


COUNTED = {**IDENTITY, **ITEMS, "items_count": Column(["q/count", ["Scrum/Tasks", "fibery/id"]], is_count=True)}


def test_a_counted_list_is_asked_further_until_all_have_come():
    reader = ItemReader("A/B", COUNTED, ["1"])
    run(reader, serve({"1": listed(17)}, cut=5, items_count=17))
    assert lengths(reader) == {"1": 17}


def test_a_counted_list_whose_rest_does_not_come_is_lost():
    reader = ItemReader("A/B", COUNTED, ["1"])
    run(reader, serve({"1": listed(17)}, items_count=18))
    assert "only a part" in reader.lost["1"]["items"]


def test_a_count_that_may_not_be_read_costs_nothing_and_is_not_talked_about():
    reader = ItemReader("A/B", COUNTED, ["1"])
    complete = serve({"1": listed(130)})
    run(reader, lambda query: SECURED if "items_count" in query.select else complete(query))
    assert lengths(reader) == {"1": 130}
    assert describe_refused(reader) == []


@given(st.integers(2, 20), st.integers(1, 9))
def test_where_answers_are_cut_lists_of_that_length_are_asked_further(count, cut):
    whole = {str(one): listed(one) for one in range(1, count + 1)}
    reader = ItemReader("A/B", {**IDENTITY, **ITEMS}, whole)
    lists = serve(whole, cut)

    def answer(query):
        return lists(query)[:cut]

    queries = reader.start()
    while queries:
        for query in [query for request in pack(queries, 200) for query in request]:
            reader.take(query, answer(query))
        reader.lists.lower_limit(reader.cut_at, reader.rows)
        queries = reader.proceed()
    if count > cut:
        assert lengths(reader) == {one: len(items) for one, items in whole.items()}


def test_null_is_an_empty_list():
    reader = ItemReader("A/B", {**IDENTITY, **ITEMS}, ["1"])
    run(reader, lambda query: [{**rows("1")[0], "items": None}])
    assert reader.rows["1"]["items"] == []
