"""Dollar amounts as a contract writes them."""

from decimal import Decimal

_SMALL = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["_", "_", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_GROUPS = ((10**9, "billion"), (10**6, "million"), (10**3, "thousand"))


def in_words(amount: Decimal) -> str:
    """`182500.50` -> "One hundred eighty-two thousand five hundred and 50/100 dollars"."""
    dollars, cents = divmod(int(amount * 100), 100)
    text = f"{_whole(dollars)} and {cents:02d}/100 dollars"
    return text[0].upper() + text[1:]


def _whole(number: int) -> str:
    if number < 20:
        return _SMALL[number]
    if number < 100:
        tens, rest = divmod(number, 10)
        return _TENS[tens] + (f"-{_SMALL[rest]}" if rest else "")
    for size, name in (*_GROUPS, (100, "hundred")):
        if number >= size:
            head, rest = divmod(number, size)
            return f"{_whole(head)} {name}" + (f" {_whole(rest)}" if rest else "")
    raise AssertionError("every number is covered above")
