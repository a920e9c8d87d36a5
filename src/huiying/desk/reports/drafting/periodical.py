"""Daily, weekly and monthly briefs: what was heard and handled between two instants, in figures with their tables."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Q

from huiying.desk.accounts.models import Institution
from huiying.desk.accounts.queries import institution
from huiying.desk.cases.models import Case, Owed
from huiying.desk.collect.models import Mention, Source
from huiying.desk.listen.models import Story
from huiying.desk.reports.drafting.words import closed, day, listed, minute, paragraphs, zone_of
from huiying.desk.reports.layout.sheet import Figure
from huiying.desk.shell.mask import mask

#: How many stories a brief tells of.
HOT = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """What is known of a stretch of time."""

    since: datetime
    until: datetime
    zone: ZoneInfo
    body: Institution | None
    times: tuple[datetime, ...]  # of every mention
    sites: Sequence[tuple[str, int]]
    stories: Sequence[tuple[Story, int]]  # with their mentions in the stretch
    opened: Sequence[Case]
    closed: Sequence[Case]
    running: int
    late: Sequence[Owed]
    due: Sequence[Owed]  # in the stretch after this one, of the same length
    silent: Sequence[Source] = field(default=())  # sources that failed: that is not silence


def read(since: datetime, until: datetime) -> Period:
    """Everything between `since` (included) and `until` (not); drills left out."""
    body = institution()
    mentions = Mention.objects.filter(captured_at__gte=since, captured_at__lt=until)
    times = tuple(posted or captured for posted, captured in mentions.values_list("posted_at", "captured_at"))
    cases = Case.objects.filter(drill=False)
    rows = Owed.objects.filter(case__drill=False, case__merged_into=None).select_related("case")
    return Period(
        since=since,
        until=until,
        zone=zone_of(body),
        body=body,
        times=times,
        sites=_sites(mentions),
        stories=_stories(since, until),
        opened=list(cases.filter(opened_at__gte=since, opened_at__lt=until).order_by("opened_at")),
        closed=list(cases.filter(closed_at__gte=since, closed_at__lt=until).order_by("closed_at")),
        running=cases.filter(opened_at__lt=until, merged_into=None).exclude(closed_at__lt=until).count(),
        late=list(rows.filter(lapsed=True, due_at__gte=since, due_at__lt=until).order_by("due_at")),
        due=list(
            rows.filter(state="open", due_at__gte=until, due_at__lt=until + (until - since)).order_by(
                "due_at"
            )[:10]
        ),
        silent=list(
            Source.objects.filter(failing_since__isnull=False, paused=False).order_by("failing_since")
        ),
    )


def _sites(mentions: "Mention.objects.__class__") -> list[tuple[str, int]]:  # type: ignore[name-defined]
    rows = mentions.values_list("site").annotate(number=Count("pk")).order_by("-number", "site")
    return [(site or "未标明站点", number) for site, number in rows[:10]]


def _stories(since: datetime, until: datetime) -> list[tuple[Story, int]]:
    heard = Q(hearings__mention__captured_at__gte=since, hearings__mention__captured_at__lt=until)
    rows = Story.objects.exclude(status__in=(Story.Status.MERGED, Story.Status.DISMISSED))
    counted = rows.annotate(number=Count("hearings", filter=heard)).filter(number__gt=0)
    return [(story, story.number) for story in counted.order_by("-number", "-warmth")[:HOT]]


def sections(of: Period) -> dict[str, str]:
    """The words of the brief."""
    return {"overview": _overview(of), "hot": _hot(of), "cases": _cases(of), "outlook": _outlook(of)}


def figures(of: Period) -> list[Figure]:
    """When, where, about what: each drawn only when there is something to draw."""
    made = [
        Figure(title="帖文数量", unit="条", label="时间", rows=_by_time(of), shape="bar"),
        Figure(
            title="热点话题",
            unit="条",
            label="话题",
            rows=tuple((mask(story.title)[:40], float(number)) for story, number in of.stories),
            shape="across",
        ),
        Figure(
            title="站点分布",
            unit="条",
            label="站点",
            rows=tuple((name, float(number)) for name, number in of.sites),
            shape="across",
        ),
    ]
    return [figure for figure in made if len(figure.rows) > 1 and any(value for _name, value in figure.rows)]


def _by_time(of: Period) -> tuple[tuple[str, float], ...]:
    """By the hour within two days, else by the day; steps without a mention are shown as none."""
    by_hour = of.until - of.since <= timedelta(days=2)
    step = timedelta(hours=2 if by_hour else 24)
    counts: Counter[int] = Counter(int((at - of.since) // step) for at in of.times)
    total = max(1, -(-(of.until - of.since) // step))
    style = "%-H时" if by_hour else "%-m月%-d日"
    return tuple(
        ((of.since + step * index).astimezone(of.zone).strftime(style), float(counts[index]))
        for index in range(total)
    )


def _overview(of: Period) -> str:
    span = f"{minute(of.since, of.zone)}至{minute(of.until, of.zone)}"
    sites = f"，涉及站点{len(of.sites)}个" if of.sites else ""
    heard = f"{span}，共收集帖文{len(of.times)}条{sites}，形成话题{len(of.stories)}个。"
    handled = (
        f"新立件{len(of.opened)}件，办结{len(of.closed)}件，期末在办{of.running}件；逾期{len(of.late)}项。"
    )
    return paragraphs(heard + handled, _silence(of))


def _silence(of: Period) -> str:
    if not of.silent:
        return ""
    names = listed(
        f"“{source.name}”（{minute(source.failing_since, of.zone)}起）"
        for source in of.silent[:6]
        if source.failing_since
    )
    return f"另有{len(of.silent)}个信源未能读取：{names}。没有读到不等于没有声音。"


def _hot(of: Period) -> str:
    if not of.stories:
        return "本期没有形成话题。"
    return paragraphs(*(_story(number, *row) for number, row in enumerate(of.stories, 1)))


def _story(number: int, story: Story, count: int) -> str:
    unit = f"，涉及{story.unit}" if story.unit else ""
    negative = f"，负面{round(story.negative_share * 100)}%" if story.negative_share else ""
    state = f"，{story.get_status_display()}" if story.status == Story.Status.CASED else ""
    return closed(
        f"{number}．{mask(story.title)}：本期{count}条，累计{story.mentions_count}条{negative}{unit}{state}"
    )


def _cases(of: Period) -> str:
    said = [closed(f"新立件：{case.number} {case.title}") for case in of.opened[:20]]
    said += [closed(f"已办结：{case.number} {case.title}") for case in of.closed[:20]]
    said += [
        closed(f"逾期：{row.case.number} {row.what_zh}，应于{minute(row.due_at, of.zone)}前完成")
        for row in of.late[:20]
    ]
    return paragraphs(*said) or "本期没有新立件、办结和逾期。"


def _outlook(of: Period) -> str:
    rising = [mask(story.title) for story, _count in of.stories if story.forecast and story.forecast >= 0.5]
    grow = closed(f"可能继续升温：{listed(rising)}") if rising else ""
    due = [closed(f"{minute(row.due_at, of.zone)}前：{row.case.number} {row.what_zh}") for row in of.due]
    return paragraphs(grow, *due) or "下期没有到期事项。"


def title(label: str, since: datetime, until: datetime, zone: ZoneInfo) -> str:
    """The title of an issue: the day, or the days from and to."""
    last = until - timedelta(seconds=1)
    if until - since <= timedelta(days=1, hours=1):
        return (
            f"网上舆情{label}（{day(since, zone)}）"
            if since.astimezone(zone).date() == last.astimezone(zone).date()
            else f"网上舆情{label}（{day(last, zone)}）"
        )
    return f"网上舆情{label}（{day(since, zone)}至{day(last, zone)}）"
