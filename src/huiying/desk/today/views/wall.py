"""The wall: one page for the big screen."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from huiying.desk.accounts.access import requires, signed_in
from huiying.desk.accounts.rights import Right
from huiying.desk.shell.ruler import Mark
from huiying.desk.today.queries.wall import wall as read


@requires(Right.SEE_TODAY)
def wall(request: HttpRequest) -> HttpResponse:
    """Levels, hottest stories, deadlines, sources; asks for itself again every half minute."""
    it = read(signed_in(request), timezone.now())
    marks = [Mark(at=row.due_at, words=row.what_zh, level=row.case.level) for row in it.owed]
    template = "today/parts/wall.html" if request.headers.get("HX-Request") else "today/wall.html"
    return render(request, template, {"wall": it, "marks": marks, "now": timezone.now()})
