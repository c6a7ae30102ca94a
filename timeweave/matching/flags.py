"""What is remarkable about how a description was read: for people to look at, never an error."""

FLAGS = {
    "combined_tag": "The first tag reads `space/database`; it was split unless three tags stand there.",
    "detached_tags": "Tags stand in the text, but not right after the id that was chosen.",
    "doubled_brackets": "A tag, or the run of tags, stands in more brackets than it needs.",
    "link": "A reference was read from a link to Fibery.",
    "near_miss": "There is no reference, yet tags or a broken id show that one was meant.",
    "nested_tags": "A tag has brackets inside; they were taken for a part of its name.",
    "no_tags": "The id stands alone: which space and database it belongs to is unknown.",
    "partial_tags": "There are tags, but the space or the database is missing.",
    "several_ids": "Other ids are mentioned, without tags; they stay in the text too.",
    "several_references": "Other items are referred to by tags or links; the last was chosen.",
    "split_id": "A second number stands between the id and its tags: perhaps one id, typed with a blank.",
    "unclosed_tag": "A tag was not closed; it was taken to end where the next tag or id begins.",
    "unknown_link": "A link to Fibery has a form that names no item; it stays in the text.",
}
"""Every name that `Match.flags` can hold, with its meaning as a sentence to show people."""
