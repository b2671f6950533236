"""Routes: each app mounts its own; the public offer page keeps a short path."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from config.health import healthz

# The admin's own sign-in form would let a password be guessed without limit.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

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
