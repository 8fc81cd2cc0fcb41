from allauth.account import views as allauth_views
from django.contrib.auth.decorators import login_required
from django.urls import path, re_path

from organisations.views import factors, front_door, own_sign_in, proving, second_step, setting_up
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
    path("accounts/reauthenticate/", proving.reauthenticate, name="account_reauthenticate"),
    path("accounts/second-step/", second_step.second_step, name="mfa_authenticate"),
    path("accounts/passkey/", second_step.passkey_sign_in, name="passkey_sign_in"),
    path("accounts/passkey/challenge/", second_step.passkey_challenge, name="passkey_challenge"),
    path("accounts/own/", own_sign_in.own_sign_in, name="own_sign_in"),
    path("accounts/own/session/end/", own_sign_in.session_end, name="session_end"),
    path("accounts/own/sessions/end/", own_sign_in.sessions_end, name="sessions_end"),
    path("accounts/own/app/", factors.app, name="own_app"),
    path("accounts/own/passkey/", factors.passkey, name="own_passkey"),
    path("accounts/own/passkey/options/", factors.passkey_options, name="own_passkey_options"),
    path("accounts/own/codes/", factors.recovery_codes, name="own_codes"),
    path("accounts/own/factors/<int:pk>/removal/", factors.factor_removal, name="factor_removal"),
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
