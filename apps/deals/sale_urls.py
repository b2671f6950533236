from django.urls import URLPattern, URLResolver, path

from apps.deals.views import comps, sales

urlpatterns: list[URLPattern | URLResolver] = [
    path("sales/", sales.sale_list, name="sale_list"),
    path("sales/upload/", sales.sale_upload, name="sale_upload"),
    path("sales/<uuid:import_id>/", sales.sale_import, name="sale_import"),
    path("sales/<uuid:import_id>/cancel/", sales.sale_cancel, name="sale_cancel"),
    path("sales/<uuid:import_id>/left-out.csv", sales.sale_rejects, name="sale_rejects"),
    path("deals/<uuid:deal_id>/comps/", comps.comps_panel, name="comps_panel"),
    path("deals/<uuid:deal_id>/comps/keep/", comps.keep_estimate, name="comps_keep"),
    path(
        "deals/<uuid:deal_id>/comps/<uuid:estimate_id>/use/", comps.use_estimate, name="comps_use"
    ),
]
