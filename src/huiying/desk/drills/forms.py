"""What people fill in to try a plan."""

from typing import Any

from django import forms
from django.utils.translation import gettext as say_now
from django.utils.translation import gettext_lazy as _

from huiying.desk.collect.forms import moment
from huiying.desk.drills.actions.exercises import MOST_BYTES
from huiying.desk.drills.actions.rehearsals import MOST_RUNS
from huiying.desk.drills.models import Rehearsal


def _text(label: Any, rows: int, help_text: Any = "", **kwargs: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "class": "mono", "spellcheck": "false"})
    return forms.CharField(
        label=label, required=False, strip=False, widget=widget, help_text=help_text, **kwargs
    )


class AskForm(forms.Form):
    """A rehearsal: which stream, which people, how fast, how often."""

    title = forms.CharField(label=_("名称"), max_length=120, required=False)
    stream = forms.ChoiceField(label=_("来件"), choices=Rehearsal.Stream.choices, widget=forms.RadioSelect)
    since = moment(_("从"), required=False)
    until = moment(_("到"), required=False)
    file = forms.FileField(
        label=_("帖文文件"),
        required=False,
        help_text=_("TSV、CSV、JSONL、XLSX，列名 id、time、title、text；选“上传的文件”时用。"),
    )
    starts_at = moment(
        _("当作从这时开始"), _("不填就按原来的时间；填了就用那时的班次和日历。"), required=False
    )
    everything = forms.BooleanField(label=_("没有命中监测主题的也算"), required=False)
    staff = forms.ChoiceField(label=_("人员"), choices=Rehearsal.Staff.choices, widget=forms.RadioSelect)
    roster = _text(
        _("值班表（TOML）"), 6, _("选“上传的值班表”时用；写法见 docs/plan-format.md。"), max_length=MOST_BYTES
    )
    pace = _text(
        _("反应模型（TOML）"),
        6,
        _("每个角色多快动手、夜里和节假日慢几倍；不写就按通常。"),
        max_length=MOST_BYTES,
    )
    runs = forms.IntegerField(label=_("推演次数"), min_value=1, max_value=MOST_RUNS, initial=100)
    seed = forms.IntegerField(
        label=_("种子"),
        min_value=0,
        max_value=2**31 - 1,
        initial=1,
        help_text=_("同一种子，同一结果；比较两次推演要用同一种子。"),
    )

    def fields_of(self) -> dict[str, Any]:
        """The form as the action takes it."""
        data = dict(self.cleaned_data)
        file = data.pop("file")
        data["file_name"], data["body"] = (file.name, file.read()) if file else ("", b"")
        return data


class ScriptForm(forms.Form):
    """An exercise: its script as a file, or pasted."""

    title = forms.CharField(
        label=_("名称"), max_length=120, required=False, help_text=_("不填就用脚本里的。")
    )
    file = forms.FileField(label=_("脚本文件（TOML 或 CSV）"), required=False)
    script = _text(_("或粘贴在这里（TOML）"), 18, max_length=MOST_BYTES)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        file = data.pop("file", None)
        data["script_name"] = ""
        if file is not None:
            data["script"], data["script_name"] = self._read(file), file.name
        return data

    def _read(self, file: Any) -> str:
        if file.size > MOST_BYTES:
            self.add_error("file", say_now("文件超过 512 KB。"))
            return ""
        try:
            return str(file.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            self.add_error("file", say_now("文件不是 UTF-8 编码，请另存为 UTF-8 再传。"))
            return ""


class BeginForm(forms.Form):
    announce = forms.BooleanField(
        label=_("告诉所有参加的人"), required=False, initial=True, help_text=_("不告诉就是不打招呼的演练。")
    )


class AbortForm(forms.Form):
    why = forms.CharField(label=_("为什么中止"), max_length=300)


class LessonsForm(forms.Form):
    lessons = forms.CharField(
        label=_("问题与改进"), max_length=8000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("哪一步慢了、为什么、谁在什么时候前改好。"),
    )  # fmt: skip
