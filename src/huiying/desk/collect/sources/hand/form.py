"""One form each for a tip, a call and a transfer, fit for a phone in the field."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from huiying.desk.collect.actions.entering import Attached
from huiying.desk.collect.forms import moment
from huiying.desk.collect.sources.base import Item, key_of
from huiying.desk.collect.sources.forms import AddressField

MOST_FILES = 6
MOST_BYTES = 10 * 2**20
#: What may come with an entry, by its first bytes: a name or a declared type proves nothing.
BEGINNINGS: tuple[bytes, ...] = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF", b"%PDF-")


def token() -> str:
    """Made when the page is shown, so that a form sent twice is stored once."""
    return secrets.token_urlsafe(18)


class SeveralFiles(forms.ClearableFileInput):
    """A field that takes more than one file."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Photos and documents, checked one by one."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> Any:
        """The files; an error that says which one cannot be taken and why."""
        listed = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        if len(listed) > MOST_FILES:
            raise ValidationError(_("一次最多 6 个文件"))
        for file in listed:
            self._check(file)
        return listed

    def _check(self, file: "UploadedFile[bytes]") -> None:
        if (file.size or 0) > MOST_BYTES:
            raise ValidationError(_("“%(name)s”超过 10 MB"), params={"name": file.name})
        head = file.read(16)
        file.seek(0)
        if not head.startswith(BEGINNINGS) or (head.startswith(b"RIFF") and head[8:12] != b"WEBP"):
            raise ValidationError(_("“%(name)s”不是照片或 PDF"), params={"name": file.name})


class HandForm(forms.Form):
    """What every mention entered by hand has."""

    kind = ""
    title_of_page: str | Promise = ""
    token = forms.RegexField(r"^[\w-]{16,64}$", widget=forms.HiddenInput)
    title = forms.CharField(label=_("标题"), max_length=200)
    text = forms.CharField(label=_("内容"), widget=forms.Textarea(attrs={"rows": 6}), max_length=20_000)
    posted_at = moment(_("发生时间"), _("不详可留空"), required=False)
    photos = FilesField(
        label=_("照片或文件"),
        required=False,
        help_text=_("最多 6 个，每个 10 MB；照片（JPEG、PNG、WebP）或 PDF"),
        widget=SeveralFiles(attrs={"accept": "image/jpeg,image/png,image/webp,application/pdf"}),
    )

    def clean_posted_at(self) -> datetime | None:
        """Nothing happened in the future."""
        at: datetime | None = self.cleaned_data["posted_at"]
        if at is not None and at > timezone.now():
            raise ValidationError(_("时间不能晚于现在"))
        return at

    def item(self) -> Item:
        """The mention, ready to be stored."""
        said = self.cleaned_data
        extra = {name: said[name] for name in ("office", "reference") if said.get(name)}
        return Item(
            key=key_of(f"hand:{said['token']}"),
            title=said["title"],
            text=said["text"],
            address=said.get("address") or "",
            author=said.get("author") or "",
            site=said.get("office") or said.get("place") or "",
            kind=self.kind,
            posted_at=said["posted_at"],
            due_at=said.get("due_at"),
            extra=extra,
        )

    def files_brought(self) -> Sequence[Attached]:
        """The files that came along."""
        return [
            Attached(name=file.name or "", content_type=file.content_type or "", body=file.read())
            for file in self.cleaned_data["photos"]
        ]


class TipForm(HandForm):
    """信息员上报: what an informant saw."""

    kind = "tip"
    title_of_page = _("信息员上报")
    place = forms.CharField(
        label=_("在哪里看到"), max_length=120, required=False, help_text=_("网站、群或现场的名字")
    )
    address = AddressField(label=_("链接"), required=False)
    field_order = ("title", "text", "photos", "place", "address", "posted_at")


class PhoneForm(HandForm):
    """来电: what somebody said on the phone. The caller's name becomes a pseudonym; the number is not kept."""

    kind = "call"
    title_of_page = _("来电登记")
    author = forms.CharField(
        label=_("来电人"),
        required=False,
        max_length=60,
        help_text=_("只用于区分不同的人，以代号保存，不留原名"),
    )
    field_order = ("title", "text", "author", "posted_at", "photos")


class TransferForm(HandForm):
    """上级转交: a matter handed down by a higher office, with its own deadline."""

    kind = "transfer"
    title_of_page = _("上级转交")
    office = forms.CharField(label=_("转交单位"), max_length=120)
    reference = forms.CharField(label=_("文号或编号"), required=False, max_length=80)
    due_at = moment(_("要求办结时间"), _("按来文填写；立案后成为时限"))
    address = AddressField(label=_("原帖链接"), required=False)
    field_order = ("office", "reference", "due_at", "title", "text", "address", "posted_at", "photos")


FORMS: dict[str, type[HandForm]] = {"tip": TipForm, "phone": PhoneForm, "transfer": TransferForm}
