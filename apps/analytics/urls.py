from django.urls import path

from apps.analytics import score_views, views

app_name = "analytics"
urlpatterns = [
    path("", views.today, name="today"),
    path("today/live/", views.live_panel, name="live_panel"),
    path("score-check/", score_views.score_check, name="score_check"),
]
