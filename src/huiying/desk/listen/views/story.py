"""One story: what it is, how it goes, why this level, and what people put right."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huiying.desk.accounts.access import requires, signed_in
from huiying.desk.accounts.forms.words import carried_out
from huiying.desk.accounts.models import Unit
from huiying.desk.accounts.rights import Right
from huiying.desk.collect.models import Mention
from huiying.desk.listen import actions, heat
from huiying.desk.listen.config import active_plan
from huiying.desk.listen.forms import NoteForm
from huiying.desk.listen.marks import marks
from huiying.desk.listen.mergers import end_of
from huiying.desk.listen.models import Hearing, Match, Story
from huiying.desk.listen.queries import climbs_of
from huiying.desk.listen.search.spans import joined
from huiying.desk.shell.pages import paged, show
from huiying.desk.shell.zone import here

HOUR = timedelta(hours=1)


def _story(pk: int) -> Story:
    rows = Story.objects.select_related("unit", "merged_into", "assessed_by")
    return get_object_or_404(rows, pk=pk)


@requires(Right.SEE_LISTEN)
def story(request: HttpRequest, pk: int) -> HttpResponse:
    """A story's page; a merged one leads to the story that it is part of."""
    it = _story(pk)
    heir = end_of(it)
    if heir.pk != it.pk:
        messages.info(request, _("“%(title)s”已并入这个话题。") % {"title": it.title})
        return redirect("listen:story", heir.pk)
    return page(request, it, NoteForm())


def page(request: HttpRequest, it: Story, note: NoteForm) -> HttpResponse:
    """The page with a form for the decision on its proposal."""
    plan = active_plan()
    hearings = it.hearings.filter(copy_of__isnull=True).select_related("mention", "mention__source")
    listed = paged(request, hearings.order_by("-mention__posted_at", "-pk"), 30)
    context = {
        "story": it,
        "plan": plan,
        "note": note,
        "page": listed,
        "mentions": _folded(list(listed)),
        "chart": chart(it, timezone.now()),
        "marks": marks(it),
        "climbing": climbs_of(it, timezone.now()),
        "tones": _tones(it),
        "tiers": sorted(it.tiers.items(), key=lambda item: -item[1]),
        "sites": sorted(it.sites.items(), key=lambda item: -item[1]),
        "topic": next((s.name for s in (plan.subjects if plan else ()) if s.id == it.topic), None),
        "subjects": plan.subjects if plan else (),
        "units": Unit.objects.filter(active=True),
        "watches": it.watches.all(),
        "neighbours": _neighbours(it),
        "cases": list(it.cases.values_list("number", flat=True)),
        "next_level": _graver(it, plan),
    }
    return show(request, "listen/story.html", context, note)


def _graver(it: Story, plan: Any) -> int | None:
    """The level that `level_lacks` speaks of."""
    numbers = [level.number for level in (plan.levels if plan else ()) if level.groups]
    graver = [number for number in numbers if it.level is None or number < it.level]
    return max(graver, default=None)


def _neighbours(it: Story) -> list[Story]:
    """Stories into which it, or one of its mentions, may belong: those that share a watch or a unit, warmest first."""
    others = Story.objects.exclude(pk=it.pk).filter(status__in=[Story.Status.OPEN, Story.Status.CASED])
    near = others.filter(watches__in=it.watches.all()).distinct().order_by("-warmth")[:20]
    return list(near) or list(others.order_by("-warmth")[:20])


def _folded(hearings: list[Hearing]) -> list[dict[str, Any]]:
    """Mentions with the words that were found in them, and how many repeat them."""
    ids = [row.mention_id for row in hearings]
    spans: dict[int, list[Any]] = {}
    for mention, found in Match.objects.filter(mention__in=ids).values_list("mention", "spans"):
        spans.setdefault(mention, []).extend(tuple(span) for span in found)
    copies = dict(
        Hearing.objects.filter(copy_of__in=ids)
        .values("copy_of")
        .annotate(n=Count("pk"))
        .values_list("copy_of", "n")
    )
    return [
        {
            "hearing": row,
            "mention": row.mention,
            "spans": joined(spans.get(row.mention_id, [])),
            "copies": copies.get(row.mention_id, 0),
        }
        for row in hearings
    ]


def _tones(it: Story) -> list[tuple[str, int]]:
    counted = it.hearings.exclude(tone="").values("tone").annotate(n=Count("pk")).values_list("tone", "n")
    return sorted(counted, key=lambda pair: -pair[1])


