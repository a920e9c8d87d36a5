"""The file, then the columns."""

from collections.abc import Sequence

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from huiying.desk.collect.sources.forms import KindForm
from huiying.desk.collect.sources.upload.parse import MOST_BYTES

FIELDS = (
    ("title", _("标题")),
    ("text", _("正文")),
    ("key", _("编号")),
    ("address", _("链接")),
    ("author", _("作者")),
    ("posted_at", _("发布时间")),
    ("site", _("站点")),
    ("reach", _("互动数")),
    ("addressee", _("留言对象")),
)


class Form(KindForm):
    """The form of a source that takes files."""

    scheduled = False


class FileForm(forms.Form):
    """One file."""

    file = forms.FileField(
        label=_("文件"), help_text=_("CSV、TSV 或 XLSX，最大 20 MB；UTF-8 和 GB18030 都可以")
    )

    def clean_file(self) -> "UploadedFile[bytes]":
        """The file, if it is not too large."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise ValidationError(_("文件超过 20 MB，请拆分后上传"))
        return file


class ColumnsForm(forms.Form):
    """Which column holds what."""

    def __init__(self, *args: object, headings: Sequence[str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        choices = [("", "—"), *((str(n), heading or f"#{n + 1}") for n, heading in enumerate(headings))]
        for name, label in FIELDS:
            self.fields[name] = forms.ChoiceField(label=label, choices=choices, required=False)

    def clean(self) -> dict[str, object]:
        """Title or text must be chosen."""
        cleaned = super().clean() or {}
        if not cleaned.get("title") and not cleaned.get("text"):
            raise ValidationError(_("请至少选定标题或正文的列"))
        return cleaned

    @property
    def columns(self) -> dict[str, int]:
        """Field to column number, counted from 0."""
        return {name: int(value) for name, value in self.cleaned_data.items() if value}
