from apps.deals.views.changes import assign, move, value
from apps.deals.views.detail import deal_detail, header_panel, timeline_panel
from apps.deals.views.list import deal_list

__all__ = [
    "assign",
    "deal_detail",
    "deal_list",
    "header_panel",
    "move",
    "timeline_panel",
    "value",
]
