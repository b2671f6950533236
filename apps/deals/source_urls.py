from django.urls import URLPattern, URLResolver, path

from apps.deals.feeds.webhooks import receive_lead_call
from apps.deals.views import calls, source_settings, sources

_ONE = "sources/<uuid:source_id>/"
urlpatterns: list[URLPattern | URLResolver] = [
    path("sources/", sources.source_list, name="source_list"),
    path("sources/new/", source_settings.source_types, name="source_types"),
    path("sources/new/<slug:source_type>/", source_settings.source_new, name="source_new"),
    path(_ONE, sources.source_detail, name="source_detail"),
    path(f"{_ONE}settings/", source_settings.source_edit, name="source_edit"),
    path(f"{_ONE}pause/", sources.source_action, {"verb": "pause"}, name="source_pause"),
    path(f"{_ONE}resume/", sources.source_action, {"verb": "resume"}, name="source_resume"),
    path(f"{_ONE}run/", sources.source_action, {"verb": "run"}, name="source_run"),
    path(f"{_ONE}secret/", calls.rotate, name="source_rotate"),
    path(f"{_ONE}replay/", calls.replay, name="source_replay"),
    path(f"{_ONE}calls/<uuid:call_id>/", calls.call_detail, name="source_call"),
    path("hooks/leads/<uuid:source_id>/", receive_lead_call, name="lead_hook"),
]
