"""What rooms above tell about a person. They register a function; nothing is imported upwards."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from apps.contacts.types import PostalAddress

# (workspace_id, contact_ref) -> (two-letter states, IANA zones) of the places the person owns.
PlacesReader = Callable[[int, UUID], tuple[frozenset[str], frozenset[str]]]

_readers: list[PlacesReader] = []


def register_owned_places(read: PlacesReader) -> None:
    """Deals know where the properties lie; quiet hours take the strictest place of all."""
    _readers[:] = [read]


def owned_places(workspace_id: int, contact_ref: UUID) -> tuple[frozenset[str], frozenset[str]]:
    for read in _readers:
        return read(workspace_id, contact_ref)
    return frozenset(), frozenset()


# (workspace_id, least) -> contact keys as a query; (workspace_id, keys) -> number of properties.
OwnersQuery = Callable[[int, int], Any]
PropertyCounter = Callable[[int, Sequence[int]], dict[int, int]]

_portfolios: list[tuple[OwnersQuery, PropertyCounter]] = []


def register_portfolios(owners: OwnersQuery, count: PropertyCounter) -> None:
    """Deals know who owns how much."""
    _portfolios[:] = [(owners, count)]


def owners_of_at_least(workspace_id: int, least: int) -> Any:
    for owners, _ in _portfolios:
        return owners(workspace_id, least)
    return []


def count_properties(workspace_id: int, contact_keys: Sequence[int]) -> dict[int, int]:
    for _, count in _portfolios:
        return count(workspace_id, contact_keys)
    return {}


# (workspace_id, contact_ref) -> a property the person owns, the one worked on last.
AddressReader = Callable[[int, UUID], PostalAddress | None]

_address_readers: list[AddressReader] = []


def register_owned_address(read: AddressReader) -> None:
    """Deals know which property a skip trace is to be asked about."""
    _address_readers[:] = [read]


def owned_address(workspace_id: int, contact_ref: UUID) -> PostalAddress | None:
    for read in _address_readers:
        return read(workspace_id, contact_ref)
    return None
