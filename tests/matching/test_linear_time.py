"""Eight times the characters take about eight times as long, whatever they are."""

from time import process_time

import pytest

from timeweave.matching.parsed_description import match

SHORT, TIMES, SLACK = 2_000, 8, 4
REPEATED = [
    *["#", "[", "]", "[]", "[[]]", "[ ", "] ", "[a ", "[a]", "-", "#-", "[,", "a-", ".", "x y "],
    *["#1", "#1 ", "#1,", "#1 [", "[#1", "#1]", "# 1 ", "# 1 [", "#1 [[", "#1 [[a]", "#1 [a]", "#1 [x", "#1 [-"],
    *["#1 2 ", "#1 2 [", "(#1)", "#1 [a/", "＃１［", "#1 [S] [T]"],
    *["http://a.fibery.io/", "http://a.fibery.io/S/T/x-1 ", "a.fibery.io/", "[a](http://a.fibery.io/S/T/1)"],
    *["&", "&amp;", "&#", "&#1", "\u200b", "\u200d", "\ud800", "\x00"],
    *["\u0301\u0323", "\u0344\u0323", "\u0f73", "é", "\u1100\u1161"],
]
GROWN = {
    "nested": lambda n: "#1 " + "[" * n + "]" * n,
    "nested with blanks": lambda n: "#1 " + "[ " * n + "a" + " ]" * n,
    "nested beside tags": lambda n: "#1 " + "[[a] " * n + "]" * n,
    "opened once before ids": lambda n: "#1 [" + ",#1 " * n,
    "long title in a link": lambda n: "http://a.fibery.io/S/T/" + "-0" * n + "x",
    "stops behind a link": lambda n: "http://a.fibery.io/S/T/1" + "." * n + "x",
    "escapes in a link": lambda n: "http://a.fibery.io/S/" + "%41%E2" * n + "/1",
    "digits of an entity": lambda n: "&#" + "9" * n + ";",
}
FAMILIES = {ascii(unit): lambda n, unit=unit: (unit * n)[:n] for unit in REPEATED} | GROWN


def seconds(description):
    start = process_time()
    match(description)
    return process_time() - start


@pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)
def test_time_grows_with_length_only(family):
    short, long = family(SHORT), family(SHORT * TIMES)
    base = max(min(seconds(short) for _ in range(3)), 0.0001)
    assert any(seconds(long) < base * TIMES * SLACK for _ in range(3))
