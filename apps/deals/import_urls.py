from django.urls import URLPattern, URLResolver, path

from apps.deals.views import imports

urlpatterns: list[URLPattern | URLResolver] = [
    path("import/", imports.import_list, name="import_list"),
    path("import/upload/", imports.upload, name="import_upload"),
    path("import/<uuid:import_id>/", imports.import_detail, name="import_detail"),
    path("import/<uuid:import_id>/progress/", imports.import_progress, name="import_progress"),
    path("import/<uuid:import_id>/cancel/", imports.cancel, name="import_cancel"),
    path("import/<uuid:import_id>/rejects.csv", imports.rejects, name="import_rejects"),
]
