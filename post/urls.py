from django.urls import path

from post.views import delivery, outbox, preferences

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
    # For whoever gets our mails, by link
    path("u/<str:token>/", preferences.preferences, name="preferences"),
]
