"""What people say about themselves."""

from datetime import datetime

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huiying.desk.accounts.forms.roster import at_field


class LanguageForm(forms.Form):
    """The language of the desk and of its notices."""

    language = forms.ChoiceField(label=_("语言"), choices=settings.LANGUAGES, widget=forms.RadioSelect)


class AwayForm(forms.Form):
    """Away until when; empty is back."""

    until = at_field(_("离岗至"), _("到这一刻就算回岗。其间该您办的事告诉代行的人。"), required=False)

    def clean_until(self) -> datetime | None:
        until: datetime | None = self.cleaned_data["until"]
        if until is not None and until <= timezone.now():
            raise forms.ValidationError(_("这个时间已经过了。"))
        return until


class OwnAccountForm(forms.Form):
    """The founder's own account."""

    name = forms.CharField(label=_("姓名"), max_length=60)
    title = forms.CharField(label=_("职务"), max_length=60, required=False)
    username = forms.CharField(
        label=_("登录名"),
        max_length=150,
        required=False,
        help_text=_("不填就用姓名的拼音。"),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("密码"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("至少十个字符，不用常见的词，不与登录名或姓名相近。"),
    )
