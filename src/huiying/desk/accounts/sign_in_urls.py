"""What of allauth this desk uses. Its other addresses lead to a page that says whom to ask."""

from allauth.account import views as account
from django.urls import include, path

from huiying.desk.accounts.views.doors import ask_the_administrator as ask

urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", ask, name="account_inactive"),
    path("signup/", ask, name="account_signup"),
    path("password/reset/", ask, name="account_reset_password"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/set/", ask, name="account_set_password"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("email/", ask, name="account_email"),
    path("email/confirm/", ask, name="account_email_verification_sent"),
    path("2fa/", include("allauth.mfa.urls")),
]
