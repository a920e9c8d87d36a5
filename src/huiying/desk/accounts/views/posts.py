"""Who answers for each unit."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from huiying.desk.accounts.access import requires
from huiying.desk.accounts.queries.posts import posts_of_units
from huiying.desk.accounts.rights import Right


@requires(Right.SEE_PEOPLE)
@require_safe
def posts(request: HttpRequest) -> HttpResponse:
    """Each unit's first responsible person, spokesperson and administrator; gaps in red."""
    rows = posts_of_units(timezone.now())
    context = {"rows": rows, "gaps": sum(row.gaps for row in rows)}
    return render(request, "accounts/posts.html", context)
