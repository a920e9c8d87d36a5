"""Places and things that the institution knows."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiying.desk.accounts.models import Unit
from huiying.desk.collect.charset import decode
from huiying.desk.listen.forms.parts import words
from huiying.desk.listen.models import PlaceName


class PlaceForm(forms.Form):
    """One place or thing, and its other names."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=80)
    kind = forms.ChoiceField(label=gettext_lazy("类别"), choices=PlaceName.Kind.choices)
    aliases = forms.CharField(
        label=gettext_lazy("别名"),
        required=False,
        max_length=1000,
        help_text=gettext_lazy("用空格或逗号隔开"),
    )
    unit = forms.ModelChoiceField(
        label=gettext_lazy("归哪个部门"),
        queryset=Unit.objects.filter(active=True),
        required=False,
        empty_label=gettext_lazy("不指定"),
    )
    within = forms.CharField(
        label=gettext_lazy("所属"),
        required=False,
        max_length=80,
        help_text=gettext_lazy("更大的地方，例如街道、校区"),
    )

    def clean_aliases(self) -> list[str]:
        return list(dict.fromkeys(words(self.cleaned_data["aliases"])))


class PlacesFileForm(forms.Form):
    """A TOML file of places."""

    file = forms.FileField(label=gettext_lazy("文件"), help_text=gettext_lazy(".toml，每处一个 [[place]]"))

    def text(self) -> tuple[str, str]:
        """Its text and its name. Raises ValidationError for one that is no text."""
        upload: Any = self.cleaned_data["file"]
        if not isinstance(upload, UploadedFile) or (upload.size or 0) > 1024 * 1024:
            raise forms.ValidationError(_("文件太大：最多 1 MB。"))
        return decode(upload.read())[0], upload.name or "places.toml"
