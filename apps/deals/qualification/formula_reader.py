"""The text of a formula read into a tree, with a sentence for whatever does not belong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from .formula_tree import (
    Chosen,
    Extreme,
    Joined,
    Negated,
    Node,
    Number,
    Reading,
    Sign,
    parts_of,
    value_of,
)
from .metric import Metric
from .types import Kind

LONGEST = 300
MOST_NESTED = 12
MOST_NUMBER = 1e12
LEAST_NUMBER = 1e-12
_TOKEN = re.compile(
    r"\s*(?:(?P<number>\$?\s*(?:\d+(?:\.\d*)?|\.\d+)\s*%?)|(?P<name>[A-Za-z_][A-Za-z_0-9]*)"
    r"|(?P<sign>[-+*/×÷−–(),]))",
)
_SIGNS = {"×": "*", "÷": "/", "−": "-", "–": "-"}
_KINDS = {Kind.BOOL: "a yes or no", Kind.TEXT: "a text", Kind.DATE: "a date"}


class FormulaRefused(ValueError):
    """No formula; the message is a sentence for the form. `position` counts characters from 1."""

    def __init__(self, sentence: str, position: int | None = None) -> None:
        self.position = position
        super().__init__(f"At character {position}: {sentence}" if position else sentence)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    position: int


class Reader:
    """One text, read once. `path`: the derived metrics that led here, for finding circles."""

    def __init__(
        self,
        text: str,
        metrics: Mapping[str, Metric],
        derived: Mapping[str, str],
        path: tuple[str, ...],
    ) -> None:
        self.metrics, self.derived, self.path = metrics, derived, path
        self.uses: set[str] = set()
        self._tokens = _split(text)
        self._at = 0
        self._nested = 0

    def read(self) -> Node:
        root = self._formula()
        if left := self._peek():
            if left.text == ",":
                raise FormulaRefused(
                    "a comma stands only between the parts of min(…) and max(…);"
                    " write numbers without it.",
                    left.position,
                )
            raise FormulaRefused(f"“{left.text}” was not expected here.", left.position)
        return root

    def _peek(self) -> _Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _take(self, *texts: str) -> _Token | None:
        token = self._peek()
        if token is None or token.kind != "sign" or token.text not in texts:
            return None
        self._at += 1
        return token

    def _formula(self) -> Node:
        node = self._term()
        while token := self._take("+", "-"):
            node = Joined(Sign(token.text), node, self._term())
        return node

    def _term(self) -> Node:
        node = self._factor()
        while token := self._take("*", "/"):
            right = self._factor()
            if token.text == "/" and _is_zero(right):
                raise FormulaRefused("it divides by zero.", token.position)
            node = Joined(Sign(token.text), node, right)
        return node

    def _factor(self) -> Node:
        token = self._peek()
        if token is None:
            raise FormulaRefused("The formula ends too early: a metric or a number is missing.")
        self._nested += 1
        if self._nested > MOST_NESTED:
            raise FormulaRefused(
                f"more than {MOST_NESTED} parts within each other.", token.position
            )
        node = self._part(token)
        self._nested -= 1
        return node

    def _part(self, token: _Token) -> Node:
        self._at += 1
        if token.kind == "number":
            return _number(token)
        if token.kind == "name":
            return self._named(token)
        if token.text == "-":
            return Negated(self._factor())
        if token.text == "(":
            node = self._formula()
            self._close(token)
            return node
        raise FormulaRefused(f"“{token.text}” was not expected here.", token.position)

    def _named(self, token: _Token) -> Node:
        name = token.text
        if opened := self._take("("):
            return self._chosen(token, opened)
        if name in self.path:
            circle = " → ".join(f"“{one}”" for one in (*self.path[self.path.index(name) :], name))
            raise FormulaRefused(f"{circle} is a circle, which has no value.", token.position)
        # A name that a later Dealwright registers too keeps its meaning where it was in use.
        if name in self.derived:
            self.uses.add(name)
            return self._expanded(token)
        if name in self.metrics:
            return self._reading(token, self.metrics[name])
        raise FormulaRefused(self._unknown(name), token.position)

    def _expanded(self, token: _Token) -> Node:
        name = token.text
        inner = Reader(self.derived[name], self.metrics, self.derived, (*self.path, name))
        try:
            return inner.read()
        except FormulaRefused as refusal:
            told = str(refusal).partition(": ")[2] if refusal.position else str(refusal)
            raise FormulaRefused(told, token.position) from refusal

    def _reading(self, token: _Token, metric: Metric) -> Reading:
        if metric.kind not in (Kind.FLOAT, Kind.INT):
            raise FormulaRefused(
                f"“{metric.name}” ({metric.label}) is {_KINDS[metric.kind]}, not a number.",
                token.position,
            )
        return Reading(metric.name, is_whole=metric.kind is Kind.INT)

    def _chosen(self, token: _Token, opened: _Token) -> Node:
        if token.text.lower() not in ("min", "max"):
            raise FormulaRefused(
                f"there is no “{token.text}(…)”; only min(…) and max(…).", token.position
            )
        parts = [self._formula()]
        while self._take(","):
            parts.append(self._formula())
        self._close(opened)
        if len(parts) < 2:
            raise FormulaRefused(
                f"{token.text}(…) needs two parts or more, parted by commas.", token.position
            )
        return Chosen(Extreme(token.text.lower()), tuple(parts))

    def _close(self, opened: _Token) -> None:
        if self._take(")"):
            return
        token = self._peek()
        if token is None:
            raise FormulaRefused("this parenthesis is not closed.", opened.position)
        raise FormulaRefused(f"“{token.text}” was not expected here.", token.position)

    def _unknown(self, name: str) -> str:
        numeric = [one.name for one in self.metrics.values() if one.kind in (Kind.FLOAT, Kind.INT)]
        near = get_close_matches(name.lower(), [*numeric, *self.derived], n=1)
        hint = f" Did you mean “{near[0]}”?" if near else ""
        return f"there is no metric “{name}”.{hint}"


def _split(text: str) -> list[_Token]:
    if not text.strip():
        raise FormulaRefused("Write a formula, for example arv - repairs - asking_price.")
    if len(text) > LONGEST:
        raise FormulaRefused(f"A formula has at most {LONGEST} characters.")
    tokens, at = [], 0
    text = text.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            bad = at + len(text[at:]) - len(text[at:].lstrip())
            raise FormulaRefused(
                f"“{text[bad]}” has no meaning in a formula; use + - * / ( ), min and max.", bad + 1
            )
        kind = match.lastgroup or ""
        written = match[kind]
        tokens.append(_Token(kind, _SIGNS.get(written, written), match.start(kind) + 1))
        at = match.end()
    return tokens


def _number(token: _Token) -> Number:
    digits = token.text.strip("$% ")
    value = float(digits)
    if token.text.endswith("%"):
        # Rounded as a threshold is: 7% is 0.07.
        value = round(value / 100, 14)
    if value and not LEAST_NUMBER <= value <= MOST_NUMBER:
        raise FormulaRefused("numbers go from 0.000000000001 to 1,000,000,000,000.", token.position)
    return Number(value)


def _is_zero(node: Node) -> bool:
    """A constant zero; a metric may be zero too, and what it divides is unknown then."""
    is_constant = not any(isinstance(part, Reading) for part in parts_of(node))
    return is_constant and not value_of(node, {})
