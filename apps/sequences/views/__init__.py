from apps.sequences.views.contact import contact_panel
from apps.sequences.views.deal import deal_panel, enroll, pause, resume, run_now, stop
from apps.sequences.views.pages import sequence_detail, sequence_list

__all__ = [
    "contact_panel",
    "deal_panel",
    "enroll",
    "pause",
    "resume",
    "run_now",
    "sequence_detail",
    "sequence_list",
    "stop",
]
