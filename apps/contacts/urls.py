from django.urls import path

from apps.contacts import views

app_name = "contacts"
urlpatterns = [
    path("", views.contact_list, name="contact_list"),
    path("<uuid:contact_id>/", views.contact_detail, name="contact_detail"),
    path("<uuid:contact_id>/panel/", views.contact_panel, name="contact_panel"),
    path("<uuid:contact_id>/check/", views.check_contact, name="check_contact"),
    path("<uuid:contact_id>/phones/<uuid:phone_id>/mark/", views.mark_phone, name="mark_phone"),
]
