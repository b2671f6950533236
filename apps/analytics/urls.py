from django.urls import path

from apps.analytics import views

app_name = "analytics"
urlpatterns = [
    path("", views.today, name="today"),
    path("today/live/", views.live_panel, name="live_panel"),
]
