from django.urls import path

from apps.inbox import views

app_name = "inbox"
urlpatterns = [
    path("", views.conversation_list, name="conversation_list"),
    path("badge/", views.badge, name="badge"),
    path("<uuid:conversation_id>/", views.conversation_detail, name="conversation_detail"),
    path("<uuid:conversation_id>/reply/", views.reply, name="reply"),
    path("<uuid:conversation_id>/read/", views.read, name="read"),
    path("<uuid:conversation_id>/assign/", views.assign, name="assign"),
    path("<uuid:conversation_id>/snooze/", views.snooze, name="snooze"),
    path("<uuid:conversation_id>/close/", views.close, name="close"),
    path("<uuid:conversation_id>/reopen/", views.reopen, name="reopen"),
    path("<uuid:conversation_id>/stop/", views.stop_all, name="stop_all"),
]
