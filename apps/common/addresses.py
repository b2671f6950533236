"""US postal addresses in one spelling, so that the same house is found twice.

Follows USPS Publication 28 for suffixes, directionals and unit designators. Two texts of one
address give one `address_key`; the key is for comparing, never for printing on an envelope.
"""

import re
import unicodedata
from functools import lru_cache

from apps.common.pub28 import (
    DIRECTION_NAMES,
    DIRECTIONALS,
    LONE_DESIGNATORS,
    ORDINALS,
    STATES,
    STREET_SUFFIXES,
    UNIT_DESIGNATORS,
    ZERO_ZIP_PREFIXES,
)

_PLAIN = re.compile(r"[A-Za-z0-9]+(?: [A-Za-z0-9]+)*")
_DROPPED = re.compile(r"[.'`\"()]")
_SEPARATORS = re.compile(r"[^A-Z0-9#/&-]+")
_HYPHEN_GAPS = re.compile(r"(?<=\d)\s*-\s*(?=\d)")
_PO_BOX = re.compile(r"^(?:P ?O ?BOX|POB|POST OFFICE BOX|P O) *#? *([A-Z0-9-]+)$")
_FORMULA_TEXT = re.compile(r'^="?(.*?)"?$')
_PLACE_WORDS = {"SAINT": "ST", "MOUNT": "MT", "FORT": "FT"}
_ROUTE_WORDS = {"RTE": "ROUTE", "RT": "ROUTE", "RD": "ROAD", "HIGHWAY": "HWY"}
_SAME_AS_UNIT = {"APT", "UNIT", "STE", "#", "RM"}


def cleaned(text: str) -> str:
    """Upper case ASCII, single spaces, only letters, digits and # / & -."""
    if _PLAIN.fullmatch(text):
        return text.upper()
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    words = _SEPARATORS.sub(" ", _DROPPED.sub("", plain.upper()))
    return " ".join(_HYPHEN_GAPS.sub("-", words).replace("#", " # ").split())


def split_unit(line: str) -> tuple[str, str]:
    """Street line and unit of `line`, cleaned: '21 Sample St #1' -> '21 SAMPLE ST', '# 1'."""
    number, _, rest = cleaned(line).partition(" ")
    street, unit = _split_rest(rest)
    return f"{number} {street}" if street else number, unit


@lru_cache(maxsize=20_000)
def _split_rest(text: str) -> tuple[str, str]:
    """What follows the first word: streets repeat in a list where house numbers do not."""
    words = ["", *text.split()]
    for at in range(2, len(words)):
        rest = words[at + 1 :]
        if words[at] in UNIT_DESIGNATORS and 0 < len(rest) <= 4 and _is_identifier(rest[0]):
            if words[at - 1] in ("NO", "UNIT", "APT", "STE") and at > 2 and words[at] == "#":
                continue
            return " ".join(words[1:at]), " ".join(words[at:])
        if words[at] in ("FL", "FLOOR") and not rest and at > 2 and words[at - 1][0].isdigit():
            return " ".join(words[1 : at - 1]), f"FL {re.sub(r'[A-Z]', '', words[at - 1])}"
        if words[at] in LONE_DESIGNATORS and not rest and words[at - 1] in STREET_SUFFIXES:
            return " ".join(words[1:at]), words[at]
    return " ".join(words[1:]), ""


def _is_identifier(word: str) -> bool:
    if word == "#" or any(letter.isdigit() for letter in word):
        return True
    return len(word) == 1 or (len(word) == 2 and word not in STREET_SUFFIXES)


def normalize_street(line: str) -> str:
    """'105 West Elm Street' -> '105 W ELM ST'. Takes a line without its unit."""
    text = cleaned(line)
    if box := _PO_BOX.match(text):
        return f"PO BOX {box[1]}"
    number, _, rest = text.partition(" ")
    if rest and number[:1].isdigit():
        return f"{number} {_normalize_rest(rest)}"
    words = _join_directions(text.split())
    if len(words) < 2:
        return " ".join(words)
    return " ".join(_normalize_name(words))


@lru_cache(maxsize=20_000)
def _normalize_rest(rest: str) -> str:
    """A street without its house number."""
    return " ".join(_normalize_name(_join_directions(rest.split())))


def _join_directions(words: list[str]) -> list[str]:
    joined: list[str] = []
    for word in map(_joined_compass, words):
        if joined and joined[-1] in ("NORTH", "SOUTH") and word in ("EAST", "WEST"):
            joined[-1] += word
        else:
            joined.append(word)
    return joined


