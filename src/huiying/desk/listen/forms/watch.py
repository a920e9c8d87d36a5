"""A watch as a form: the query as text and as fields, whichever of the two was edited."""

from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from huiying.desk.accounts.models import Unit
from huiying.desk.listen.actions.watches import said
from huiying.desk.listen.forms.data import put
from huiying.desk.listen.forms.parts import form_of, lines, near_rows, words
from huiying.desk.listen.models import Watch
from huiying.engine.findings import Finding
from huiying.engine.listen.query import All, Form, Query, compose, parse, unparse
from huiying.engine.listen.query_parts import NEAR_MOST

NEAR_ROWS = 2
#: The fields that say the query, in the order in which they are shown.
PARTS = ("any", "all", "none", "phrases")


def _words(label: Any, help_text: Any) -> forms.CharField:
    return forms.CharField(label=label, help_text=help_text, required=False, max_length=2000)


class WatchForm(forms.Form):
    """One watch. `seen` is the text with which both views agreed when the page was made."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=120)
    matter = forms.CharField(
        label=gettext_lazy("关注的事项"),
        max_length=200,
        help_text=gettext_lazy("一句话写清是什么事情，例如“食堂饭菜质量”。监测主题不针对个人。"),
    )
    unit = forms.ModelChoiceField(
        label=gettext_lazy("多半归哪个部门"),
        queryset=Unit.objects.filter(active=True),
        required=False,
        empty_label=gettext_lazy("不指定"),
    )
    query = forms.CharField(
        label=gettext_lazy("查询文字"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "class": "mono"}),
    )
    any = _words(gettext_lazy("任一"), gettext_lazy("有其中一个就算"))
    all = _words(gettext_lazy("全部"), gettext_lazy("每一个都要有"))
    none = _words(gettext_lazy("排除"), gettext_lazy("有其中一个就不算"))
    phrases = forms.CharField(
        label=gettext_lazy("完整短语"),
        help_text=gettext_lazy("一行一个，一字不差"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 1}),
    )
    not_a_person = forms.BooleanField(
        label=gettext_lazy("我确认：监测的是公共事务，不是某个私人"), required=False
    )
    active = forms.BooleanField(label=gettext_lazy("启用"), required=False, initial=True)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, watch: Watch | None = None, query: str = "") -> None:
        super().__init__(data, initial=_initial(watch, query))
        for row in range(NEAR_ROWS):
            self.fields[f"near_{row}_left"] = forms.CharField(label=_("词"), required=False, max_length=80)
            self.fields[f"near_{row}_right"] = forms.CharField(
                label=_("另一个词"), required=False, max_length=80
            )
            self.fields[f"near_{row}_far"] = forms.IntegerField(
                label=_("相隔最多几个字"), required=False, min_value=0, max_value=NEAR_MOST
            )
        self.found: list[Finding] = []  # of the query's text: hints too
        self.asked: Query | None = None  # the query, once it could be read
        self.by_fields = False  # the fields were edited, not the text
        self.fits = True  # the fields can say what the text says

    def parts(self) -> list[forms.BoundField]:
        """The fields that say the query, without those of nearness."""
        return [self[name] for name in PARTS]

    def near(self) -> list[tuple[forms.BoundField, forms.BoundField, forms.BoundField]]:
        """The rows of the near fields."""
        return [
            (self[f"near_{row}_left"], self[f"near_{row}_right"], self[f"near_{row}_far"])
            for row in range(NEAR_ROWS)
        ]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        text, seen = str(values.get("query", "")).strip(), str(values.get("seen", "")).strip()
        fields = compose(self._fields(values))
        self.by_fields = not _agree(fields, seen)
        if self.by_fields and text != seen and not _agree(fields, text):
            self.by_fields = False
            self.add_error("query", _("文字和分栏都改了，说的却不一样。两处都还在，请只改其中一处。"))
            self.fits = False
            return values
        agreed = (unparse(fields) if fields else "") if self.by_fields else text
        values["query"] = agreed
        self._read(agreed)
        self._show(agreed)
        return self.cleaned_data

    def _fields(self, values: dict[str, Any]) -> Form:
        near = [
            (
                str(values.get(f"near_{row}_left") or ""),
                str(values.get(f"near_{row}_right") or ""),
                values.get(f"near_{row}_far"),
            )
            for row in range(NEAR_ROWS)
        ]
        return Form(
            any=words(values.get("any", "")),
            all=words(values.get("all", "")),
            none=words(values.get("none", "")),
            phrases=lines(values.get("phrases", "")),
            near=tuple((a, b, 10 if n is None else n) for a, b, n in near if a.strip() and b.strip()),
        )

    def _read(self, text: str) -> None:
        if not text:
            self.add_error("query", _("请写要找的词：填分栏，或直接写查询文字。"))
            return
        self.asked, self.found = parse(text)
        for sentence in said(self.found):
            self.add_error("query", sentence)

    def _show(self, text: str) -> None:
        """Bring the view that was not edited in line with the one that was."""
        form = form_of(self.asked) if self.asked else None
        self.fits = form is not None and len(form.near) <= NEAR_ROWS
        shown: dict[str, Any] = {"query": text, "seen": text}
        if self.asked and not self.by_fields:
            shown |= as_fields(form if self.fits else None)
        put(self, shown)

    def hints(self) -> list[str]:
        """What is worth knowing about the query although it can be kept."""
        language = get_language() or "zh-hans"
        return [finding.message.say(language) for finding in self.found if finding.level != "error"]


def _initial(watch: Watch | None, query: str) -> dict[str, Any]:
    text = watch.query if watch else query
    asked, _found = parse(text) if text else (None, [])
    values: dict[str, Any] = {"query": text, "seen": text, **as_fields(form_of(asked) if asked else None)}
    if watch:
        values |= {"name": watch.name, "matter": watch.matter, "unit": watch.unit_id, "active": watch.active}
    return values


def as_fields(form: Form | None) -> dict[str, Any]:
    """The values of the fields for a query; empty ones for None, or for more rows of nearness than there are."""
    it = form if form and len(form.near) <= NEAR_ROWS else Form()
    values: dict[str, Any] = {name: " ".join(getattr(it, name)) for name in ("any", "all", "none")}
    values["phrases"] = "\n".join(it.phrases)
    for row, (left, right, far) in enumerate(near_rows(it, NEAR_ROWS)):
        values |= {
            f"near_{row}_left": left,
            f"near_{row}_right": right,
            f"near_{row}_far": "" if far is None else far,
        }
    return values


def _agree(fields: Query | None, text: str) -> bool:
    """Whether the fields say what the text says; fields that cannot say it are empty and agree."""
    asked = parse(text)[0] if text else None
    form = form_of(asked) if asked else None
    if asked is not None and (form is None or len(form.near) > NEAR_ROWS):
        return fields is None
    return _parts(fields) == _parts(compose(form) if form else None)


def _parts(query: Query | None) -> frozenset[Query]:
    if query is None:
        return frozenset()
    return frozenset(query.parts if isinstance(query, All) else (query,))