def chart(it: Story, now: datetime) -> dict[str, Any]:
    """The curve of a story, by the hour, by the day once it is long; with what we did marked on it."""
    end = min(now, it.last_at + timedelta(hours=24))
    points = heat.hours(it.points, end, 24 * 60)
    step = 1 if len(points) <= 96 else 24
    language, zone = get_language() or "zh-hans", here()
    shape = "%m-%d %H:00" if step == 1 else "%m-%d"
    labels = [f"{at.astimezone(zone):{shape}}" for at, _count, _heat in points]
    counts: Counter[str] = Counter()
    for label, (_at, count, _heat) in zip(labels, points, strict=True):
        counts[label] += count
    x = list(dict.fromkeys(labels))
    told = [(f"{mark.at.astimezone(zone):{shape}}", mark.label.say(language)) for mark in marks(it)]
    series = [{"name": _("帖文"), "values": [counts[label] for label in x]}]
    return {
        "kind": "line",
        "title": _("每小时帖文数") if step == 1 else _("每天帖文数"),
        "x": x,
        "series": series,
        "marks": [{"x": at, "label": label} for at, label in told if at in counts],
    }


@requires(Right.SEE_LISTEN)
def copies(request: HttpRequest, pk: int, mention: int) -> HttpResponse:
    """The mentions of a story that repeat one of its mentions."""
    it, first = _story(pk), get_object_or_404(Mention, pk=mention)
    rows = it.hearings.filter(copy_of=first).select_related("mention", "mention__source").order_by("pk")
    context = {"story": it, "first": first, "mentions": _folded(list(rows[:200]))}
    template = "listen/parts/copies.html" if request.headers.get("HX-Request") else "listen/copies.html"
    return render(request, template, context)


def _corrected(request: HttpRequest, it: Story, act: Any, said: str) -> HttpResponse:
    try:
        act()
    except ValidationError as refused:
        for sentence in refused.messages:
            messages.error(request, sentence)
    else:
        messages.success(request, said)
    return redirect("listen:story", it.pk)


def _who(request: HttpRequest) -> dict[str, Any]:
    return {"by": signed_in(request), "now": timezone.now()}


@requires(Right.CORRECT_STORIES)
@require_POST
def not_ours(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that the story is not ours, or take it back."""
    it, who = _story(pk), _who(request)
    if request.POST.get("undo"):
        return _corrected(request, it, lambda: actions.ours_again(story=it, **who), _("已恢复关注。"))
    said = _("已标为与我无关。以后相似的帖文会安静地归到这里。")
    return _corrected(request, it, lambda: actions.not_ours(story=it, **who), said)


@requires(Right.CORRECT_STORIES)
@require_POST
def route(request: HttpRequest, pk: int) -> HttpResponse:
    """Name the unit, and the subject, of a story."""
    it, who = _story(pk), _who(request)
    unit = Unit.objects.filter(code=request.POST.get("unit", "")).first()

    def put_right() -> None:
        if (unit.pk if unit else None) != it.unit_id:
            actions.route(story=it, unit=unit, **who)
        if request.POST.get("topic", it.topic) != it.topic:
            actions.tell_topic(story=it, topic=request.POST["topic"], **who)

    return _corrected(request, it, put_right, _("已记下，以后相似的话题会照此建议。"))


def _chosen_mentions(request: HttpRequest, it: Story) -> list[Mention]:
    """The mentions that were ticked, each with what repeats it in the story."""
    ids = {int(value) for value in request.POST.getlist("mention") if value.isdecimal() and len(value) < 19}
    ids |= set(it.hearings.filter(copy_of__in=ids).values_list("mention_id", flat=True))
    return list(Mention.objects.filter(pk__in=ids))


@requires(Right.CORRECT_STORIES)
@require_POST
def split(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the chosen mentions a story of their own, or put them into another story."""
    it, who = _story(pk), _who(request)
    chosen = _chosen_mentions(request, it)
    target = request.POST.get("to", "")
    if request.POST.get("how") == "move" and target.isdecimal() and len(target) < 19:
        to = get_object_or_404(Story, pk=int(target))

        def put() -> None:
            if not chosen:
                raise ValidationError(_("请先选出要移动的帖文。"))
            for mention in chosen:
                actions.move(mention=mention, to=to, **who)

        return _corrected(request, it, put, _("已移到“%(title)s”。") % {"title": to.title})
    said = _("正在拆分：几秒内，拆出的帖文会成为新的话题。")
    return _corrected(request, it, lambda: actions.split(story=it, mentions=chosen, **who), said)


@requires(Right.PROPOSE_LEVEL)
@require_POST
def watch_on(request: HttpRequest, pk: int) -> HttpResponse:
    """Assess a proposal without opening a case."""
    it, form = _story(pk), NoteForm(request.POST)

    def decide() -> None:
        actions.watch_on(story=it, note=form.cleaned_data["note"], **_who(request))

    if form.is_valid() and carried_out(form, decide):
        messages.success(request, _("已记下研判：继续关注。升到更重的等级会再提请。"))
        return redirect("listen:story", it.pk)
    return page(request, it, form)
