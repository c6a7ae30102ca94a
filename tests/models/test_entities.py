"""References in the order of every document."""

from timeweave.models.entities import EntityKey


def test_unknown_parts_come_first_and_numbers_are_numbers():
    keys = [
        EntityKey(space=space, database=database, public_id=number)
        for space, database, number in [
            (None, None, "9"), (None, None, "10"), (None, "Task", "1"), ("Scrum", None, "1"), ("Scrum", "Bug", "2"),
        ]
    ]  # fmt: skip
    assert [key.sort_key for key in keys] == sorted(key.sort_key for key in keys)
