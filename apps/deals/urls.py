from django.urls import URLPattern, URLResolver, path

from apps.deals import views
from apps.deals.import_urls import urlpatterns as import_urls
from apps.deals.list_urls import urlpatterns as list_urls
from apps.deals.rule_urls import urlpatterns as rule_urls
from apps.deals.sale_urls import urlpatterns as sale_urls
from apps.deals.source_urls import urlpatterns as source_urls
from apps.deals.views import facts, repairs, what_if
from apps.deals.views.portfolio import portfolio_panel
from apps.deals.views.tracing import trace_sellers

app_name = "deals"
urlpatterns: list[URLPattern | URLResolver] = [
    path("deals/", views.deal_list, name="deal_list"),
    path("deals/trace/", trace_sellers, name="trace_sellers"),
    path("deals/<uuid:deal_id>/", views.deal_detail, name="deal_detail"),
    path("deals/<uuid:deal_id>/header/", views.header_panel, name="header_panel"),
    path("deals/<uuid:deal_id>/timeline/", views.timeline_panel, name="timeline_panel"),
    path("deals/<uuid:deal_id>/move/", views.move, name="move"),
    path("deals/<uuid:deal_id>/assign/", views.assign, name="assign"),
    path("deals/<uuid:deal_id>/value/", views.value, name="value"),
    path("deals/<uuid:deal_id>/what-if/", what_if.what_if, name="what_if"),
    path("deals/<uuid:deal_id>/repairs/", repairs.repairs, name="repairs"),
    path("deals/<uuid:deal_id>/repairs/estimate/", repairs.estimate, name="estimate_repairs"),
    path("contacts/<uuid:contact_id>/portfolio/", portfolio_panel, name="portfolio_panel"),
    path("deals/<uuid:deal_id>/facts/", facts.facts_panel, name="facts_panel"),
    path("deals/<uuid:deal_id>/facts/<str:column>/", facts.edit_fact, name="edit_fact"),
    path("deals/<uuid:deal_id>/facts/<str:column>/settle/", facts.settle_fact, name="settle_fact"),
    *import_urls,
    *sale_urls,
    *source_urls,
    *list_urls,
    *rule_urls,
]
