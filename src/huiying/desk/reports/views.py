"""The list of papers, a paper as it will print, and what is done with it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.encoding import escape_uri_path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from huiying.desk.accounts.access import can, requires, signed_in
from huiying.desk.accounts.forms.words import carried_out
from huiying.desk.accounts.queries import institution
from huiying.desk.accounts.rights import Right
from huiying.desk.cases.access import get_case
from huiying.desk.cases.forms.reporting import InstructionFields, leader_of
from huiying.desk.cases.projection import entries_of
from huiying.desk.reports import actions, queries
from huiying.desk.reports.briefed import may_issue, reported
from huiying.desk.reports.forms import IssueForm, PaperForm, TemplateForm, plan_for
from huiying.desk.reports.kinds import FORMS, PHONE_MOST, form_of
from huiying.desk.reports.layout import files, fonts, own, pdf
from huiying.desk.reports.layout.make import sheet
from huiying.desk.reports.layout.sheet import Sheet, sheet_of
from huiying.desk.reports.models import Kind, Paper, Template
from huiying.desk.reports.printing import printed
from huiying.desk.shell.pages import paged, show, words_of

TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@requires(Right.SEE_REPORTS)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every paper, with filters in the address."""
    get = request.GET.get
    asked = queries.PaperFilter(
        kind=get("kind", ""),
        state=get("state", ""),
        words=words_of(request),
        case=words_of(request, "case", 20),
    )
    person = signed_in(request)
    context = {
        "page": paged(request, queries.papers(person, asked), 30),
        "asked": asked,
        "kinds": Kind.choices,
        "periodicals": [form for form in FORMS.values() if not form.case],
        "to_sign": queries.waiting_for(person, timezone.now()),
    }
    return render(request, "reports/index.html", context)


def _case_of(request: HttpRequest, number: str) -> Any:
    return get_case(signed_in(request), number)


@requires(Right.WRITE_REPORTS)
@require_POST
def start(request: HttpRequest, kind: str) -> HttpResponse:
    """Begin a paper, on a case when one is named."""
    if kind not in FORMS:
        raise Http404
    number = request.POST.get("case", "")
    case = _case_of(request, number) if number else None
    try:
        paper = actions.start(
            by=signed_in(request),
            now=timezone.now(),
            kind=kind,
            case=case,
            source=request.POST.get("source", "")[:40],
        )
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect("reports:index")
    return redirect("reports:write", paper.pk)


@requires(Right.SEE_REPORTS)
@require_safe
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """A paper as it will print, page by page; who has read it; the instructions that it drew."""
    return _page(request, queries.get_paper(signed_in(request), pk))


def _page(request: HttpRequest, it: Paper, **forms: Any) -> HttpResponse:
    person = signed_in(request)
    form = form_of(it.kind)
    pages, trouble = _printed(it)
    chosen = fonts.here()
    context = {
        "it": it,
        "form": form,
        "case": it.case,
        "pages": range(1, len(pages) + 1),
        "trouble": trouble,
        "replaced": chosen.replaced,
        "files": it.files.defer("content"),
        "readings": it.readings.select_related("person"),
        "has_read": it.readings.filter(person=person).exists(),
        "instructions": queries.instructions_on(it, entries_of(it.case))
        if it.case and it.instructions
        else [],
        "writes": it.open and can(person, Right.WRITE_REPORTS),
        "signs": it.open
        and it.signed_by is None
        and can(person, Right.SIGN_REPORTS)
        and it.made_by != person,
        "reads": not it.open and can(person, Right.ACKNOWLEDGE),
        "instructs": form.instruct
        and not it.open
        and it.case
        and it.case.open
        and can(person, Right.RECORD_INSTRUCTION),
        "phones": it.open and "phone" in form.keys and it.phoned_at is None and can(person, Right.REPORT_UP),
        "phone_text": it.body.get("phone", ""),
        "phone_most": PHONE_MOST,
        "issues": may_issue(person, it),
        "issue_form": IssueForm(form=form),
        "instruction_form": InstructionFields(initial={"leader": leader_of(person)}),
        "reported": reported(it, person) if form.instruct else None,
        **forms,
    }
    return show(request, "reports/paper.html", context, *forms.values())


def _sheet(it: Paper) -> Sheet:
    """As it was issued, or as it stands now."""
    return sheet_of(it.sheet) if it.sheet else sheet(it, institution(), timezone.now())


def _printed(it: Paper) -> tuple[list[bytes], str]:
    try:
        return printed(_sheet(it)), ""
    except ValidationError as refused:
        return [], " ".join(refused.messages)


