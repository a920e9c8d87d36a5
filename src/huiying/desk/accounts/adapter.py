"""How signing in is done here: nobody signs up, passwords are changed on record, refusals say what to do."""

from collections.abc import Mapping
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huiying.desk.accounts.audit import record
from huiying.desk.accounts.models import Person


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Accounts are made by the administrator, by invitation only."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("登录名或密码不对。忘了密码，请管理员发一个新的邀请链接。"),
        "incorrect_password": _("密码不对。"),
        "enter_current_password": _("现在的密码不对。"),
        "too_many_login_attempts": _("试得太多了，请稍候再试。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def set_password(self, user: Person, password: str) -> None:
        super().set_password(user, password)
        record(by=user, now=timezone.now(), verb="person.password", target=user.name)

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: pages say themselves what was done."""


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """The refusals of the second step, in the desk's words."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("验证码不对，或已经过时。请看手机上现在的六位数再填。"),
        "cannot_delete_authenticator": _("现在不能停用两步验证。"),
        "cannot_generate_recovery_codes": _("先启用验证器，才能生成备用码。"),
    }


def tried_name(request: HttpRequest | None, credentials: Mapping[str, Any] | None = None) -> str:
    """The sign-in name of an attempt, by which failures are counted: in whatever case it was typed."""
    given = (credentials or {}).get("username") or (request.POST.get("login", "") if request else "")
    return str(given).strip().casefold()
