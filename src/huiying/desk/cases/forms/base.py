"""What the forms of a case have in common."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from huiying.desk.accounts.models import Person, Unit
from huiying.desk.accounts.rights import Right
from huiying.desk.cases import evidence
from huiying.desk.cases.models import Case
from huiying.desk.cases.queries.standing import Standing

Words = str | Promise
FILES_HELP = _("照片、视频、录音、PDF、Word 或 Excel，每个不超过 12 MB，一次最多 12 个。")


class VerbForm(forms.Form):
    """A form that does one verb on one case, seen by one reader (`on`)."""

    do_not_call_in_templates: ClassVar[bool] = True  # pages speak of the class itself: its title and address
    slug: ClassVar[str]
    right: ClassVar[Right]
    title: ClassVar[Words]
    button: ClassVar[Words] = _("保存")
    note: ClassVar[Words] = ""  # a sentence above the fields
    icon: ClassVar[str] = "edit"
    group: ClassVar[str] = "work"  # of the menu: work, clocks, end
    done: ClassVar[Words] = _("已记录。")
    danger: ClassVar[bool] = False
    confirm: ClassVar[Words] = ""  # a question before it is done

    def __init__(self, *args: Any, on: Standing, **kwargs: Any) -> None:
        self.on = on
        super().__init__(*args, **kwargs)
        self.prepare()

    def prepare(self) -> None:
        """Fill in choices that depend on the case."""

    @classmethod
    def possible(cls, on: Standing) -> bool:
        """Whether the page should offer it now; the verb itself decides again."""
        return on.case.open

    def act(self, *, by: Person, now: datetime, case: Case) -> None:
        """Do the verb with the cleaned data. Raises ValidationError."""
        raise NotImplementedError

    def choose(self, name: str, choices: Iterable[tuple[str, Words]], *, empty: Words | None = None) -> None:
        """Give a choice field its choices; with one alone it is chosen already."""
        options = list(choices)
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        if len(options) == 1 and field.required:
            self.initial.setdefault(name, options[0][0])
        elif empty is not None:
            options.insert(0, ("", empty))
        field.choices = options

    @property
    def multipart(self) -> bool:
        """Whether the form takes files."""
        return any(isinstance(field, forms.FileField) for field in self.fields.values())


class ManyFiles(forms.ClearableFileInput):
    """An input for several files; a phone offers its camera."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, checked by what they are."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("照片和附件"))
        kwargs.setdefault("required", False)
        kwargs.setdefault("help_text", FILES_HELP)
        widget = ManyFiles(attrs={"accept": "image/*,video/mp4,audio/*,.pdf,.doc,.docx,.xls,.xlsx,.zip"})
        super().__init__(widget=widget, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[Any]]":
        """The files that were given. Raises ValidationError."""
        given = data if isinstance(data, list | tuple) else [data] if data else []
        files = [super(FilesField, self).clean(one, initial) for one in given]
        try:
            evidence.check(files)
        except forms.ValidationError as wrong:
            raise forms.ValidationError(wrong.messages) from wrong
        return files


class At(forms.DateTimeField):
    """A date and time of the institution's clock."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, **kwargs)


def text_field(label: Any, *, rows: int = 4, most: int = 4000, **kwargs: Any) -> forms.CharField:
    """A longer text."""
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=most, widget=widget, **kwargs)


def happened_field() -> At:
    """When something happened that is written down only now."""
    return At(label=_("实际时间"), required=False, help_text=_("就是现在的不用填。"))


def late_field() -> forms.CharField:
    """Why something was written down only after its deadline."""
    return forms.CharField(
        label=_("补记原因"),
        required=False,
        max_length=500,
        help_text=_("时限已过才补记的，写明为什么没有当时记；不写的按现在的时间算。"),
    )


def unit_choices(units: Iterable[Unit]) -> list[tuple[str, Words]]:
    """Units by code."""
    return [(unit.code, unit.name) for unit in units]


def unit_of(code: str) -> Unit:
    """The unit of a choice that was checked."""
    return Unit.objects.get(code=code)
