"""Opening a case."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from huiying.desk.accounts.access import can, requires, signed_in
from huiying.desk.accounts.forms.words import carried_out
from huiying.desk.accounts.rights import Right
from huiying.desk.cases.access import visible
from huiying.desk.cases.forms import OpenForm
from huiying.desk.cases.models import Case
from huiying.desk.cases.stories import posts_of
from huiying.desk.collect.models import Mention
from huiying.desk.listen.models import Story
from huiying.desk.plans import queries as plans
from huiying.desk.shell.pages import show

Found = list[Case]


def _pk(data: QueryDict, name: str) -> list[int]:
    words = data.getlist(name)
    if not all(word.isdigit() and len(word) < 19 for word in words if word):
        raise Http404
    return [int(word) for word in words if word]


def _story(data: QueryDict) -> Story | None:
    numbers = _pk(data, "story")
    if not numbers:
        return None
    story = Story.objects.select_related("unit").filter(pk=numbers[0]).first()
    if story is None:
        raise Http404(_("没有这个话题。"))
    return story


def _mentions(data: QueryDict) -> list[Mention]:
    numbers = _pk(data, "mention")
    found = list(Mention.objects.filter(pk__in=numbers).order_by("captured_at", "pk"))
    if len(found) != len(set(numbers)):
        raise Http404(_("没有这条帖文。"))
    return found


@requires(Right.OPEN_CASE)
def open_case(request: HttpRequest) -> HttpResponse:
    """From a story (?story=), posts (?mention=), a transfer, or by hand."""
    person, now = signed_in(request), timezone.now()
    story, mentions, version = _story(request.GET), _mentions(request.GET), plans.active()
    form = OpenForm(
        request.POST or None,
        plan=plans.engine_plan(version) if version else None,
        may_drill=can(person, Right.DRILL) and story is None and not mentions,
        story=story,
        mentions=mentions,
    )
    opened: Found = []
    if form.is_valid() and carried_out(form, lambda: opened.append(form.act(by=person, now=now))):
        messages.success(request, _("已立件：%(number)s。时限开始计。") % {"number": opened[0].number})
        return redirect("cases:case", opened[0].number)
    posts = mentions or (posts_of(story)[:5] if story else [])
    already = visible(person).filter(mentions__in=[post.pk for post in posts]).distinct()
    context = {"form": form, "story": story, "posts": posts, "already": already, "version": version}
    return show(request, "cases/open.html", context, form)