def _joined_compass(word: str) -> str:
    first, hyphen, second = word.partition("-")
    is_compass = hyphen and first in ("NORTH", "SOUTH") and second in ("EAST", "WEST")
    return first + second if is_compass else word


def _normalize_name(name: list[str]) -> list[str]:
    before: list[str] = []
    after: list[str] = []
    if len(name) > 2 and name[-1] in DIRECTIONALS and name[-2] in STREET_SUFFIXES:
        after = [DIRECTIONALS[name[-1]]]
        name = name[:-1]
    if len(name) > 1 and name[-1] in STREET_SUFFIXES and name[-2] != "STATE":
        after.insert(0, STREET_SUFFIXES[name[-1]])
        name = name[:-1]
    if len(name) > 1 and name[0] in DIRECTIONALS:
        before = [DIRECTIONALS[name[0]]]
        name = name[1:]
    elif len(name) == 1 and name[0] in DIRECTIONALS:
        # 'North St' is a street called North, so 'N St' is spelled out rather than cut.
        name = [DIRECTION_NAMES[DIRECTIONALS[name[0]]]]
    return before + [_normalize_word(name, at) for at in range(len(name))] + after


def _normalize_word(name: list[str], at: int) -> str:
    word = name[at]
    if at + 1 < len(name) and name[at + 1][0].isdigit():
        return _ROUTE_WORDS.get(word, word)
    if at + 1 < len(name):
        word = _PLACE_WORDS.get(word, word)
    return ORDINALS.get(word, word)


def normalize_unit(unit: str) -> str:
    """Apartment, unit, suite, room and # are one thing: 'Apt. 5-A' and '#5A' both give '5A'."""
    if not unit:
        return ""
    words = cleaned(unit).split()
    kept = [UNIT_DESIGNATORS.get(word) or LONE_DESIGNATORS.get(word) or word for word in words]
    kept = [word for word in kept if word not in _SAME_AS_UNIT]
    return " ".join(re.sub(r"(?<=\d)-(?=[A-Z])", "", word).lstrip("0") or "0" for word in kept)


@lru_cache(maxsize=1_000)
def normalize_state(text: str) -> str:
    """Two letters, or '' when the text names no state: 'Conn.' -> 'CT', 'Fl' -> 'FL'."""
    return STATES.get(cleaned(text).replace(" ", "_"), "")


@lru_cache(maxsize=20_000)
def normalize_zip(text: str, state: str = "") -> str:
    """Five digits, or '' when they cannot be known.

    Zeros that a spreadsheet dropped are put back where the state has such ZIPs: 6418 in CT is
    06418, while 6418 in TX is nothing. ZIP+4, '="06511"' and '6418.0' are read too.
    """
    text = _FORMULA_TEXT.sub(r"\1", text.strip()).strip("' ")
    digits = re.sub(r"\.0$", "", text).split("-")[0].strip()
    if digits.isascii() and digits.isdigit() and len(digits) == 9:
        digits = digits[:5]
    if not (digits.isascii() and digits.isdigit()) or not 3 <= len(digits) <= 5:
        return ""
    if len(digits) == 5:
        return "" if digits == "00000" else digits
    restored = digits.zfill(5)
    return restored if int(restored[:3]) in ZERO_ZIP_PREFIXES.get(state, ()) else ""


def normalize_city(text: str) -> str:
    """'N. Haven' -> 'NORTH HAVEN', 'Saint Louis' -> 'ST LOUIS'."""
    words = cleaned(text).split()
    if len(words) > 1:
        words[0] = DIRECTION_NAMES.get(words[0]) or _PLACE_WORDS.get(words[0], words[0])
    return " ".join(words)


@lru_cache(maxsize=50_000)
def address_key(line: str, unit: str, city: str, state: str, zip_code: str) -> str:
    """The address in one spelling: street, unit and ZIP (city and state where there is no ZIP).

    '' when there is no street line. The ZIP stands alone: one ZIP goes by several city names.
    """
    street, found_unit = split_unit(line)
    street = normalize_street(street)
    if not street:
        return ""
    state = normalize_state(state)
    zip_code = normalize_zip(zip_code, state)
    place = zip_code or f"{normalize_city(city)} {state}".strip()
    return f"{street}|{normalize_unit(unit or found_unit)}|{place}"
