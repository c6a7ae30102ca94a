"""Names of files and addresses of rows: ASCII, unique, the same in every period."""

import re
import unicodedata
from collections.abc import Iterable
from typing import TypeVar

Key = TypeVar("Key", int, str)
LONGEST = 60
_RESERVED = {"con", "prn", "aux", "nul", "index", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}
# Letters that no decomposition takes apart, Cyrillic and Greek as international passports spell them.
_SPELLED = str.maketrans(
    {
        "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h", "ŋ": "n",
        "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "ђ": "d", "е": "e", "є": "ie", "ж": "zh", "з": "z",
        "и": "i", "і": "i", "ј": "j", "к": "k", "л": "l", "љ": "lj", "м": "m", "н": "n", "њ": "nj", "о": "o", "п": "p",
        "р": "r", "с": "s", "т": "t", "ћ": "c", "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "џ": "dz",
        "ш": "sh", "щ": "shch", "ъ": "ie", "ы": "y", "ь": "", "э": "e", "ю": "iu", "я": "ia",
        "α": "a", "β": "v", "γ": "g", "δ": "d", "ε": "e", "ζ": "z", "η": "i", "θ": "th", "ι": "i", "κ": "k", "λ": "l",
        "μ": "m", "ν": "n", "ξ": "x", "ο": "o", "π": "p", "ρ": "r", "σ": "s", "ς": "s", "τ": "t", "υ": "y", "φ": "f",
        "χ": "ch", "ψ": "ps", "ω": "o",
    }
)  # fmt: skip


def assign_slugs(people: Iterable[tuple[Key, str | None, str, str]]) -> dict[Key, str]:
    """A slug by key for people given as (key, e-mail, name, tail), those first who keep theirs.

    It is the e-mail's local part, else the name. Where two are the same the later one adds its tail: a newcomer never
    renames a colleague's report.
    """
    found: dict[Key, str] = {}
    taken: set[str] = set()
    for key, email, name, tail in people:
        base = _find_base(email, name)
        slug = base or f"user_{tail}"
        while slug in taken:
            # `_` is in no base, so that this is hardly anybody else's.
            slug = f"{slug}_{tail}"
        taken.add(slug)
        found[key] = slug
    return found


def _find_base(email: str | None, name: str) -> str:
    for source in ((email or "").partition("@")[0], name):
        spelled = transliterate(source)
        if spelled and spelled not in _RESERVED:
            return spelled
    return ""


def transliterate(source: str) -> str:
    """ASCII lower case words joined by `-`; empty where no letter or digit can be spelled."""
    # Once before and once after: decomposing takes apart й, which is a letter of its own; casefolding makes ß ss.
    lowered = source[: 10 * LONGEST].lower().replace("й", "i").replace("ё", "e").replace("ї", "i")
    decomposed = unicodedata.normalize("NFKD", lowered.translate(_SPELLED)).lower().translate(_SPELLED)
    kept = "".join(char for char in decomposed if not unicodedata.combining(char))
    return re.sub(r"[^a-z0-9]+", "-", kept).strip("-")[:LONGEST].rstrip("-")
