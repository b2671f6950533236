"""What figures allow to say, in sentences."""

from __future__ import annotations

from dataclasses import dataclass

from apps.analytics.calibration import (
    COIN_TOSS,
    PAGE_LEAST,
    SIDE_LEAST,
    Calibration,
    Errors,
    Rate,
)


@dataclass(frozen=True)
class Words:
    """How an outcome is spoken of: “replied”, “a reply”, “Replied” above a column."""

    done: str
    thing: str
    column: str


def sentences(found: Calibration, words: Words) -> list[str]:
    """What may be said of a score: ranking, probability, bands; or what is missing for that."""
    if found.errors is None or found.ranking is None or found.base is None:
        return [shortage_sentence(found, words)]
    return [
        ranking_sentence(found.ranking, words),
        probability_sentence(found.errors, found.base, words),
        bands_sentence(found.errors),
    ]


def shortage_sentence(found: Calibration, words: Words) -> str:
    """What is missing before anything can be said."""
    return (
        f"Not enough data: {found.deals:,} {_deals(found.deals)}, of which {found.hits:,}"
        f" {words.done}. The measures need {PAGE_LEAST} deals,"
        f" {SIDE_LEAST} of them that {words.done} and {SIDE_LEAST} that did not."
    )


def ranking_sentence(ranking: Rate, words: Words) -> str:
    """What the concordance allows to say; an interval over the coin toss allows nothing."""
    if ranking.low > COIN_TOSS:
        claim = "The score ranks deals"
    elif ranking.high < COIN_TOSS:
        claim = "The score ranks deals the wrong way round"
    else:
        claim = "Nothing shows yet that the score ranks deals"
    low, high = round(ranking.low * 100), round(ranking.high * 100)
    return (
        f"{claim}: of 100 pairs of a deal that {words.done} and one that did not, the first had"
        f" the higher score in {ranking.share * 100:.0f} (95%: {low} to {high}; ties count half)."
        " 50 would be a coin toss."
    )


def probability_sentence(errors: Errors, base: Rate, words: Words) -> str:
    """Whether a score may be read as a percentage, by its Brier score."""
    always = f"always saying {base.share:.1%}"
    if errors.of_score < errors.of_base:
        return (
            f"Read as the probability of {words.thing} in percent it errs less than {always}"
            f" (Brier {errors.of_score:.3f} against {errors.of_base:.3f})."
        )
    return (
        f"It is no probability of {words.thing}: read as one it errs more than {always}"
        f" (Brier {errors.of_score:.3f} against {errors.of_base:.3f})."
    )


def bands_sentence(errors: Errors) -> str:
    """Whether the bands tell more than one rate for all."""
    if errors.of_bands < errors.of_base:
        return (
            f"The rates of the bands below err less than one rate for all"
            f" ({errors.of_bands:.3f}): they are what to expect."
        )
    return (
        f"The rates of the bands below err no less than one rate for all"
        f" ({errors.of_bands:.3f}): expect the same of every band."
    )


def _deals(count: int) -> str:
    return "deal" if count == 1 else "deals"
