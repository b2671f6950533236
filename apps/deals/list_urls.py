from django.urls import URLPattern, URLResolver, path

from apps.deals.views import lists

urlpatterns: list[URLPattern | URLResolver] = [
    path("lists/", lists.list_index, name="list_index"),
    path("lists/<uuid:list_id>/", lists.list_detail, name="list_detail"),
    path("lists/<uuid:list_id>/rename/", lists.list_rename, name="list_rename"),
]
