"""The list of stories."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huiying.desk.accounts.access import requires, signed_in
from huiying.desk.accounts.rights import Right
from huiying.desk.listen import actions, heat, queries
from huiying.desk.listen.config import active_plan
from huiying.desk.listen.forms import StoryFilterForm
from huiying.desk.listen.models import Story
from huiying.desk.shell import sheets
from huiying.desk.shell.mask import mask
from huiying.desk.shell.pages import paged

EXPORTED = 5000


def _filter_form(request: HttpRequest) -> StoryFilterForm:
    plan, language = active_plan(), get_language() or "zh-hans"
    levels = [(str(level.number), level.name.say(language)) for level in (plan.levels if plan else ())]
    topics = [(topic.id, topic.name.say(language)) for topic in (plan.subjects if plan else ())]
    return StoryFilterForm(request.GET, levels=levels, topics=topics)


@requires(Right.SEE_LISTEN)
def stories(request: HttpRequest) -> HttpResponse:
    """Stories, hottest first; filters stand in the address bar."""
    now, form = timezone.now(), _filter_form(request)
    asked = form.asked(request.GET.get("sort", ""))
    rows = queries.stories(asked, now)
    if request.GET.get("export") in {"csv", "xlsx"}:
        return _exported(request.GET["export"], list(rows[:EXPORTED]))
    context = {
        "form": form,
        "asked": asked,
        "page": paged(request, rows, 40),
        "plan": active_plan(),
        "awaiting": queries.awaiting(now).count(),
        "listening": queries.listening_state(now),
        "watching": bool(queries.watches_with_counts(now)) if not rows[:1] else True,
    }
    return render(request, "listen/stories.html", context)


def _exported(kind: str, rows: list[Story]) -> HttpResponse:
    head = [_("话题"), _("状态"), _("建议等级"), _("热度"), _("帖文"), _("转载"), _("发声者"), _("平台"),
            _("负面占比"), _("部门"), _("首见"), _("最近")]  # fmt: skip
    write = sheets.as_csv if kind == "csv" else sheets.as_xlsx
    return write(_("话题"), head, _lines(rows))


def _lines(rows: list[Story]) -> Iterator[list[sheets.Cell]]:
    now = timezone.now()
    for story in rows:
        yield [
            mask(story.title), story.get_status_display(), story.level, round(heat.heat_now(story, now), 1),
            story.mentions_count, story.copies_count, story.voices_count, len(story.sites),
            round(story.negative_share, 2), story.unit.name if story.unit else "", story.first_at, story.last_at,
        ]  # fmt: skip


def chosen(request: HttpRequest) -> list[Story]:
    """The stories that a form or address names, hottest first; names that mean nothing are passed over."""
    given = request.POST.getlist("story") if request.method == "POST" else request.GET.getlist("story")
    ids = {int(value) for value in given if value.isdecimal() and len(value) < 19}
    return list(Story.objects.filter(pk__in=ids).exclude(status=Story.Status.MERGED))


@requires(Right.CORRECT_STORIES)
def merge(request: HttpRequest) -> HttpResponse:
    """Several stories into one: first a look at which one stays, then the merger."""
    stories = chosen(request)
    if request.method == "POST" and len(stories) > 1:
        kept = next((story for story in stories if str(story.pk) == request.POST.get("into")), None)
        if kept is not None:
            others = [story for story in stories if story != kept]
            if _done(request, lambda: _merge(request, kept, others)):
                messages.success(request, _("已并入。热度和走势会在几秒内重新算好。"))
                return redirect("listen:story", kept.pk)
    wrong = request.method == "POST" and (len(stories) < 2 or "into" in request.POST)
    context: dict[str, Any] = {"stories": stories, "plan": active_plan()}
    return render(request, "listen/merge.html", context, status=422 if wrong else 200)


def _merge(request: HttpRequest, kept: Story, others: list[Story]) -> None:
    actions.merge(by=signed_in(request), now=timezone.now(), into=kept, others=others)


def _done(request: HttpRequest, act: Any) -> bool:
    """Do `act`; what it refuses is said at the top of the next page."""
    try:
        act()
    except ValidationError as refused:
        for sentence in refused.messages:
            messages.error(request, sentence)
        return False
    return True


@requires(Right.CORRECT_STORIES)
@require_POST
def dismiss(request: HttpRequest) -> HttpResponse:
    """Several stories at once are not ours."""
    done = 0
    for story in chosen(request):
        done += _done(
            request, lambda it=story: actions.not_ours(by=signed_in(request), now=timezone.now(), story=it)
        )
    if done:
        said = ngettext("%(n)s 个话题标为与我无关。", "%(n)s 个话题标为与我无关。", done)
        messages.success(request, said % {"n": done})
    else:
        messages.warning(request, _("没有选中可以标的话题。"))
    return redirect("listen:stories")
