"""Generated formulas as text, with zeros, cancellation and unknown parts likely."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

NAMES = ("arv", "repairs", "asking_price", "equity_pct", "bedrooms", "phone_count")
NUMBERS = ("0", "1", "2", "3", "0.5", "70%", "20%", "1000", "0.1", "1000000000000")

_leaves = st.one_of(st.sampled_from(NAMES), st.sampled_from(NUMBERS))


def _joined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    signs = st.sampled_from(("+", "-", "*", "/", "×", "÷", "−"))
    pairs = st.tuples(inner, signs, inner).map(lambda p: f"({p[0]} {p[1]} {p[2]})")
    chosen = st.tuples(st.sampled_from(("min", "max")), st.lists(inner, min_size=2, max_size=3))
    return st.one_of(
        pairs,
        chosen.map(lambda p: f"{p[0]}({', '.join(p[1])})"),
        inner.map(lambda part: f"-{part}"),
    )


FORMULAS = st.recursive(_leaves, _joined, max_leaves=8)
_VALUES: dict[str, st.SearchStrategy[Any]] = {
    **dict.fromkeys(
        NAMES,
        st.one_of(
            st.none(),
            st.sampled_from([0.0, 1.0, 0.1, 250_000.0, -35_000.0, 0.01]),
            st.integers(-10_000_000, 10_000_000).map(lambda cents: cents / 100),
        ),
    ),
    **dict.fromkeys(("bedrooms", "phone_count"), st.one_of(st.none(), st.integers(0, 9))),
}
ROWS = st.fixed_dictionaries(_VALUES)
