"""What Today reads. Facts give the flow of a period; rows give what stands open now."""

from apps.analytics.queries.best import count_qualified, has_deals, list_best
from apps.analytics.queries.desk import list_open_offers, list_running_imports, list_waiting
from apps.analytics.queries.figures import count_steps
from apps.analytics.queries.held import list_held

__all__ = [
    "count_qualified",
    "count_steps",
    "has_deals",
    "list_best",
    "list_held",
    "list_open_offers",
    "list_running_imports",
    "list_waiting",
]
