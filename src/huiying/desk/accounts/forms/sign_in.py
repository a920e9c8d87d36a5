"""Signing in, and changing one's password: allauth's forms in the desk's words."""

from typing import Any

from allauth.account import forms as theirs
from django import forms
from django.utils.translation import gettext_lazy as _

from huiying.desk.accounts.forms.words import speak

AGAIN = {"autocomplete": "new-password"}


class SignInForm(theirs.LoginForm):  # type: ignore[misc]  # allauth has no types
    """Sign-in name, password, and whether this device remembers."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        speak(
            self, login=_("登录名"), password=_("密码"), remember=_("在这台设备上保持登录（公用电脑不要选）")
        )
        self.fields["login"].widget.attrs |= {
            "autofocus": True,
            "autocapitalize": "none",
            "spellcheck": "false",
        }


class ChangePasswordForm(theirs.ChangePasswordForm):  # type: ignore[misc]
    """The old password once, the new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        speak(self, oldpassword=_("现在的密码"), password1=_("新密码"), password2=_("新密码，再填一次"))
        self.fields["password1"].help_text = _("至少十个字符，不用常见的词，不与登录名或姓名相近。")


class ReauthenticateForm(theirs.ReauthenticateForm):  # type: ignore[misc]
    """The password once more before something delicate."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        speak(self, password=_("密码"))


class NewPasswordForm(forms.Form):
    """A first password, twice, by an invitation."""

    password = forms.CharField(
        label=_("密码"),
        widget=forms.PasswordInput(attrs=AGAIN),
        strip=False,
        help_text=_("至少十个字符，不用常见的词，不与登录名或姓名相近。"),
    )
    again = forms.CharField(label=_("再填一次"), widget=forms.PasswordInput(attrs=AGAIN), strip=False)

    def clean_again(self) -> str:
        again = str(self.cleaned_data["again"])
        if again != self.cleaned_data.get("password", again):
            raise forms.ValidationError(_("两次填的密码不一样。"))
        return again
