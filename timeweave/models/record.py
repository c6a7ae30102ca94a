"""What every record of a document is: immutable, built by keyword, closed to unknown keys."""

import msgspec


class Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a document that Timeweave itself writes and reads."""
