from django.urls import URLPattern, URLResolver, path

from apps.deals.views import drafts, imports

urlpatterns: list[URLPattern | URLResolver] = [
    path("import/", imports.import_list, name="import_list"),
    path("import/upload/", drafts.upload, name="import_upload"),
    path("import/<uuid:import_id>/", imports.import_detail, name="import_detail"),
    path("import/<uuid:import_id>/columns/", drafts.columns, name="import_columns"),
    path("import/<uuid:import_id>/preview/", drafts.preview, name="import_preview"),
    path(
        "import/<uuid:import_id>/preview/counted/",
        drafts.preview_counted,
        name="import_preview_counted",
    ),
    path("import/<uuid:import_id>/preview/again/", drafts.look_again, name="import_look_again"),
    path("import/<uuid:import_id>/start/", drafts.start, name="import_start"),
    path("import/<uuid:import_id>/discard/", drafts.discard, name="import_discard"),
    path("import/<uuid:import_id>/progress/", imports.import_progress, name="import_progress"),
    path("import/<uuid:import_id>/cancel/", imports.cancel, name="import_cancel"),
    path("import/<uuid:import_id>/undo/", imports.undo, name="import_undo"),
    path("import/<uuid:import_id>/rejects.csv", imports.rejects, name="import_rejects"),
]
