"""Registered metrics that follow from others by arithmetic: one formula for database and what-if.

Not here: shares that the database itself keeps as generated columns, see `models.metrics`.
"""

from __future__ import annotations

from .formulas import Formula, parse_formula
from .metric import share
from .metrics import METRICS

# A column of the metrics that no rule may ask for.
_MAO_SHARE = share("mao_share", "MAO as a share of ARV", "Of the policy.", "there is no policy")
_WRITTEN = {
    "mao": "arv * mao_share - repairs",
    "mao_headroom": "arv * mao_share - repairs - asking_price",
    "arv_spread": "arv - asking_price",
    "arv_uplift": "arv - est_value",
    "equity_amount": "est_value - loan_balance",
    "price_per_sqft": "est_value / building_sqft",
    "asking_per_sqft": "asking_price / building_sqft",
    "rent_surplus": "monthly_rent - piti",
    "rent_to_piti": "monthly_rent / piti",
    "rent_to_price": "monthly_rent / asking_price",
    "assessed_ratio": "assessed / est_value",
    "lien_ratio": "lien / est_value",
    "appreciation_pct": "(est_value - last_sale_price) / last_sale_price",
}
RECKONED: dict[str, Formula] = {
    name: parse_formula(written, {}, metrics={**METRICS, _MAO_SHARE.name: _MAO_SHARE})
    for name, written in _WRITTEN.items()
}
