"""The institution's own Word forms: which fields they may name, whether they can be filled, filling them.

A form is somebody's upload: it is filled in a sandbox, may name only fields that are listed here, and may not be a bomb.
"""

import io
import re
import zipfile
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from docx.opc.exceptions import PackageNotFoundError
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from huiying.desk.reports.kinds import form_of
from huiying.desk.reports.layout.ooxml import clean
from huiying.desk.reports.layout.sheet import Sheet
from huiying.desk.reports.models import Paper

#: The largest form, packed and unpacked, in bytes.
MOST, MOST_UNPACKED = 5_000_000, 20_000_000
#: Field -> what stands in it; sections of the kind come by their own keys.
FIELDS: dict[str, str | Promise] = {
    "number": gettext_lazy("编号"),
    "title": gettext_lazy("标题"),
    "to": gettext_lazy("主送"),
    "copy_to": gettext_lazy("抄送"),
    "institution": gettext_lazy("单位全称"),
    "date": gettext_lazy("成文日期"),
    "signer": gettext_lazy("签发人"),
    "urgency": gettext_lazy("紧急程度"),
    "contact": gettext_lazy("联系人和电话"),
    "due": gettext_lazy("回复时限"),
    "paragraphs": gettext_lazy("全文各段，要写成循环"),
}
UNDEFINED = re.compile(r"'([^']+)' is undefined")


def known(kind: str) -> dict[str, str | Promise]:
    """Every field that a form of this kind may name, with its words."""
    sections = {section.key: section.heading or _("正文") for section in form_of(kind).sections}
    return {**FIELDS, **sections}


def fields(paper: Paper, sheet: Sheet) -> dict[str, Any]:
    """The values of the fields."""
    sections = {key: clean(str(paper.body.get(key, ""))) for key in form_of(paper.kind).keys}
    due = next((cell.text for cell in sheet.cells if cell.label == "回复时限"), "")
    plain = {
        "number": sheet.number,
        "title": sheet.title.replace("\n", ""),
        "to": sheet.to or paper.to,
        "copy_to": sheet.copy_to,
        "institution": sheet.sign,
        "date": sheet.date,
        "signer": sheet.signer,
        "urgency": sheet.urgency,
        "contact": sheet.contact,
        "due": due,
    }
    lines = [clean(block.text) for block in sheet.blocks] or [
        f"{c.label}：{clean(c.text)}" for c in sheet.cells
    ]
    return {**sections, **{key: clean(value) for key, value in plain.items()}, "paragraphs": lines}


#: What a form may consist of: text, fields, a condition, one loop. No arithmetic, calls or definitions: they could fill
#: the machine's memory.
PLAIN = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.For,
    nodes.If,
    nodes.Const,
    nodes.Compare,
    nodes.Operand,
    nodes.Not,
    nodes.And,
    nodes.Or,
)


class _Plain(ImmutableSandboxedEnvironment):
    """Reads forms that are as plain as `PLAIN` says, wherever in the file a mark stands."""

    def __init__(self) -> None:
        super().__init__(undefined=StrictUndefined, autoescape=True)
        self.globals.clear()
        self.filters.clear()

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        _check_plain(tree, name, filename)
        return tree


def _check_plain(tree: nodes.Node, name: str | None, filename: str | None, loops: int = 0) -> None:
    """Raises TemplateSyntaxError at the first mark that is more than a field, a condition or one loop."""
    inside = loops + isinstance(tree, nodes.For)
    if not isinstance(tree, PLAIN) or inside > 1:
        said = _("只能用字段、条件和一层循环")
        raise TemplateSyntaxError(said, getattr(tree, "lineno", 1), name, filename)
    for child in tree.iter_child_nodes():
        _check_plain(child, name, filename, inside)


def check(content: bytes, kind: str) -> None:
    """Raises ValidationError for a form that cannot be filled: no Word file, too big, unknown fields, broken marks."""
    _sound(content)
    try:
        form = DocxTemplate(io.BytesIO(content))
        asked = form.get_undeclared_template_variables(_Plain())
    except TemplateError as wrong:
        raise ValidationError(_("模板里的标记写错了：%(why)s。") % {"why": str(wrong)[:200]}) from wrong
    except (PackageNotFoundError, KeyError, ValueError, zipfile.BadZipFile, SyntaxError) as wrong:
        raise ValidationError(_("这不是能打开的 Word 文件（.docx）。")) from wrong
    _all_known(asked, kind)
    if not asked:
        raise ValidationError(_("模板里没有一个字段，填不进内容。字段写成 {{ title }} 这样。"))
    filled(content, dict.fromkeys(known(kind), "示例") | {"paragraphs": ["示例"]})


def _all_known(asked: Iterable[str], kind: str) -> None:
    names = known(kind)
    wrong = sorted(set(asked) - names.keys())
    if wrong:
        raise ValidationError(
            _("模板里有不认识的字段：%(wrong)s。可用的字段：%(known)s。")
            % {
                "wrong": "、".join(wrong),
                "known": "、".join(f"{key}（{words}）" for key, words in names.items()),
            }
        )


def _sound(content: bytes) -> None:
    if len(content) > MOST:
        raise ValidationError(_("模板最大 %(most)s MB。") % {"most": MOST // 1_000_000})
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            size = sum(one.file_size for one in package.infolist())
            names = set(package.namelist())
    except zipfile.BadZipFile as wrong:
        raise ValidationError(_("这不是能打开的 Word 文件（.docx）。")) from wrong
    if "word/document.xml" not in names:
        raise ValidationError(_("这不是能打开的 Word 文件（.docx）。"))
    if size > MOST_UNPACKED:
        raise ValidationError(_("模板解开后太大。"))
    if any("vbaProject" in name for name in names):
        raise ValidationError(_("模板里有宏，不能用。另存为不带宏的 .docx。"))


def filled(content: bytes, values: dict[str, Any]) -> bytes:
    """The form with its fields filled. Raises ValidationError, saying which mark failed."""
    try:
        form = DocxTemplate(io.BytesIO(content))
        form.render(values, _Plain(), autoescape=True)
        out = io.BytesIO()
        form.save(out)
    except TemplateError as wrong:
        named = UNDEFINED.search(str(wrong))
        why = named.group(1) if named else str(wrong)[:200]
        raise ValidationError(_("模板填不进去：%(why)s。") % {"why": why}) from wrong
    except (ValueError, TypeError, AttributeError, KeyError, SyntaxError, OverflowError) as wrong:
        raise ValidationError(_("模板填不进去：%(why)s。") % {"why": str(wrong)[:200]}) from wrong
    return out.getvalue()
