"""Forms of papers."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from huiying.desk.cases.forms.base import At
from huiying.desk.plans import queries as plans
from huiying.desk.reports.kinds import PHONE_MOST, SECTION_MOST, Form, form_of, ways_out
from huiying.desk.reports.models import Kind, Paper, Urgency
from huiying.engine.plan.model import Plan

#: Fields of every paper that a form may carry.
PLAIN: tuple[str, ...] = ("title", "to", "copy_to", "urgency", "contact", "recipient")


class PaperForm(forms.Form):
    """A paper's fields and its sections, by its kind."""

    title = forms.CharField(label=_("标题"), max_length=200)
    recipient = forms.ChoiceField(label=_("报给"), required=False)
    to = forms.CharField(label=_("主送"), max_length=200, required=False)
    copy_to = forms.CharField(label=_("抄送"), max_length=200, required=False)
    urgency = forms.ChoiceField(label=_("紧急程度"), choices=Urgency.choices, required=False)
    due_at = At(label=_("回复时限"), required=False)
    contact = forms.CharField(
        label=_("联系人和电话"), max_length=120, required=False, help_text=_("本单位的，照原样印出。")
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, paper: Paper, plan: Plan | None = None, **kwargs: Any) -> None:
        self.paper, self.form = paper, form_of(paper.kind)
        super().__init__(*args, **kwargs)
        for section in self.form.sections:
            self.fields[f"s_{section.key}"] = _section(
                section.heading, section.help, section.rows, fixed=section.fixed, must=section.must
            )
            self.initial.setdefault(f"s_{section.key}", paper.body.get(section.key, ""))
        if "phone" in self.form.keys:
            self.fields["s_phone"].widget.attrs["maxlength"] = PHONE_MOST
        for name in ("title", "to", "copy_to", "urgency", "contact", "recipient", "due_at", "revision"):
            self.initial.setdefault(name, getattr(paper, name))
        self._shape(plan)

    def _shape(self, plan: Plan | None) -> None:
        if not self.form.case:
            del self.fields["to"]
        if not self.form.due:
            del self.fields["due_at"]
        if self.paper.kind == Kind.SUPERVISION and self.paper.case is not None:
            names = [unit.name for unit in self.paper.case.units.order_by("name")]
            own = [] if not self.paper.to or self.paper.to in names else [self.paper.to]
            self.fields["to"] = forms.ChoiceField(
                label=_("督办哪个部门"), choices=[(name, name) for name in [*own, *names]]
            )
        if not self.form.upward or plan is None:
            del self.fields["recipient"]
            return
        choices = [(one.id, str(one.name.zh)) for one in plan.recipients]
        field = self.fields["recipient"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("预案里没有的对象")), *choices]

    @property
    def about(self) -> list[forms.BoundField]:
        """The fields above the text."""
        return [self[name] for name in self.fields if not name.startswith("s_") and name != "revision"]

    @property
    def sections(self) -> list[forms.BoundField]:
        """The sections, in the order in which they are printed."""
        return [self[f"s_{section.key}"] for section in self.form.sections]

    def values(self) -> tuple[dict[str, str], dict[str, str]]:
        """Plain fields and sections, as the action takes them."""
        data = self.cleaned_data
        plain = {str(name): str(data[name]) for name in PLAIN if name in data}
        body = {key: str(data[f"s_{key}"]) for key in self.form.keys}
        return plain, body

    def refuse(self, refused: ValidationError) -> None:
        """Put what an action refused at its field, sections included."""
        by_field = refused.message_dict if hasattr(refused, "error_dict") else {"": refused.messages}
        for name, messages in by_field.items():
            field = next((one for one in (name, f"s_{name}") if one in self.fields), None)
            self.add_error(field, list(messages))


def _section(heading: Any, help: Any, rows: int, *, fixed: bool, must: bool) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows, **({"readonly": True} if fixed else {})})
    note = _("这一段取自已审定的内容，不在这里改。") if fixed else help
    return forms.CharField(
        label=heading or _("正文"),
        widget=area,
        required=must and not fixed,
        max_length=SECTION_MOST,
        help_text=note,
        strip=False,
    )


class IssueForm(forms.Form):
    """How a paper goes out."""

    means = forms.ChoiceField(label=_("送出方式"))

    def __init__(self, *args: Any, form: Form, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["means"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(ways_out(form).items())


class TemplateForm(forms.Form):
    """The institution's own Word form of a kind."""

    kind = forms.ChoiceField(label=_("文件种类"), choices=Kind.choices)
    file = forms.FileField(label=_("Word 模板（.docx）"), widget=forms.FileInput(attrs={"accept": ".docx"}))


def plan_for(paper: Paper) -> Plan | None:
    """The plan whose recipients a report may name."""
    if paper.case is None:
        return None
    version = paper.case.plan or plans.active()
    return plans.engine_plan(version) if version else None
