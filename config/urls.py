"""Routes: each app mounts its own; the public offer page keeps a short path."""

from django.contrib import admin
from django.urls import include, path

from config.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("admin/", admin.site.urls),
    path("account/", include("allauth.account.urls")),
    path("workspace/", include("apps.workspaces.urls")),
    path("", include("apps.channels.urls")),
    path("contacts/", include("apps.contacts.urls")),
    path("", include("apps.deals.urls")),
    path("", include("apps.offers.urls")),
    path("sequences/", include("apps.sequences.urls")),
    path("inbox/", include("apps.inbox.urls")),
    path("courses/", include("apps.courses.urls")),
    path("api/v1/", include("apps.api.urls")),
    path("", include("apps.analytics.urls")),
]
