from django.urls import path

from apps.channels import webhooks
from apps.channels.views import messages, phone

app_name = "channels"
urlpatterns = [
    path("messages/panel/<uuid:contact_id>/", messages.messages_panel, name="messages_panel"),
    path("messages/<uuid:contact_id>/send/", messages.send_message, name="send_message"),
    path("messages/<uuid:message_id>/decide/", messages.decide_message, name="decide_message"),
    path("phone/", phone.sellers_phone, name="sellers_phone"),
    path("phone/answer/", phone.answer_as_seller, name="answer_as_seller"),
    path(
        "hooks/sandbox/<uuid:workspace_id>/inbound/",
        webhooks.sandbox_inbound,
        name="sandbox_inbound",
    ),
]
