"""What people fill in about plans and calendars."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as say_now
from django.utils.translation import gettext_lazy as _

MOST_BYTES = 512 * 1024


def _lines(label: Any, rows: int, **kwargs: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "class": "mono", "spellcheck": "false"})
    return forms.CharField(label=label, required=False, strip=False, widget=widget, **kwargs)


class UploadForm(forms.Form):
    """A new version of a plan: a file, or pasted."""

    file = forms.FileField(label=_("预案文件（TOML）"), required=False)
    text = _lines(_("或粘贴在这里"), 14, max_length=MOST_BYTES)
    note = forms.CharField(label=_("改了什么"), max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        file = data.get("file")
        if file is not None:
            data["text"] = self._read(file)
        if not (data.get("text") or "").strip() and "text" not in self.errors and "file" not in self.errors:
            self.add_error("text", say_now("请选一个文件，或把预案粘贴进来。"))
        return data

    def _read(self, file: Any) -> str:
        if file.size > MOST_BYTES:
            self.add_error("file", say_now("文件超过 512 KB，不像一份预案。"))
            return ""
        try:
            return str(file.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            self.add_error("file", say_now("文件不是 UTF-8 编码，请另存为 UTF-8 再传。"))
            return ""

    def findings(self, refused: ValidationError) -> None:
        """Put what the check found at the text."""
        self.add_error("text", refused.messages)


class YearForm(forms.Form):
    """One year of the calendar, and what holds for all years."""

    off = _lines(_("放假"), 8, help_text=_("一行一段：名称和起止日期。例：春节 02-15/02-23"))
    work = _lines(_("调休上班"), 5, help_text=_("周末要上班的日子。例：春节 02-14"))
    days_off = _lines(
        _("本单位另外放假"), 2, help_text=_("写全年月日，一行一天。例：2026-12-31。校庆、本地节日等。")
    )
    office = forms.CharField(label=_("办公时间"), max_length=120, help_text=_("例：08:30-12:00, 14:00-17:30"))
    note = forms.CharField(label=_("改了什么"), max_length=300, required=False)
