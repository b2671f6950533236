from django.urls import path

from apps.sequences import views

app_name = "sequences"
urlpatterns = [
    path("", views.sequence_list, name="sequence_list"),
    path("<uuid:sequence_id>/", views.sequence_detail, name="sequence_detail"),
    path("panels/deal/<uuid:deal_id>/", views.deal_panel, name="deal_panel"),
    path("panels/contact/<uuid:contact_id>/", views.contact_panel, name="contact_panel"),
    path("panels/deal/<uuid:deal_id>/enroll/", views.enroll, name="enroll"),
    path("enrollments/<uuid:enrollment_id>/pause/", views.pause, name="pause"),
    path("enrollments/<uuid:enrollment_id>/resume/", views.resume, name="resume"),
    path("enrollments/<uuid:enrollment_id>/stop/", views.stop, name="stop"),
    path("enrollments/<uuid:enrollment_id>/run-now/", views.run_now, name="run_now"),
]
