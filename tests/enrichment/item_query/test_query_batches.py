"""Queries in batches."""

from hypothesis import given
from hypothesis import strategies as st

from timeweave.enrichment.item_query.query_batches import MOST_COMMANDS, Query, pack


def build(*counts, is_light=False):
    return [
        Query(f"A/{index}", tuple(str(one) for one in range(1, count + 1)), {}, is_light=is_light)
        for index, count in enumerate(counts)
    ]


@given(st.lists(st.integers(1, 450), min_size=1, max_size=8), st.integers(1, 200))
def test_requests_are_full_and_nothing_is_lost(counts, batch):
    requests = pack(build(*counts), batch)
    total = sum(counts)
    assert sum(len(query.ids) for request in requests for query in request) == total
    assert all(sum(len(query.ids) for query in request) <= batch for request in requests)
    assert len(requests) == -(-total // batch)


def test_light_asks_share_a_request_up_to_its_number_of_commands():
    requests = pack(build(*[150] * (MOST_COMMANDS + 1), is_light=True), 200)
    assert [len(request) for request in requests] == [MOST_COMMANDS, 1]
