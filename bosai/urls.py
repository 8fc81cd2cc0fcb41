"""The address map: one line per room. tests/house knows the prefixes that may stand here."""

from django.conf import settings
from django.urls import include, path

from bosai import api, views
from organisations.urls import front_door_urls

urlpatterns = [
    path("", include("organisations.urls")),
    path("", include("office.urls")),
    path("", include("customers.urls")),
    path("", include("milestones.urls")),
    path("", include("coaching.urls")),
    path("", include("advocacy.urls")),
    path("", include("post.urls")),
    path("", include("dashboards.urls")),
    path("api/v1/", include((api.urlpatterns, "api"))),
    *front_door_urls,
    # ProbeMiddleware answers these; here they stand on the map
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", views.metrics, name="metrics"),
]
if settings.DEBUG or settings.DEMO:
    from ui.views import gallery, gallery_mail, gallery_sorry

    urlpatterns.append(path("ui/", gallery, name="gallery"))
    urlpatterns.append(path("ui/mail/", gallery_mail, name="gallery_mail"))
    urlpatterns.append(path("ui/sorry/", gallery_sorry, name="gallery_sorry"))

handler400 = "ui.views.bad_request"
handler403 = "ui.views.permission_denied"
handler404 = "ui.views.page_not_found"
handler500 = "ui.views.server_error"
