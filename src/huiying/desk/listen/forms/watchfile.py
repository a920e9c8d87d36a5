"""A file of watches: TrendRadar's keyword form, or our own TOML."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiying.desk.collect.charset import decode
from huiying.desk.listen.forms.data import put
from huiying.engine.findings import Finding
from huiying.engine.listen.watches import NamedQuery, read_toml, read_trendradar

MOST = 1024 * 1024


class WatchFileForm(forms.Form):
    """A file, or its text; looked at before anything is kept."""

    file = forms.FileField(
        label=gettext_lazy("文件"),
        required=False,
        help_text=gettext_lazy("frequency_words.txt 或 .toml，最大 1 MB"),
    )
    text = forms.CharField(
        label=gettext_lazy("或粘贴内容"),
        required=False,
        max_length=MOST,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false", "class": "mono"}),
    )
    name = forms.CharField(required=False, widget=forms.HiddenInput)
    not_a_person = forms.BooleanField(
        label=gettext_lazy("我确认：监测的都是公共事务，不是某个私人"), required=False
    )

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        upload = values.get("file")
        if isinstance(upload, UploadedFile):
            if (upload.size or 0) > MOST:
                raise forms.ValidationError(_("文件太大：最多 1 MB。"))
            values["text"], values["name"] = decode(upload.read())[0], upload.name or ""
        if not str(values.get("text", "")).strip():
            raise forms.ValidationError(_("请选一个文件，或把内容粘贴在下面。"))
        put(self, {"text": values["text"], "name": values["name"]})
        return values

    def read(self) -> tuple[list[NamedQuery], list[Finding]]:
        """The watches of the file and what was found about it."""
        text, name = self.cleaned_data["text"], self.cleaned_data["name"] or _("粘贴的内容")
        toml = name.endswith(".toml") or "[[watch]]" in text
        return (read_toml if toml else read_trendradar)(text, name)
