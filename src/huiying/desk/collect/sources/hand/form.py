"""One form each for a tip, a call and a transfer."""

from datetime import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huiying.desk.collect.sources.base import Item, key_of
from huiying.desk.collect.sources.forms import AddressField


class HandForm(forms.Form):
    """What every mention entered by hand has."""

    kind = ""
    #: Made when the page is shown, so that a form sent twice is stored once.
    token = forms.RegexField(r"^[\w-]{16,64}$", widget=forms.HiddenInput)
    title = forms.CharField(label=_("标题"), max_length=200)
    text = forms.CharField(label=_("内容"), widget=forms.Textarea, max_length=20_000)
    posted_at = forms.DateTimeField(
        label=_("发生时间"), required=False, help_text=_("如 2026-11-23 08:00；不详可留空")
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
        extra = {name: said[name] for name in ("office", "reference", "contact") if said.get(name)}
        return Item(
            key=key_of(f"hand:{said['token']}"),
            title=said["title"],
            text=said["text"],
            address=said.get("address") or "",
            author=said.get("author") or "",
            kind=self.kind,
            posted_at=said["posted_at"],
            due_at=said.get("due_at"),
            extra=extra,
        )


class TipForm(HandForm):
    """信息员上报: what an informant saw."""

    kind = "tip"
    address = AddressField(label=_("链接"), required=False)
    field_order = ("title", "text", "address", "posted_at")


class PhoneForm(HandForm):
    """来电: what somebody said on the phone. The caller's name becomes a pseudonym; the number is not kept."""

    kind = "call"
    author = forms.CharField(
        label=_("来电人"),
        required=False,
        max_length=60,
        help_text=_("只用于区分不同的人，以代号保存，不留原名"),
    )
    field_order = ("title", "text", "author", "posted_at")


class TransferForm(HandForm):
    """上级转交: a matter handed down by a higher office, with its own deadline."""

    kind = "transfer"
    office = forms.CharField(label=_("转交单位"), max_length=120)
    reference = forms.CharField(label=_("文号或编号"), required=False, max_length=80)
    due_at = forms.DateTimeField(label=_("要求办结时间"), help_text=_("如 2026-11-25 17:00"))
    address = AddressField(label=_("原帖链接"), required=False)
    field_order = ("office", "reference", "due_at", "title", "text", "address", "posted_at")


FORMS: dict[str, type[HandForm]] = {"tip": TipForm, "phone": PhoneForm, "transfer": TransferForm}
