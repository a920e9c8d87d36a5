"""What every kind's form shares: name, site, tier, interval; and fields that are checked before anything is saved."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from huiying.desk.collect.models import Source, Tier
from huiying.desk.collect.trouble import Trouble
from huiying.desk.net.client import check_url, host_of

INTERVALS = (
    (60, _("1 分钟")),
    (300, _("5 分钟")),
    (600, _("10 分钟")),
    (1800, _("30 分钟")),
    (3600, _("1 小时")),
    (21600, _("6 小时")),
    (86400, _("1 天")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """A source's fields, checked by its kind's form: what the actions store."""

    name: str
    site: str = ""
    tier: str = Tier.UNKNOWN
    interval_s: int = 600
    settings: Mapping[str, Any] = field(default_factory=dict)
    secret: str = ""  # as typed; empty: as it was
    host: str = ""  # whose patience is minded; empty for kinds that fetch nothing


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
            said = f"{trouble.message.say(language)}。{trouble.mend.say(language)}"
            raise ValidationError(said) from trouble


class SecretField(forms.CharField):
    """A password or token: never shown again, and fit for a header."""

    widget = forms.PasswordInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=400, strip=True, **kwargs)
        self.widget.attrs["autocomplete"] = "new-password"

    def clean(self, value: Any) -> Any:
        """The secret; an error for characters that cannot be sent."""
        text = super().clean(value)
        if text and not (text.isascii() and text.isprintable()):
            raise ValidationError(_("只能用英文字母、数字和半角符号"))
        return text


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
        label=_("采集间隔"), choices=INTERVALS, coerce=int, initial=600, required=False
    )

    def __init__(self, *args: Any, source: Source | None = None, trying: bool = False, **kwargs: Any) -> None:
        self.source = source
        if source is not None:
            kwargs["initial"] = self._saved(source) | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.fields["name"].required = not trying
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
        if name and others.exists():
            raise ValidationError(_("已有同名信源，请换一个名称"))
        return name

    @property
    def own_fields(self) -> list[forms.BoundField]:
        """The fields of this kind alone, for the page."""
        return [self[name] for name in self.fields if name not in KindForm.base_fields]

    @property
    def shared_fields(self) -> list[forms.BoundField]:
        """The fields that every source has."""
        return [self[name] for name in self.fields if name in KindForm.base_fields]

    @property
    def values(self) -> Values:
        """What was typed, checked; only after `is_valid()`."""
        said = self.cleaned_data
        return Values(
            name=said["name"],
            site=said["site"].strip(),
            tier=said["tier"],
            interval_s=said.get("interval_s") or 600,
            settings={name: said.get(name) for name in self.own},
            secret=str(said.get(self.secret_field) or ""),
            host=self.fetched_host(),
        )

    def fetched_host(self) -> str:
        """The host that is visited; empty for kinds that fetch nothing."""
        return host_of(str(self.cleaned_data.get("address") or ""))
