from django.urls import path

from customers import views

app_name = "customers"
urlpatterns = [
    path("o/<slug:slug>/customers/new/", views.customer_new, name="customer_new"),
    path("o/<slug:slug>/customers/owners/", views.owners, name="owners"),
    path("o/<slug:slug>/customers/<int:pk>/edit/", views.customer_edit, name="customer_edit"),
    path("o/<slug:slug>/customers/<int:pk>/archive/", views.archive, name="archive"),
    path("o/<slug:slug>/customers/<int:pk>/restoration/", views.restoration, name="restoration"),
    path("o/<slug:slug>/customers/<int:pk>/comeback/", views.comeback, name="comeback"),
    path("o/<slug:slug>/customers/<int:pk>/people/new/", views.contact_new, name="contact_new"),
    path("o/<slug:slug>/people/<int:pk>/", views.contact_edit, name="contact_edit"),
    path("o/<slug:slug>/people/<int:pk>/return/", views.contact_return, name="contact_return"),
]