@requires(Right.SEE_REPORTS)
@require_safe
def page(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One page as a picture."""
    pages, _trouble = _printed(queries.get_paper(signed_in(request), pk))
    if not 1 <= number <= len(pages):
        raise Http404
    response = HttpResponse(pages[number - 1], content_type="image/png")
    response["Cache-Control"] = "private, no-cache"
    return response


@requires(Right.SEE_REPORTS)
@require_safe
def file(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The file of an issued paper, byte for byte; of a draft, as it would be now, marked as one."""
    it = queries.get_paper(signed_in(request), pk)
    if form not in TYPES:
        raise Http404
    kept = it.files.filter(form=form).first()
    if kept is None and not it.open:
        raise Http404
    try:
        content = bytes(kept.content) if kept else _now(it, form)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect(it)
    name = f"{it.number or it.get_kind_display()} {it.title}.{form}"
    response = HttpResponse(content, content_type=TYPES[form])
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{escape_uri_path(name)}"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _now(it: Paper, form: str) -> bytes:
    return pdf.pdf(_sheet(it)) if form == "pdf" else files.docx(it, _sheet(it))


@requires(Right.WRITE_REPORTS)
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the sections."""
    by = signed_in(request)
    it = queries.get_paper(by, pk)
    if not it.open:
        messages.error(request, _("已经发出的文件不能再改。要改，另拟一份。"))
        return redirect(it)
    form = PaperForm(request.POST or None, paper=it, plan=plan_for(it))
    if form.is_valid() and _saved(form, request, it):
        messages.success(request, _("已保存。"))
        return redirect(it)
    knowledge = {"it": it, "case": it.case, "form": form, "kind": form_of(it.kind), "phone_most": PHONE_MOST}
    return show(request, "reports/write.html", knowledge, form)


def _saved(form: PaperForm, request: HttpRequest, it: Paper) -> bool:
    plain, body = form.values()
    data = form.cleaned_data
    try:
        actions.save(
            by=signed_in(request),
            now=timezone.now(),
            paper=it,
            fields=plain,
            body=body,
            due_at=data.get("due_at"),
            revision=data.get("revision"),
        )
    except ValidationError as refused:
        form.refuse(refused)
        return False
    return True


def _do(request: HttpRequest, pk: int, act: Callable[[Paper], object], done: str) -> HttpResponse:
    """Do something with a paper and say so, or say what refused it; then its page."""
    it = queries.get_paper(signed_in(request), pk)
    try:
        act(it)
    except ValidationError as refused:
        for message in refused.messages:
            messages.error(request, message)
    else:
        messages.success(request, done)
    return redirect(it)


@requires(Right.WRITE_REPORTS)
@require_POST
def redraft(request: HttpRequest, pk: int) -> HttpResponse:
    """Words and figures anew from the record."""
    by, now = signed_in(request), timezone.now()
    return _do(
        request, pk, lambda it: actions.redraft(by=by, now=now, paper=it), _("已按现在的记录重新取材。")
    )


@requires(Right.WRITE_REPORTS)
@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw a draft away."""
    by = signed_in(request)
    it = queries.get_paper(by, pk)
    case = it.case
    try:
        actions.discard(by=by, now=timezone.now(), paper=it)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect(it)
    messages.success(request, _("草稿已丢弃。"))
    return redirect("cases:case", case.number) if case else redirect("reports:index")


@requires(Right.SIGN_REPORTS)
@require_POST
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """A leader signs."""
    by, now = signed_in(request), timezone.now()
    return _do(request, pk, lambda it: actions.sign(by=by, now=now, paper=it), _("已签发，可以送出。"))


@requires(Right.REPORT_UP)
@require_POST
def phone(request: HttpRequest, pk: int) -> HttpResponse:
    """The phone text was told."""
    by, now = signed_in(request), timezone.now()
    return _do(request, pk, lambda it: actions.phone(by=by, now=now, paper=it), _("电话报告已记入办理记录。"))


@requires(Right.WRITE_REPORTS)
@require_POST
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Number it, make its files, write the journal."""
    by, now = signed_in(request), timezone.now()
    means = request.POST.get("means", "")[:20]
    return _do(
        request,
        pk,
        lambda it: actions.issue(by=by, now=now, paper=it, means=means),
        _("已编号发出，记入办理记录。"),
    )


@requires(Right.ACKNOWLEDGE)
@require_POST
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """One has read it."""
    by, now = signed_in(request), timezone.now()
    return _do(request, pk, lambda it: actions.read(by=by, now=now, paper=it), _("已记下你看过。"))


@requires(Right.RECORD_INSTRUCTION)
@require_POST
def instruct(request: HttpRequest, pk: int) -> HttpResponse:
    """The leader's words on it."""
    by = signed_in(request)
    it = queries.get_paper(by, pk)
    form = InstructionFields(request.POST)

    def keep() -> object:
        return actions.instruct(by=by, now=timezone.now(), paper=it, **form.cleaned_data)

    if form.is_valid() and carried_out(form, keep):
        messages.success(request, _("批示已登记，到时限前会提醒。"))
        return redirect(it)
    return _page(request, it, instruction_form=form)


@requires(Right.EDIT_TEMPLATES)
def templates(request: HttpRequest) -> HttpResponse:
    """The institution's own Word forms, and the fields that they may name."""
    by = signed_in(request)
    form = TemplateForm(request.POST or None, request.FILES or None)

    def keep() -> object:
        given = form.cleaned_data["file"]
        if given.size > own.MOST:
            raise ValidationError({"file": _("模板最大 %(most)s MB。") % {"most": own.MOST // 1_000_000}})
        return actions.put_template(
            by=by,
            now=timezone.now(),
            kind=form.cleaned_data["kind"],
            name=given.name or "",
            content=given.read(),
        )

    if form.is_valid() and carried_out(form, keep):
        messages.success(request, _("模板已启用，以后这种文件的 Word 版按它出。"))
        return redirect("reports:templates")
    context = {
        "form": form,
        "used": Template.objects.filter(dropped_at=None).defer("content").select_related("uploaded_by"),
        "fields": own.FIELDS.items(),
        "kinds": [(one.label, [(s.key, s.heading) for s in one.sections]) for one in FORMS.values()],
        "fonts": fonts.here(),
        "folder": fonts.folder(),
    }
    return show(request, "reports/templates.html", context, form)


@requires(Right.EDIT_TEMPLATES)
@require_POST
def drop_template(request: HttpRequest, pk: int) -> HttpResponse:
    """Back to the desk's own layout."""
    found = Template.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    actions.drop_template(by=signed_in(request), now=timezone.now(), template=found)
    messages.success(request, _("已停用，改回系统的版式。"))
    return redirect("reports:templates")
