"""Filters that stand in the address bar. A value that means nothing is left out, never an error."""

from typing import Any, TypeVar

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from huiying.desk.accounts.models import Unit
from huiying.desk.collect.models import MentionKind, Source, Tier
from huiying.desk.listen.models import Story, Watch
from huiying.desk.listen.queries.mentions import MentionFilter
from huiying.desk.listen.queries.stories import StoryFilter
from huiying.desk.listen.templatetags.heard import TONES

Asked = TypeVar("Asked", StoryFilter, MentionFilter)
ANY = ("", _("全部"))
SPANS = [("", _("不限时间")), ("day", _("近 24 小时")), ("week", _("近 7 天")), ("month", _("近 30 天"))]


def _choice(label: Any, choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, required=False)


class _FilterForm(forms.Form):
    """A form over the address bar."""

    def __init__(self, data: QueryDict, **choices: Any) -> None:
        super().__init__(data)
        for name, more in choices.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = [ANY, *more]

    def given(self) -> dict[str, Any]:
        """What was asked, without what means nothing."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}


def _number(values: dict[str, Any], *names: str) -> dict[str, Any]:
    return values | {name: int(values[name]) for name in names if name in values}


class StoryFilterForm(_FilterForm):
    """Which stories."""

    q = forms.CharField(label=_("关键词"), required=False, max_length=200)
    status = _choice(
        _("状态"),
        [
            ("open", Story.Status.OPEN.label),
            ("cased", Story.Status.CASED.label),
            ("dismissed", Story.Status.DISMISSED.label),
            ("all", _("全部")),
        ],
    )
    level = _choice(_("建议等级"), [ANY])
    unit = _choice(_("部门"), [ANY])
    watch = _choice(_("监测主题"), [ANY])
    topic = _choice(_("主题"), [ANY])
    span = _choice(_("时间"), SPANS)
    awaits = forms.BooleanField(label=_("待研判"), required=False)

    def __init__(self, data: QueryDict, *, levels: Any, topics: Any) -> None:
        units = Unit.objects.filter(active=True).values_list("pk", "name")
        super().__init__(
            data,
            level=levels,
            topic=topics,
            unit=[(str(pk), name) for pk, name in units],
            watch=[(str(pk), name) for pk, name in Watch.objects.values_list("pk", "name")],
        )
        if not topics:
            del self.fields["topic"]

    def asked(self, sort: str) -> StoryFilter:
        """The filter that the address bar asks for."""
        values = _number(self.given(), "level", "unit", "watch")
        return StoryFilter(words=values.pop("q", ""), sort=sort, **values)


class MentionFilterForm(_FilterForm):
    """Which mentions."""

    q = forms.CharField(label=_("关键词"), required=False, max_length=200)
    source = _choice(_("信源"), [ANY])
    tier = _choice(_("层级"), [ANY, *Tier.choices])
    kind = _choice(_("类型"), [ANY, *MentionKind.choices])
    tone = _choice(_("语气"), [ANY, *TONES.items()])
    watch = _choice(_("监测主题"), [ANY])
    heard = _choice(
        _("命中"),
        [ANY, ("watched", _("命中监测主题")), ("unwatched", _("未命中")), ("stray", _("不属于任何话题"))],
    )
    copies = _choice(_("转载"), [("", _("一并列出")), ("fold", _("只看首发"))])
    span = _choice(_("时间"), SPANS)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(
            data,
            source=[(str(pk), name) for pk, name in Source.objects.values_list("pk", "name")],
            watch=[(str(pk), name) for pk, name in Watch.objects.values_list("pk", "name")],
        )

    def asked(self) -> MentionFilter:
        """The filter that the address bar asks for."""
        values = _number(self.given(), "source", "watch")
        return MentionFilter(words=values.pop("q", ""), **values)
