"""Shown hours: whole seconds become hundredths of an hour so that shown rows add up to the shown total."""

from collections.abc import Sequence

SECONDS_PER_HUNDREDTH = 36


def to_hundredths(seconds: int) -> int:
    """Hundredths of an hour, the nearest; halves go up."""
    return (seconds + SECONDS_PER_HUNDREDTH // 2) // SECONDS_PER_HUNDREDTH


def apportion(parts: Sequence[int], whole: int) -> list[int]:
    """`whole` cut in proportion to `parts` (none negative) by the largest remainder.

    Every result is its exact share rounded down or up, and they add up to `whole`. Ties go to the earlier part.
    Without anything to be in proportion to, the result is all zeros.
    """
    total = sum(parts)
    if total == 0:
        return [0] * len(parts)
    shares = [part * whole // total for part in parts]
    by_remainder = sorted(range(len(parts)), key=lambda at: (-(parts[at] * whole % total), at))
    for at in by_remainder[: whole - sum(shares)]:
        shares[at] += 1
    return shares


def split(seconds: Sequence[int], whole: int | None = None) -> list[int]:
    """The hundredths to show for rows of `seconds`; `whole` is the total shown above them, where one is given."""
    return apportion(seconds, to_hundredths(sum(seconds)) if whole is None else whole)


def split_columns(first: Sequence[int], second: Sequence[int], second_whole: int) -> list[tuple[int, int]]:
    """The hundredths to show for rows that have two parts: each row's sum is shown as it would be alone.

    The second parts add up to `second_whole`, the rows to their own total, and so the first parts to what is left.
    """
    rows = split([a + b for a, b in zip(first, second, strict=True)])
    parts = split(second, second_whole)
    over = sum(max(0, part - row) for part, row in zip(parts, rows, strict=True))
    parts = [min(part, row) for part, row in zip(parts, rows, strict=True)]
    by_need = sorted(range(len(rows)), key=lambda at: (parts[at] * SECONDS_PER_HUNDREDTH - second[at], at))
    while over:
        at = next(at for at in by_need if parts[at] < rows[at])
        parts[at] += 1
        over -= 1
    return [(row - part, part) for row, part in zip(rows, parts, strict=True)]


def split_people(times: Sequence[tuple[int, int, int]]) -> dict[int, tuple[int, int]]:
    """The hundredths to show for people given as (user id, matched seconds, unmatched seconds), by user id.

    Most time first. All rows and columns add up to what is shown for everybody together.
    """
    ordered = sorted(times, key=lambda one: (-(one[1] + one[2]), one[0]))
    matched, unmatched = [one[1] for one in ordered], [one[2] for one in ordered]
    _, whole = split([sum(matched), sum(unmatched)])
    return {one[0]: amounts for one, amounts in zip(ordered, split_columns(matched, unmatched, whole), strict=True)}


def format_hours(amount: int) -> str:
    """Hundredths of an hour as people read them: `1,234.50`."""
    return f"{amount // 100:,}.{amount % 100:02d}"


def format_parts(seconds: Sequence[int], whole: int | None = None) -> list[str]:
    """The hours to show for rows of `seconds`, adding up to `whole` hundredths or to their own total."""
    return [format_hours(amount) for amount in split(seconds, whole)]


def to_percent(part: int, whole: int) -> int:
    """The share in whole percent; 100 and 0 are said only of all and of nothing."""
    if whole <= 0 or part <= 0:
        return 0
    if part >= whole:
        return 100
    return min(99, max(1, (200 * part + whole) // (2 * whole)))
