from allauth.account import views as allauth_views
from django.contrib.auth.decorators import login_required
from django.urls import path, re_path

from organisations.views import front_door, setting_up
from organisations.views import settings as settings_views

app_name = "organisations"
urlpatterns = [
    path("o/<slug:slug>/settings/", settings_views.settings, name="settings"),
    path("o/<slug:slug>/beginning/", settings_views.beginning, name="beginning"),
    path("o/<slug:slug>/theme.css", settings_views.theme, name="theme"),
    path("setup/<str:token>/", setting_up.setup, name="setup"),
]

# Outside any namespace, under the names allauth and Django look for; of allauth's pages only those we use.
front_door_urls = [
    path("", front_door.home, name="home"),
    path("accounts/login/", front_door.SignIn.as_view(), name="account_login"),
    path("accounts/logout/", allauth_views.logout, name="account_logout"),
    path("accounts/inactive/", allauth_views.account_inactive, name="account_inactive"),
    path("accounts/signup/", front_door.signup_closed, name="account_signup"),
    path("accounts/reauthenticate/", allauth_views.reauthenticate, name="account_reauthenticate"),
    path(
        "accounts/password/change/",
        login_required(front_door.OwnPassword.as_view()),
        name="account_change_password",
    ),
    path("accounts/password/reset/", front_door.Forgotten.as_view(), name="account_reset_password"),
    path(
        "accounts/password/reset/done/", allauth_views.password_reset_done, name="account_reset_password_done"
    ),
    re_path(
        r"^accounts/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        front_door.NewPassword.as_view(),
        name="account_reset_password_from_key",
    ),
    path(
        "accounts/password/reset/key/done/",
        allauth_views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]
