from django.urls import path

from advocacy import views

app_name = "advocacy"
urlpatterns = [
    path("o/<slug:slug>/celebrations/", views.celebration_list, name="celebration_list"),
    path("o/<slug:slug>/celebrations/<int:pk>/", views.celebration, name="celebration"),
    path("o/<slug:slug>/celebrations/<int:pk>/edit/", views.celebration_edit, name="celebration_edit"),
    path(
        "o/<slug:slug>/celebrations/<int:pk>/mails/<int:guest_pk>/",
        views.celebration_mail,
        name="celebration_mail",
    ),
    path("o/<slug:slug>/celebrations/<int:pk>/sending/", views.celebration_now, name="celebration_now"),
    path(
        "o/<slug:slug>/celebrations/<int:pk>/approval/",
        views.celebration_approval,
        name="celebration_approval",
    ),
    path("o/<slug:slug>/celebrations/<int:pk>/stop/", views.celebration_stop, name="celebration_stop"),
    path("o/<slug:slug>/celebrations/<int:pk>/return/", views.celebration_return, name="celebration_return"),
    path("o/<slug:slug>/achievements/<int:pk>/celebration/", views.celebration_new, name="celebration_new"),
]
