"""The second step of signing in: allauth's forms in the desk's words."""

from typing import Any

from allauth.mfa.base import forms as base
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.utils.translation import gettext_lazy as _

from huiying.desk.accounts.forms.words import speak


def _six_digits(form: forms.Form) -> None:
    speak(form, code=_("验证码"))
    form.fields["code"].widget.attrs |= {"inputmode": "numeric", "autofocus": True}


class AuthenticateForm(base.AuthenticateForm):  # type: ignore[misc]  # allauth has no types
    """A code while signing in; a spare code counts too."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _six_digits(self)


class ReauthenticateForm(base.ReauthenticateForm):  # type: ignore[misc]
    """A code once more before something delicate."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _six_digits(self)


class ActivateForm(totp.ActivateTOTPForm):  # type: ignore[misc]
    """The first code, which proves that the phone has the key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _six_digits(self)


class AddKeyForm(webauthn.AddWebAuthnForm):  # type: ignore[misc]
    """A security key and what it is called."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        speak(self, name=_("名称"))


class EditKeyForm(webauthn.EditWebAuthnForm):  # type: ignore[misc]
    """Another name for a security key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        speak(self, name=_("名称"))
