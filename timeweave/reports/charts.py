"""What is drawn: sparklines as paths, and colours that a key keeps from period to period."""

import zlib
from collections.abc import Iterable, Sequence

HUES = 8


def draw_sparkline(values: Sequence[float | None]) -> str:
    """The path of columns from the bottom, 10 units wide and 100 high at the most; no column where nothing is known."""
    highest = max((value for value in values if value), default=0)
    if not highest:
        return ""
    bars = ((at, max(4, round(100 * value / highest))) for at, value in enumerate(values) if value)
    return "".join(f"M{10 * at} 100v-{height}h8v{height}z" for at, height in bars)


def assign_hues(keys: Iterable[str]) -> dict[str, int]:
    """A hue for each key, by the key alone as long as there is room: the same in every period that has the same keys."""
    found: dict[str, int] = {}
    taken: set[int] = set()
    for key in sorted(set(keys)):
        wanted = zlib.crc32(key.encode(errors="surrogatepass")) % HUES
        free = (hue for hue in (*range(wanted, HUES), *range(wanted)) if hue not in taken)
        found[key] = next(free, wanted)
        taken.add(found[key])
    return found
