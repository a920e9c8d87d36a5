"""How the account is connected, and where new topics go."""

from django import forms
from django.utils.translation import gettext_lazy as _

from huiying.desk.notify.channels.base import Limits
from huiying.engine.text import Text

LIMITS = Limits(size=32_000, unit="characters", per_minute=10)
EXAMPLE = "https://forum.example.gov.cn"
HELP = Text(
    "填论坛的地址；接口密钥由论坛管理员为本单位的账号生成，权限选 topics:write、posts:write 与 topics:read。",
    "Give the forum's address; its administrator makes a key for the institution's account that may write and read topics.",
)


class OutletForm(forms.Form):
    """Under which account, and where."""

    username = forms.CharField(label=_("论坛账号"), max_length=60)
    category = forms.IntegerField(
        label=_("新主题的分类编号"), required=False, min_value=1, help_text=_("回复别人的主题时不用。")
    )
