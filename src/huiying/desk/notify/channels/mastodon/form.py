"""How the account is connected, and how long a post can be."""

from django import forms
from django.utils.translation import gettext_lazy as _

from huiying.desk.notify.channels.base import Limits
from huiying.engine.text import Text

LIMITS = Limits(size=500, unit="characters", per_minute=10)
EXAMPLE = "https://social.example.gov.cn"
HELP = Text(
    "填实例的地址，令牌在该账号的“设置 → 开发 → 新应用”里取得，权限选 write:statuses 和 read:search。",
    "Give the server's address; the token comes from the account's settings, development, new application, with write:statuses and read:search.",
)
VISIBILITY = [("public", _("公开")), ("unlisted", _("公开，不进时间线"))]


class OutletForm(forms.Form):
    """How the posts are shown."""

    visibility = forms.ChoiceField(label=_("可见范围"), choices=VISIBILITY, initial="public")
    most = forms.IntegerField(label=_("最多字数"), min_value=140, max_value=20_000, initial=500)
