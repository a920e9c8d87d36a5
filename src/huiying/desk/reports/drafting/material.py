"""Everything about one case that papers draw upon, read once."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from django.utils.translation import override

from huiying.desk.accounts.models import Institution, Person
from huiying.desk.accounts.queries import institution
from huiying.desk.cases.models import Case, Owed
from huiying.desk.cases.queries.growth import grown
from huiying.desk.cases.queries.sentences import OUTCOMES, STAGES
from huiying.desk.cases.queries.standing import Standing
from huiying.desk.collect.models import Tier
from huiying.desk.listen.heat import hours
from huiying.desk.listen.mergers import end_of
from huiying.desk.replies.models import Draft, Lines
from huiying.desk.replies.queries import lines_in_force
from huiying.desk.reports.drafting.words import closed, hour, listed, minute, paragraphs, zone_of
from huiying.desk.reports.layout.sheet import Figure
from huiying.desk.shell.mask import mask
from huiying.engine.journal import Entry, Kind

ASKS = re.compile(r"[^。！？!?\n]{4,60}[？?]")
#: The most questions taken from what people asked.
QUESTIONS = 8
#: The most steps of a curve on paper.
STEPS = 24


class Material:
    """A case at an instant, in the words of papers. Use within `Material.speaking()`: names come in Chinese."""

    def __init__(self, case: Case, person: Person, now: datetime) -> None:
        self.case, self.now = case, now
        self.on = Standing(case, person, now)
        self.body: Institution | None = institution()
        self.zone: ZoneInfo = zone_of(self.body)

    @staticmethod
    def speaking() -> override:
        """Papers speak Chinese whatever the page's language."""
        return override("zh-hans")

    def at(self, at: datetime) -> str:
        """An instant to the minute."""
        return minute(at, self.zone)

    @cached_property
    def lines(self) -> Lines | None:
        """The lines to take that are in force."""
        return lines_in_force(self.case)

    @cached_property
    def published(self) -> list[Draft]:
        """The texts that are out, oldest first."""
        return list(self.case.drafts.filter(state=Draft.State.PUBLISHED).order_by("published_at"))

    @property
    def level(self) -> str:
        """The level in the plan's word; empty before it is set."""
        return self.on.names.level(self.case.level) if self.case.level else ""

    def subject(self) -> str:
        """The matter as titles name it."""
        title = self.case.title.strip("。！？!? 　")
        return title if title.endswith(("情况", "问题", "舆情", "事件", "一事")) else f"{title}一事"

    def found(self) -> str:
        """When, how and what."""
        hows = {
            "story": "监测发现",
            "mention": "监测发现",
            "transfer": "收到上级转交",
            "hand": "接到反映",
        }
        how = hows.get(self.case.how, "发现")
        told = closed(self.case.summary or self.case.title)
        return f"{self.at(self.case.discovered_at)}，{how}：{told}"

    def verified(self) -> str:
        """What was found to be so; that it is being verified, where nothing was."""
        entry = self.on.verified
        if entry is None:
            return "有关情况正在核实，原因以核实结果为准。"
        outcome = OUTCOMES.get(str(entry.data.get("outcome")), "")
        return f"经核实，反映的情况{outcome}。{closed(str(entry.data.get('facts', '')))}"

    def facts(self) -> str:
        """The approved facts; without lines what was verified."""
        if self.lines and self.lines.facts.strip():
            return paragraphs(*(closed(line) for line in self.lines.facts.splitlines()))
        return self.verified()

    def figures_said(self) -> str:
        """The approved figures, in one sentence."""
        if not self.lines or not self.lines.figures.strip():
            return ""
        pairs = [line.partition("=") for line in self.lines.figures.splitlines() if "=" in line]
        return closed("，".join(f"{name.strip()}{value.strip()}" for name, _sign, value in pairs))

    def causes(self) -> str:
        """The verified causes; that they are being looked into, where there are none."""
        if self.lines and self.lines.causes.strip():
            return paragraphs(*(closed(line) for line in self.lines.causes.splitlines()))
        return "原因正在调查核实，查清后及时公布。"

    def spread(self) -> str:
        """How many mentions, where, how many voices, how it goes on."""
        sites = Counter(self._sites())
        count = sum(sites.values())
        if not count:
            return f"截至{hour(self.now, self.zone)}，尚未监测到公开传播。"
        top = listed(f"{name}（{number}条）" for name, number in sites.most_common(5) if name)
        said = f"截至{hour(self.now, self.zone)}，共监测到相关帖文{count}条，涉及站点{len(sites)}个"
        parts = [closed(f"{said}：{top}" if top else said), self._voices(), self._tiers()]
        return "".join(part for part in parts if part)

    def since_the_last_brief(self) -> str:
        """How the matter has grown since the brief before this one; empty where there was none."""
        told = [
            entry
            for entry in self.on.of_kind(Kind.REPORTED)
            if (entry.data.get("paper") or {}).get("kind") == "brief"
        ]
        if not told:
            return ""
        number = told[-1].data["paper"].get("number") or ""
        growth = grown(self.on.entries, told[-1].seq)
        said = f"{number}发出以来，相关帖文由{growth.posts_then}条增至{growth.posts_now}条"
        voices = f"，不同声音由{growth.voices_then}个增至{growth.voices_now}个" if growth.voices_now else ""
        return closed(said + voices if growth.more else f"{number}发出以来没有新的帖文")

    def _sites(self) -> Iterator[str]:
        for mention in self.case.mentions.all():
            yield mention.site or mention.source.name

    def _voices(self) -> str:
        voices = {mention.voice for mention in self.case.mentions.all() if mention.voice}
        growth = end_of(self.case.story).growth if self.case.story else 0
        trend = "，热度仍在上升" if growth > 1.5 else "，热度趋于平稳" if growth > 0.6 else "，热度正在回落"
        known = self.case.story is not None
        return f"不同声音{len(voices)}个{trend if known else ''}。" if voices else ""

    def _tiers(self) -> str:
        tiers = Counter(mention.tier for mention in self.case.mentions.all())
        media = [Tier.NATIONAL, Tier.PORTAL, Tier.PROVINCIAL, Tier.CITY]
        named = [f"{tier.label}{tiers[tier]}条" for tier in media if tiers[tier]]
        return closed(f"其中{listed(named)}") if named else "未见主流媒体报道。"

    def curve(self) -> list[Figure]:
        """Mentions by hour, with what lies behind the curve; none for a matter that nobody talks about."""
        counts = Counter(
            (mention.posted_at or mention.captured_at)
            .astimezone(self.zone)
            .replace(minute=0, second=0, microsecond=0)
            for mention in self.case.mentions.all()
        )
        if len(counts) < 2:
            return []
        points = [[at.isoformat(), number, 0.0] for at, number in counts.items()]
        steps = hours(points, max(counts), STEPS)
        rows = tuple((f"{at.astimezone(self.zone):%-d日%-H时}", float(number)) for at, number, _heat in steps)
        return [Figure(title="相关帖文数量", unit="条", label="时间", rows=rows, shape="line")]

    def measures(self) -> str:
        """What was done, by whom, in order: handing over, results, offline fix, progress, answers."""
        return paragraphs(*(self._done(entry) for entry in self.on.entries if entry in self._counting))

    @cached_property
    def _counting(self) -> list[Entry]:
        kinds = (
            Kind.ASSIGNED,
            Kind.UNIT_REPORTED,
            Kind.OFFLINE_FIXED,
            Kind.PROGRESS,
            Kind.PUBLISHED,
            Kind.PROMISED,
        )
        return [entry for kind in kinds for entry in self.on.of_kind(kind)]

    def _done(self, entry: Entry) -> str:
        data, names = entry.data, self.on.names
        unit, text = names.unit(data.get("unit", "")), str(data.get("text") or "")
        match entry.kind:
            case Kind.ASSIGNED:
                words = f"{'请' if data.get('part') == 'cooperating' else '交'}{unit}{'配合' if data.get('part') == 'cooperating' else '牵头办理'}"
            case Kind.UNIT_REPORTED:
                words = f"{unit}报告：{text}"
            case Kind.OFFLINE_FIXED:
                words = f"实际问题已解决：{text}"
            case Kind.PUBLISHED:
                words = f"发布{STAGES.get(str(data.get('stage')), '答复')}{self._titled(data.get('title'))}"
            case Kind.PROMISED:
                words = f"公开承诺：{text}"
            case _:
                words = text
        return closed(f"{self.at(entry.at)}，{words}") if words else ""

    @staticmethod
    def _titled(title: object) -> str:
        return f"《{title}》" if title else ""

    def answers(self) -> str:
        """What was answered, when and where, and what people said to it."""
        said = [
            closed(f"{self.at(draft.published_at)}，以本单位名义发布《{draft.title}》")
            for draft in self.published
            if draft.published_at
        ]
        backs = [closed(f"回访：{e.data.get('text') or ''}") for e in self.on.of_kind(Kind.CALLED_BACK)]
        return paragraphs(*said, *backs)

    def coming(self) -> str:
        """What is still owed, soonest first, with its instant."""
        open_rows = [row for row in self.on.owed_rows if row.state in {"open", "missed"} and not row.closing]
        return paragraphs(*(self._owed(row) for row in open_rows[:6]))

    def _owed(self, row: Owed) -> str:
        who = (
            str(row.unit)
            if row.unit
            else listed(self.on.names.role(role) for role in row.role.split("|") if role)
        )
        when = (
            f"应于{self.at(row.due_at)}前完成，现已超时"
            if row.state == "missed"
            else f"{self.at(row.due_at)}前"
        )
        return closed(f"{row.what_zh}（{who}，{when}）" if who else f"{row.what_zh}（{when}）")

    def missed(self) -> list[str]:
        """What is late or missed, with its instant."""
        late = [row for row in self.on.owed_rows if row.state in {"missed", "late"}]
        return [self._late(row) for row in late]

    def _late(self, row: Owed) -> str:
        how = (
            "至今未办" if row.state == "missed" else f"{self.at(row.met_at)}才完成" if row.met_at else "迟办"
        )
        return closed(f"{row.what_zh}，应于{self.at(row.due_at)}前完成，{how}")

    def reasons(self) -> str:
        """Why this level."""
        held = [f"{one['text']}（{one['measured']}）" for one in self.on.reasons if one["holds"]]
        level = f"按预案定为{self.level}" if self.level else "等级待确认"
        return closed(f"{level}，依据：{listed(held)}" if held else level)

    def asked(self) -> list[str]:
        """The questions that people ask most, personal data covered."""
        found: Counter[str] = Counter()
        for mention in self.case.mentions.order_by("pk")[:2000]:
            for question in ASKS.findall(f"{mention.title}\n{mention.text}"):
                found[mask(question.strip(' ，,、“"').replace("?", "？"))] += 1
        return [question for question, _count in found.most_common(QUESTIONS)]
