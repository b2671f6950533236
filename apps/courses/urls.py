from django.urls import path

from apps.courses import views

app_name = "courses"
urlpatterns = [
    path("", views.course_list, name="course_list"),
    path("<uuid:course_id>/", views.course_detail, name="course_detail"),
    path("lessons/<uuid:lesson_id>/", views.lesson_detail, name="lesson_detail"),
    path("lessons/<uuid:lesson_id>/complete/", views.complete_lesson, name="complete_lesson"),
]
