"""The case library, reviews and archives."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huiying.desk.accounts.access import can, requires, signed_in
from huiying.desk.accounts.forms.words import carried_out
from huiying.desk.accounts.rights import Right
from huiying.desk.cases.access import get_case
from huiying.desk.library import actions, queries
from huiying.desk.library.forms import ReviewForm
from huiying.desk.library.models import Archive, Review
from huiying.desk.shell.pages import paged, show, words_of


@requires(Right.SEE_LIBRARY)
def index(request: HttpRequest) -> HttpResponse:
    """Closed cases with what was learnt from them."""
    words, level = words_of(request), request.GET.get("level", "")
    rows = queries.filed(signed_in(request), words, int(level) if level.isdecimal() else None)
    return render(
        request, "library/index.html", {"page": paged(request, rows, 30), "q": words, "level": level}
    )


@requires(Right.EDIT_LIBRARY)
def review(request: HttpRequest, number: str) -> HttpResponse:
    """Write, or write again, the review of a closed case."""
    by, now = signed_in(request), timezone.now()
    case = get_case(by, number)
    filed = Review.objects.filter(case=case).first()
    fields = tuple(ReviewForm.base_fields)
    form = ReviewForm(
        request.POST or None, initial={name: getattr(filed, name) for name in fields} if filed else None
    )
    if form.is_valid() and carried_out(
        form, lambda: actions.review(by=by, now=now, case=case, **form.cleaned_data)
    ):
        messages.success(request, _("复盘已存入案例库。"))
        return redirect("cases:case", case.number)
    context = {"form": form, "case": case, "filed": filed, "earlier": queries.earlier_like(case, by)}
    return show(request, "library/review.html", context, form)


@requires(Right.ARCHIVE)
@require_POST
def archive(request: HttpRequest, number: str) -> HttpResponse:
    """Make the package of a closed case."""
    by = signed_in(request)
    case = get_case(by, number)
    try:
        actions.archive(by=by, now=timezone.now(), case=case)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("已归档。归档包可以下载，用任何 BagIt 工具都能核对。"))
    return redirect("cases:case", case.number)


@requires(Right.SEE_LIBRARY)
def package(request: HttpRequest, number: str, pk: int) -> HttpResponseBase:
    """The package itself, as it lies on disk. It holds texts unmasked, so who may archive or audit gets it."""
    by = signed_in(request)
    case = get_case(by, number)
    found = Archive.objects.filter(case=case, pk=pk).first()
    if found is None or not (can(by, Right.ARCHIVE) or can(by, Right.SEE_AUDIT)):
        raise Http404
    place = actions.place_of(found)
    if not place.exists():
        raise Http404(_("归档文件不在原处。请从备份恢复，再核对它的哈希。"))
    return FileResponse(place.open("rb"), as_attachment=True, filename=f"{case.number}.zip")
