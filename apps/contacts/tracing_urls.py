from django.urls import path

from apps.contacts import tracing_views as views

urlpatterns = [
    path("traces/", views.trace_list, name="trace_list"),
    path("traces/new/", views.trace_new, name="trace_new"),
    path("traces/start/", views.trace_start, name="trace_start"),
    path("traces/<uuid:batch_id>/", views.trace_detail, name="trace_detail"),
    path("traces/<uuid:batch_id>/progress/", views.trace_progress, name="trace_progress"),
    path("traces/<uuid:batch_id>/cancel/", views.trace_cancel, name="trace_cancel"),
    path("traces/<uuid:batch_id>/resume/", views.trace_resume, name="trace_resume"),
    path("traces/<uuid:batch_id>/result.csv", views.trace_result, name="trace_result"),
    path("<uuid:contact_id>/trace/", views.trace_contact, name="trace_contact"),
    path("<uuid:contact_id>/look-ups/", views.look_ups, name="look_ups"),
]
