"""What every kind's form shares: name, site, tier, interval; and fields that are checked before anything is saved."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from huiying.desk.collect.models import Source, Tier
from huiying.desk.collect.trouble import Trouble
from huiying.desk.net.client import check_url

INTERVALS = (
    (60, _("1 分钟")),
    (300, _("5 分钟")),
    (600, _("10 分钟")),
    (1800, _("30 分钟")),
    (3600, _("1 小时")),
    (21600, _("6 小时")),
    (86400, _("1 天")),
)


class AddressField(forms.CharField):
    """A web address that the collector may be sent to."""

    widget = forms.URLInput

    def clean(self, value: Any) -> Any:
        """The address in plain form; an error that says what is wrong with it."""
        text = super().clean(value)
        if not text:
            return text
        try:
            return check_url(text)
        except Trouble as trouble:
            language = get_language() or "zh-hans"
            raise ValidationError(
                f"{trouble.message.say(language)}。{trouble.mend.say(language)}"
            ) from trouble


class KindForm(forms.Form):
    """The form of one kind of source. Subclasses add the kind's own fields."""

    own: ClassVar[tuple[str, ...]] = ()  # fields that go into Source.settings
    secret_field: ClassVar[str] = ""  # the field that goes into Source.secret, sealed
    scheduled: ClassVar[bool] = True  # whether the worker fetches it by itself

    name = forms.CharField(label=_("名称"), max_length=120)
    site = forms.CharField(
        label=_("站点"), max_length=120, required=False, help_text=_("帖文所在网站或平台的名字，如“本地论坛”")
    )
    tier = forms.ChoiceField(label=_("媒体层级"), choices=Tier.choices, initial=Tier.UNKNOWN)
    interval_s = forms.TypedChoiceField(
        label=_("采集间隔"), choices=INTERVALS, coerce=int, initial=600, required=False, empty_value=600
    )

    def __init__(self, *args: Any, source: Source | None = None, **kwargs: Any) -> None:
        self.source = source
        if source is not None:
            kwargs["initial"] = self._saved(source) | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        if not self.scheduled:
            del self.fields["interval_s"]
        if source is not None and source.secret and self.secret_field:
            self.fields[self.secret_field].required = False
            self.fields[self.secret_field].help_text = _("已保存；留空表示不改")

    def _saved(self, source: Source) -> dict[str, Any]:
        shared = {name: getattr(source, name) for name in ("name", "site", "tier", "interval_s")}
        return shared | {name: value for name, value in source.settings.items() if name in self.own}

    def clean_name(self) -> str:
        """A name that no other source has."""
        name = str(self.cleaned_data["name"]).strip()
        others = Source.objects.filter(name=name)
        if self.source is not None:
            others = others.exclude(pk=self.source.pk)
        if others.exists():
            raise ValidationError(_("已有同名信源，请换一个名称"))
        return name

    @property
    def settings(self) -> dict[str, Any]:
        """The kind's own settings, checked."""
        return {name: self.cleaned_data.get(name) for name in self.own}

    @property
    def secret(self) -> str:
        """The secret as typed; empty when it was left as it is."""
        return str(self.cleaned_data.get(self.secret_field) or "") if self.secret_field else ""

    @property
    def address(self) -> str:
        """The address whose host is treated politely; empty for kinds that fetch nothing."""
        return str(self.cleaned_data.get("address") or "")
