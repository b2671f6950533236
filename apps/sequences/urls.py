from django.urls import URLPattern, URLResolver

app_name = "sequences"
urlpatterns: list[URLPattern | URLResolver] = []
