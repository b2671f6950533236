"""Whether two spellings may be one word with a slip of the pen."""

from functools import lru_cache

from rapidfuzz.distance import OSA, JaroWinkler


@lru_cache(maxsize=200_000)
def is_close(one: str, other: str) -> bool:
    """A slip of one or two keys, a dropped or wandered space, or a cut-off end. Symmetric."""
    if one > other:
        one, other = other, one
    one, other = one.replace(" ", ""), other.replace(" ", "")
    if one == other:
        return True
    shorter, longer = sorted((len(one), len(other)))
    if shorter < 3:
        return False
    allowed = 1 if shorter < 5 else 2 if shorter < 12 else 3
    if OSA.distance(one, other, score_cutoff=allowed) <= allowed:
        return True
    return longer >= 5 and JaroWinkler.similarity(one, other) >= 0.92


def is_one_slip(one: str, other: str, slips: int = 1) -> bool:
    """Numbers and dates: one digit wrong, missing, added or two neighbours swapped."""
    return OSA.distance(one, other, score_cutoff=slips) <= slips
