"""How much may be asked in one run, counted beforehand by estimate.

Every question of the period counts, also one whose answer is kept from before: which summaries a report has must not
depend on what was asked when.
"""

from collections.abc import Collection, Iterable

from timeweave.llm.question import Asked

LIMIT = "llm.max_tokens_per_run would have been passed"


class Budget:
    """At most `limit` tokens."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.counted = 0

    def within(self, asked: Iterable[Asked], reserved: int) -> dict[str, Asked]:
        """Those that still fit, by hash and in order, if `reserved` tokens are left; they are counted, each once."""
        fitting: dict[str, Asked] = {}
        for one in asked:
            if one.hash not in fitting and self.counted + one.tokens + reserved <= self.limit:
                self.counted += one.tokens
                fitting[one.hash] = one
        return fitting

    def tries(self, asked: Collection[Asked], reserved: int, most: int) -> int:
        """How often each of these may be asked, should answers be unusable, without going over the limit."""
        once = sum(one.tokens for one in asked)
        spare = max(0, self.limit - self.counted - reserved)
        return min(most, 1 + spare // once) if once else most
