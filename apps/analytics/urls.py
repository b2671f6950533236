from django.urls import path

from apps.analytics import score_views, trial_views, views

app_name = "analytics"
urlpatterns = [
    path("", views.today, name="today"),
    path("today/live/", views.live_panel, name="live_panel"),
    path("score-check/", score_views.score_check, name="score_check"),
    path("trials/", trial_views.trial_list, name="trial_list"),
    path("trials/start/", trial_views.trial_start, name="trial_start"),
    path("trials/<uuid:trial_id>/", trial_views.trial, name="trial"),
    path("trials/<uuid:trial_id>/end/", trial_views.trial_end, name="trial_end"),
]
