"""Which pairs are worth comparing: those that share a key, so that cost stays below quadratic."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping
from itertools import combinations
from typing import TypeVar

from apps.contacts.matching.identity import Identity

Key = TypeVar("Key", bound=Hashable)

# A key shared by more than this says nothing ("Smith" in one ZIP); another key finds the pair.
MOST_PER_KEY = 60


def keys_of(one: Identity) -> Iterator[str]:
    """Keys under which duplicates meet, each surviving another kind of slip."""
    yield from (f"phone:{phone}" for phone in one.phones)
    yield from (f"email:{email}" for email in one.emails)
    if one.tax_id:
        yield f"tax:{one.tax_id}"
    if one.born:
        yield f"born:{one.born}"
    if one.kind == "person":
        yield from _person_keys(one)
    elif one.words:
        yield f"org:{' '.join(sorted(one.words))}"
        if one.postal:
            yield f"org:{one.words[0][:4]}:{one.postal}"
    if one.number and one.street:
        yield f"house:{one.number}:{_skeleton(one.street)[:5]}:{one.postal[:3]}"


def _person_keys(one: Identity) -> Iterator[str]:
    first, last = sorted((one.first, one.last))
    if first and last:
        yield f"name:{first}:{last}"
    for name in (one.first, one.last):
        if name and one.postal:
            yield f"{name[:4]}:{one.postal}"
        if name and one.street:
            yield f"{name[:3]}:{one.number}:{_skeleton(one.street)[:4]}"


def _skeleton(word: str) -> str:
    """Consonants only: vowels are where spelling goes wrong."""
    plain = word.replace(" ", "")
    return plain[:1] + "".join(letter for letter in plain[1:] if letter not in "AEIOUY")


def block(people: Mapping[Key, Identity]) -> set[tuple[Key, Key]]:
    """Pairs that share a key, each once."""
    places: dict[str, list[Key]] = defaultdict(list)
    for name, one in people.items():
        for key in set(keys_of(one)):
            places[key].append(name)
    pairs: set[tuple[Key, Key]] = set()
    for members in places.values():
        if 1 < len(members) <= MOST_PER_KEY:
            pairs.update(combinations(members, 2))
    return pairs
