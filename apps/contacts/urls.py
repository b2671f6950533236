from django.urls import path

from apps.contacts import merge_views, phone_views, views
from apps.contacts.tracing_urls import urlpatterns as tracing_urls

app_name = "contacts"
urlpatterns = [
    path("", views.contact_list, name="contact_list"),
    path("merges/", merge_views.merge_list, name="merge_list"),
    path("merges/<uuid:suggestion_id>/dismiss/", merge_views.dismiss, name="dismiss_suggestion"),
    path("merges/<uuid:merge_id>/undo/", merge_views.unmerge, name="unmerge"),
    path("<uuid:contact_id>/merge/", merge_views.merge, name="merge"),
    path("<uuid:contact_id>/", views.contact_detail, name="contact_detail"),
    path("<uuid:contact_id>/panel/", views.contact_panel, name="contact_panel"),
    path("<uuid:contact_id>/check/", views.check_contact, name="check_contact"),
    path(
        "<uuid:contact_id>/phones/<uuid:phone_id>/mark/", phone_views.mark_phone, name="mark_phone"
    ),
    path(
        "<uuid:contact_id>/phones/<uuid:phone_id>/move/", phone_views.move_phone, name="move_phone"
    ),
    *tracing_urls,
]
