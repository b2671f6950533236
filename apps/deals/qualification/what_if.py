"""Other numbers for one deal, without storing them: what the rules would say then."""

from __future__ import annotations

from collections.abc import Mapping

from .reckoned import RECKONED
from .types import Metrics, MetricValue

# What a person may turn; the generated columns of DealMetrics that rest on these follow.
TURNED = ("arv", "repairs", "asking_price")


def with_changes(metrics: Metrics, changes: Mapping[str, float | None]) -> Metrics:
    """The metrics as the database would hold them with these values of TURNED in place.

    What follows from them is reckoned by the same formulas, or as the generated columns of
    `models.metrics` are: a share of a whole that is not above zero is unknown, and a price cut is
    measured from the peak, which a higher price becomes itself.
    """
    known: dict[str, MetricValue | None] = {**metrics, **changes}
    arv, repairs, asking = (known.get(name) for name in TURNED)
    known["repair_ratio"] = _share(repairs, arv)
    known["asking_ratio"] = _share(asking, arv)
    for name, formula in RECKONED.items():
        if formula.reads & set(TURNED):
            known[name] = formula.value(known)
    if "asking_price" in changes:
        known["price_reduction_pct"] = _cut(known.get("peak_asking_price"), asking)
    return known


def _cut(peak: MetricValue | None, asking: MetricValue | None) -> float | None:
    if not isinstance(peak, float | int) or not isinstance(asking, float | int) or peak <= asking:
        return None
    return (peak - asking) / peak


def _share(part: MetricValue | None, whole: MetricValue | None) -> float | None:
    if not isinstance(part, float | int) or not isinstance(whole, float | int) or whole <= 0:
        return None
    return part / whole
