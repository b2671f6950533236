from django.urls import URLPattern, URLResolver, path

from apps.offers.views import deal, offer, public, sending, structures

app_name = "offers"
urlpatterns: list[URLPattern | URLResolver] = [
    path("offers/panels/deal/<uuid:deal_id>/", deal.deal_panel, name="deal_panel"),
    path("offers/make/<uuid:deal_id>/", deal.make, name="make"),
    path(
        "offers/panels/structures/<uuid:deal_id>/",
        structures.structures_panel,
        name="structures_panel",
    ),
    path("offers/intents/make/<uuid:deal_id>/", structures.make_intent, name="make_intent"),
    path(
        "offers/intents/<uuid:intent_id>/letter.pdf",
        structures.intent_document,
        name="intent_document",
    ),
    path(
        "offers/schedules/<uuid:deal_id>/seller-finance.csv",
        structures.seller_finance_schedule,
        name="seller_finance_schedule",
    ),
    path("offers/jobs/<uuid:job_id>/", offer.job, name="job"),
    path("offers/<uuid:offer_id>/", offer.offer_detail, name="offer_detail"),
    path("offers/<uuid:offer_id>/send/", sending.send_link, name="send_link"),
    path("offers/<uuid:offer_id>/withdraw/", deal.withdraw, name="withdraw"),
    path("offers/<uuid:offer_id>/document.pdf", offer.document, name="document"),
    path("o/<str:token>/", public.public_offer, name="public_offer"),
    path("o/<str:token>/accept/", public.accept, name="accept"),
    path("o/<str:token>/viewed/", public.viewed, name="viewed"),
    path("o/<str:token>/offer.pdf", public.public_document, name="public_document"),
]
