"""The addresses of items."""

import pytest

from timeweave.fibery.account import FiberyAccount

ACME = FiberyAccount("live", "acme", "https://acme.fibery.io")


@pytest.mark.parametrize(
    ("database", "title", "path"),
    [
        ("Scrum/Task", "Fix login", "Scrum/Task/Fix_login-12"),
        ("Scrum/Sub-task", "a  b", "Scrum/Sub-task/a_b-12"),
        ("Product Management/Request", "??", "Product_Management/Request/12"),
        ("Scrum/Task", None, "Scrum/Task/12"),
        ("Scrum/Task", "  Überprüfung #3! ", "Scrum/Task/berpr_fung_3!-12"),
        ("Scrum/Task", "x" * 120, f"Scrum/Task/{'x' * 100}-12"),
        ("Ünit/Ta?sk#1", "t", "%C3%9Cnit/Ta%3Fsk%231/t-12"),
    ],
)
def test_links_are_written_as_fibery_itself_writes_them(database, title, path):
    assert ACME.link(database, title, "12") == f"https://acme.fibery.io/{path}"
