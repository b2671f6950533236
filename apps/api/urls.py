from django.urls import path, re_path

from apps.api.views import acting, reading, schema

app_name = "api"
urlpatterns = [
    path("deals/", reading.DealList.as_view(), name="deal_list"),
    path("deals/<uuid:deal_id>/", reading.DealDetail.as_view(), name="deal_detail"),
    path("contacts/", reading.ContactList.as_view(), name="contact_list"),
    path("contacts/<uuid:contact_id>/", reading.ContactDetail.as_view(), name="contact_detail"),
    path("offers/", acting.OfferList.as_view(), name="offer_list"),
    path("offers/<uuid:offer_id>/", reading.OfferDetail.as_view(), name="offer_detail"),
    path("jobs/<uuid:job_id>/", acting.JobDetail.as_view(), name="job_detail"),
    path("events/", reading.EventList.as_view(), name="event_list"),
    path("sequences/", acting.SequenceList.as_view(), name="sequence_list"),
    path(
        "sequences/<uuid:sequence_id>/enrollments/",
        acting.EnrollmentList.as_view(),
        name="enrollment_list",
    ),
    path("schema/", schema.Schema.as_view(), name="schema"),
    path("docs/", schema.docs, name="docs"),
    re_path(r"^.*$", schema.not_found, name="not_found"),
]
