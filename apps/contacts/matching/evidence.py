"""Each field of two identities weighed: bits for or against, and the reason in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from apps.common.phones import phone_text
from apps.contacts.matching import weights as w
from apps.contacts.matching.identity import Identity
from apps.contacts.matching.nicknames import is_same_given_name
from apps.contacts.matching.text import is_close, is_one_slip


class Evidence(NamedTuple):
    """`bits` above zero speak for one person. `reason` is '' where it is not worth a sentence."""

    field: str
    bits: float
    reason: str = ""


def person_evidence(one: Identity, other: Identity) -> list[Evidence]:
    """The names of two persons, read in order or with first and last swapped, whichever fits."""
    straight = [*_given(one.first, other.first), *_family(one.last, other.last)]
    crossed = [*_given(one.first, other.last), *_given(one.last, other.first)]
    swapped = [*crossed, Evidence("order", w.SWAPPED, "First and last name are swapped")]
    # Only both names fitting crosswise is a swap; one alone is chance ("Thomas" is both).
    is_swap = len(crossed) == 2 and all(item.bits > 0 for item in crossed)
    found = swapped if is_swap and _bits(swapped) > _bits(straight) else straight
    return [*found, *_middle(one, other)]


def _bits(found: list[Evidence]) -> float:
    return sum(item.bits for item in found)


def _given(one: str, other: str) -> Iterator[Evidence]:
    if not one or not other:
        return
    if one == other:
        yield Evidence("first", w.FIRST_SAME, f"Same first name, {one.title()}")
    elif len(one) == 1 or len(other) == 1:
        same = one[0] == other[0]
        words = "First name fits the initial" if same else "First names differ"
        yield Evidence("first", w.FIRST_INITIAL if same else w.FIRST_OTHER, words)
    elif is_same_given_name(one, other):
        yield Evidence(
            "first", w.FIRST_NICKNAME, f"{one.title()} is short or long for {other.title()}"
        )
    elif is_close(one, other):
        yield Evidence(
            "first", w.FIRST_CLOSE, f"First names nearly the same: {one.title()}, {other.title()}"
        )
    else:
        yield Evidence(
            "first", w.FIRST_OTHER, f"First names differ: {one.title()}, {other.title()}"
        )


def _family(one: str, other: str) -> Iterator[Evidence]:
    if not one or not other:
        return
    if one == other:
        yield Evidence("last", w.LAST_SAME, f"Same last name, {one.title()}")
    elif is_close(one, other) or set(one.split()) & set(other.split()):
        yield Evidence(
            "last", w.LAST_CLOSE, f"Last names nearly the same: {one.title()}, {other.title()}"
        )
    else:
        yield Evidence("last", w.LAST_OTHER, f"Last names differ: {one.title()}, {other.title()}")


def _middle(one: Identity, other: Identity) -> Iterator[Evidence]:
    if one.middle and other.middle:
        fits = one.middle[0] == other.middle[0]
        words = "" if fits else f"Middle names differ: {one.middle.title()}, {other.middle.title()}"
        yield Evidence("middle", w.MIDDLE_SAME if fits else w.MIDDLE_OTHER, words)
    if one.rank and other.rank and one.rank != other.rank:
        yield Evidence("rank", w.RANK_OTHER, "One is the elder, the other the younger (Sr, Jr)")


def company_evidence(one: Identity, other: Identity) -> list[Evidence]:
    """The names of two organizations without their legal form, then the form."""
    found = []
    if one.words == other.words:
        found.append(Evidence("name", w.COMPANY_SAME, "Same name"))
    elif sorted(one.words) == sorted(other.words) or is_close(
        " ".join(one.words), " ".join(other.words)
    ):
        found.append(Evidence("name", w.COMPANY_CLOSE, "Names nearly the same"))
    else:
        found.append(Evidence("name", w.COMPANY_OTHER, "Names differ"))
    if one.form and other.form and one.form != other.form:
        found.append(
            Evidence("form", w.FORM_OTHER, f"Legal forms differ: {one.form}, {other.form}")
        )
    return found


def address_evidence(one: Identity, other: Identity) -> Iterator[Evidence]:
    """House, street, place and ZIP. Two address lines may stand in either order."""
    is_street_same, is_crossed = False, False
    if one.street and other.street:
        bits = _street(one, other)
        if bits < 0 and _is_crossed(one, other):
            bits, is_crossed = w.STREET_CLOSE, True
        is_street_same = bits > 0
        yield Evidence("street", bits)
    if one.number and other.number and (is_street_same or one.number != other.number):
        # A number says nothing where the street is another one.
        same = one.number == other.number
        yield Evidence("number", w.NUMBER_SAME if same else w.NUMBER_OTHER)
    if one.place and other.place and not is_crossed and is_close(one.place, other.place):
        yield Evidence("place", w.PLACE_SAME)
    if one.unit and other.unit and one.unit != other.unit:
        yield Evidence("unit", w.UNIT_OTHER)
    yield from _town(one, other)


def _street(one: Identity, other: Identity) -> float:
    if one.street == other.street:
        return w.STREET_SAME
    return w.STREET_CLOSE if is_close(one.street, other.street) else w.STREET_OTHER


def _is_crossed(one: Identity, other: Identity) -> bool:
    return bool(
        (one.place and is_close(one.place, other.street))
        or (other.place and is_close(other.place, one.street))
    )


def _town(one: Identity, other: Identity) -> Iterator[Evidence]:
    if one.city and other.city:
        if one.city == other.city:
            yield Evidence("city", w.CITY_SAME)
        else:
            yield Evidence("city", w.CITY_CLOSE if is_close(one.city, other.city) else w.CITY_OTHER)
    if one.postal and other.postal:
        if one.postal == other.postal:
            yield Evidence("postal", w.POSTAL_SAME)
        else:
            is_slip = is_one_slip(one.postal, other.postal)
            yield Evidence("postal", w.POSTAL_CLOSE if is_slip else w.POSTAL_OTHER)


def reach_evidence(one: Identity, other: Identity) -> Iterator[Evidence]:
    """Phones and e-mails in common; having different ones says nothing."""
    if shared := sorted(one.phones & other.phones):
        yield Evidence("phone", w.PHONE_SAME, f"Same phone, {phone_text(shared[0])}")
    if shared := sorted(one.emails & other.emails):
        yield Evidence("email", w.EMAIL_SAME, f"Same e-mail, {shared[0]}")


def registry_evidence(one: Identity, other: Identity) -> Iterator[Evidence]:
    """Date of birth and tax number, where a source has them."""
    if one.born and other.born:
        if one.born == other.born:
            yield Evidence("born", w.BORN_SAME, "Same date of birth")
        elif is_one_slip(one.born, other.born):
            yield Evidence("born", w.BORN_CLOSE, "Dates of birth differ by one digit")
        else:
            yield Evidence("born", w.BORN_OTHER, "Dates of birth differ")
    if one.tax_id and other.tax_id:
        if one.tax_id == other.tax_id:
            yield Evidence("tax", w.TAX_SAME, "Same tax number")
        elif is_one_slip(one.tax_id, other.tax_id):
            yield Evidence("tax", w.TAX_CLOSE, "Tax numbers differ by one digit")
        else:
            yield Evidence("tax", w.TAX_OTHER, "Tax numbers differ")
