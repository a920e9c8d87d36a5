"""People and the roles they hold."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huiying.desk.accounts.actions.people import Post
from huiying.desk.accounts.models import Role, Unit


class PersonForm(forms.Form):
    """Somebody's name and sign-in name."""

    name = forms.CharField(label=_("姓名"), max_length=60)
    title = forms.CharField(label=_("职务"), max_length=60, required=False)
    username = forms.CharField(
        label=_("登录名"),
        max_length=150,
        required=False,
        help_text=_("不填就用姓名的拼音。"),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )


class PostForm(forms.Form):
    """A role, in the whole institution or in one unit."""

    role = forms.ChoiceField(label=_("角色"), choices=Role.choices)
    unit = forms.ModelChoiceField(
        label=_("在哪里"), queryset=Unit.objects.filter(active=True), required=False, empty_label=_("全单位")
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("role") == Role.HANDLER and data.get("unit") is None:
            self.add_error("unit", _("承办人要写明在哪个部门承办。"))
        return data

    def post(self) -> Post:
        """The role and its unit."""
        return self.cleaned_data["role"], self.cleaned_data["unit"]


class PersonRowForm(forms.Form):
    """One row of the quick table: a person, the roles, the unit in which a handler works. Without a name it is left out."""

    pk = forms.IntegerField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(
        label=_("姓名"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": _("姓名"), "autocomplete": "off"}),
    )
    title = forms.CharField(
        label=_("职务"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": _("职务"), "autocomplete": "off"}),
    )
    roles = forms.MultipleChoiceField(
        label=_("角色"), choices=Role.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    unit = forms.ModelChoiceField(
        label=_("承办部门"), queryset=Unit.objects.filter(active=True), required=False, empty_label="—"
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        roles = data.get("roles", [])
        if data.get("name") and not roles:
            self.add_error("roles", _("请至少选一个角色。"))
        if data.get("name") and Role.HANDLER in roles and data.get("unit") is None:
            self.add_error("unit", _("承办人要写明在哪个部门承办。"))
        return data

    def posts(self) -> set[Post]:
        """The roles of the row; only a handler's is held in a unit."""
        unit = self.cleaned_data["unit"]
        return {(role, unit if role == Role.HANDLER else None) for role in self.cleaned_data["roles"]}


PeopleRows = forms.formset_factory(PersonRowForm, extra=0, min_num=1, max_num=60)
