"""US phone numbers as lists write them, turned into E.164."""

import re
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

import phonenumbers

_PLAIN = re.compile(r"[2-9]\d{2}[2-9]\d{6}")
_SHAPED = re.compile(r"(?:\+?1[-. ]?)?\(?([2-9]\d{2})\)?[-. ]?([2-9]\d{2})[-. ]?(\d{4})")
_SENTINEL = re.compile(r"excluded|do not call|^dnc$|^(n/?a|none|null|unknown)$", re.IGNORECASE)
_FORMULA_TEXT = re.compile(r'^="?(.*?)"?$')
_SCIENTIFIC = re.compile(r"^\d(\.\d+)?E\+?\d+$", re.IGNORECASE)
_SEVERAL = re.compile(r"\d{3}\D*\d{4}\s*[/;,|&]\s*\(?\d{3}")


class PhoneProblem(StrEnum):
    EMPTY = "empty"
    EXCLUDED = "excluded"
    DAMAGED = "damaged"
    SEVERAL = "several"
    INVALID = "invalid"

    @property
    def sentence(self) -> str:
        return _SENTENCES[self]


_SENTENCES = {
    PhoneProblem.EMPTY: "no phone number",
    PhoneProblem.EXCLUDED: "withheld by the vendor",
    PhoneProblem.DAMAGED: "number cut by a spreadsheet",
    PhoneProblem.SEVERAL: "more than one number in a cell",
    PhoneProblem.INVALID: "not a US phone number",
}


class ParsedPhone(NamedTuple):
    """`e164` is '' exactly when `problem` is set."""

    e164: str
    problem: PhoneProblem | None


def phone_text(e164: str) -> str:
    """A US number as people write it: `(203) 555-0142`; any other text as it is."""
    digits = e164.removeprefix("+1")
    if len(digits) != 10 or not digits.isdigit():
        return e164
    return f"({digits[:3]}) {digits[3:6]}-{digits[6:]}"


def to_e164(text: str) -> str | None:
    """'+12035550100', or None when the text holds no dialable US number."""
    return parse_phone(text).e164 or None


def parse_phone(text: str) -> ParsedPhone:
    """The number, or why there is none. Numbers 555-01xx pass: they are well formed."""
    text = text.strip()
    if _PLAIN.fullmatch(text) and _is_area_code(text[:3]):
        return ParsedPhone(f"+1{text}", None)
    return _parse_slowly(text)


@lru_cache(maxsize=20_000)
def _parse_slowly(text: str) -> ParsedPhone:
    text = _FORMULA_TEXT.sub(r"\1", text).strip()
    if not text:
        return _refused(PhoneProblem.EMPTY)
    if _SENTINEL.search(text):
        return _refused(PhoneProblem.EXCLUDED)
    if _SCIENTIFIC.match(text):
        return _refused(PhoneProblem.DAMAGED)
    if _SEVERAL.search(text):
        return _refused(PhoneProblem.SEVERAL)
    text = re.sub(r"^(\d{10,11})\.0$", r"\1", text)
    if shaped := _SHAPED.fullmatch(text):
        number = "".join(shaped.groups())
        if _is_area_code(number[:3]):
            return ParsedPhone(f"+1{number}", None)
    return _parse_with_library(text)


def _parse_with_library(text: str) -> ParsedPhone:
    try:
        number = phonenumbers.parse(text, "US")
    except phonenumbers.NumberParseException:
        return _refused(PhoneProblem.INVALID)
    if number.country_code != 1 or not phonenumbers.is_valid_number(number):
        return _refused(PhoneProblem.INVALID)
    return ParsedPhone(f"+1{number.national_number}", None)


@lru_cache(maxsize=1_000)
def _is_area_code(area: str) -> bool:
    return phonenumbers.is_valid_number(phonenumbers.parse(f"+1{area}5550100"))


def _refused(problem: PhoneProblem) -> ParsedPhone:
    return ParsedPhone("", problem)
