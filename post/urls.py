from django.urls import path

from post.views import delivery, outbox, own_mails, preferences, webhooks

app_name = "post"
urlpatterns = [
    path("o/<slug:slug>/outbox/", outbox.outbox, name="outbox"),
    path("o/<slug:slug>/outbox/test/", delivery.test_mail, name="test_mail"),
    path("o/<slug:slug>/outbox/<int:pk>/", delivery.delivery, name="delivery"),
    path("o/<slug:slug>/outbox/<int:pk>/mail/", delivery.rendering, name="rendering"),
    path("o/<slug:slug>/outbox/<int:pk>/arrival/", delivery.arrival, name="arrival"),
    path("o/<slug:slug>/outbox/<int:pk>/resending/", delivery.resending, name="resending"),
    path("o/<slug:slug>/outbox/<int:pk>/next-try/", delivery.next_try, name="next_try"),
    path("o/<slug:slug>/outbox/<int:pk>/stop/", delivery.stop, name="stop"),
    path("o/<slug:slug>/own/mails/", own_mails.own_mails, name="own_mails"),
    path("o/<slug:slug>/webhooks/", webhooks.webhook_list, name="webhook_list"),
    path("o/<slug:slug>/webhooks/channels/", webhooks.webhook_channels, name="webhook_channels"),
    path("o/<slug:slug>/webhooks/<int:pk>/", webhooks.webhook, name="webhook"),
    path("o/<slug:slug>/webhooks/<int:pk>/test/", webhooks.webhook_test, name="webhook_test"),
    path("o/<slug:slug>/webhooks/<int:pk>/secret/", webhooks.webhook_renewal, name="webhook_renewal"),
    path("o/<slug:slug>/webhooks/<int:pk>/pause/", webhooks.webhook_off, name="webhook_off"),
    path("o/<slug:slug>/webhooks/<int:pk>/return/", webhooks.webhook_on, name="webhook_on"),
    path("o/<slug:slug>/webhooks/<int:pk>/removal/", webhooks.webhook_removal, name="webhook_removal"),
    path("o/<slug:slug>/webhooks/<int:pk>/replay/", webhooks.webhook_replay, name="webhook_replay"),
    path("o/<slug:slug>/webhooks/calls/<int:pk>/", webhooks.webhook_call, name="webhook_call"),
    path("o/<slug:slug>/webhooks/calls/<int:pk>/replay/", webhooks.call_replay, name="call_replay"),
    # For whoever gets our mails, by link
    path("u/<str:token>/", preferences.preferences, name="preferences"),
]
