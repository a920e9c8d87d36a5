"""The engine's checks on a draft, held against everything the desk knows of its case."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from huiying.desk.accounts.models import Institution
from huiying.desk.accounts.queries import institution
from huiying.desk.cases.models import Case, JournalEntry
from huiying.desk.plans import queries as plans
from huiying.desk.replies.models import Draft, WordRule
from huiying.desk.replies.queries.lines import as_engine, lines_in_force
from huiying.engine.calendar import Calendar
from huiying.engine.findings import Finding, Place
from huiying.engine.journal import Kind
from huiying.engine.plan.model import Plan
from huiying.engine.reply import personal
from huiying.engine.reply.check import check
from huiying.engine.reply.model import Context, DraftText, Earlier, Rigour, Rule
from huiying.engine.reply.points import Answer, answers
from huiying.engine.reply.promises import Promise, find
from huiying.engine.reply.wording import merged
from huiying.engine.text import Text

#: How many earlier answers a draft is held against for sameness.
EARLIER = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """All that the checks say of a draft."""

    findings: tuple[Finding, ...]
    points: tuple[Answer, ...]
    promises: tuple[Promise, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What must be mended, or overruled with a reason."""
        return tuple(one for one in self.findings if one.level == "error")


def plan_of(case: Case) -> Plan | None:
    """The plan that governs the case; before it has one, the active one."""
    version = case.plan or plans.active()
    return plans.engine_plan(version) if version else None


def calendar_of(body: Institution | None) -> Calendar | None:
    """The institution's calendar; None where it cannot be read."""
    try:
        return plans.calendar_for(body) if body else None
    except (KeyError, ValueError):
        return None


def message_of(draft: Draft) -> str:
    """What was asked: the post that the draft answers, else the case itself."""
    if draft.mention:
        return f"{draft.mention.title}\n{draft.mention.text}".strip()
    return f"{draft.case.title}\n{draft.case.summary}".strip()


def rules() -> tuple[Rule, ...]:
    """The institution's own words before the house's; words it allows are on no list."""
    own = WordRule.objects.filter(active=True)
    allowed = {word for rule in own if rule.rigour == WordRule.Rigour.ALLOWED for word in rule.words.split()}
    mine = [_rule(rule) for rule in own if rule.rigour != WordRule.Rigour.ALLOWED]
    return tuple(_without(rule, allowed) for rule in merged(mine))


def _rule(row: WordRule) -> Rule:
    return Rule(
        words=_lines(row.words),
        rigour=Rigour(row.rigour),
        why=Text(row.why, row.why),
        use=row.use,
        unless=_lines(row.unless),
    )


def _lines(field: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in field.splitlines() if line.strip())


def _without(rule: Rule, allowed: set[str]) -> Rule:
    words = tuple(word for word in rule.words if word not in allowed)
    return Rule(words=words, rigour=rule.rigour, why=rule.why, use=rule.use, unless=rule.unless)


def context_for(draft: Draft, now: datetime) -> Context:
    """Everything that the draft must agree with at `now`."""
    body, plan, lines = institution(), plan_of(draft.case), lines_in_force(draft.case)
    return Context(
        now=now,
        message=message_of(draft),
        lines=as_engine(lines) if lines else None,
        earlier=tuple(_earlier(draft)),
        promise_max=plan.promise_max if plan else None,
        calendar=calendar_of(body),
        institution=body.name if body else "",
        aliases=(body.short_name,) if body and body.short_name else (),
        rules=rules(),
        found_untrue=verification(draft.case) == "untrue",
    )


def verification(case: Case) -> str:
    """What the last verification found: true, partly, untrue, unclear; empty before the first."""
    entry = JournalEntry.objects.filter(case=case, kind=Kind.VERIFIED).order_by("-seq").first()
    return str(entry.data.get("outcome", "")) if entry else ""


def _earlier(draft: Draft) -> Iterator[Earlier]:
    texts = Draft.objects.filter(published_at__isnull=False).exclude(pk=draft.pk).order_by("-published_at")
    for slug, text, case in texts.values_list("slug", "text", "case_id")[:EARLIER]:
        yield Earlier(str(slug), text, same_matter=case == draft.case_id)


def checked(draft: Draft, now: datetime) -> Checked:
    """The findings on the draft as it stands on the object, saved or not; points and promises beside them."""
    context = context_for(draft, now)
    words = DraftText(text=draft.text, title=draft.title, form=draft.form, stage=draft.stage)
    promises = find(draft.text, now, context.calendar) if context.calendar else []
    return Checked(
        findings=(*check(words, context), *_elsewhere(draft)),
        points=tuple(answers(context.message, draft.text, promises)),
        promises=tuple(promises),
    )


def _elsewhere(draft: Draft) -> Iterator[Finding]:
    """Personal data in the title and in the public's question."""
    fields = (("title", draft.title, "标题", "title"), ("asked", draft.asked, "“问了什么”", "question"))
    for path, text, zh, en in fields:
        if personal.exposes(text):
            yield Finding(
                code="reply.personal.elsewhere",
                level="error",
                message=Text(f"{zh}里有个人信息", f"Personal data in the {en}"),
                place=Place(path=path),
                mend=Text("删去姓名、号码、住址。", "Take names, numbers and addresses out."),
            )


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the draft for the page: plain, or with the finding that lies on it."""

    text: str
    found: Finding | None = None
    number: int = -1  # of the finding in the list


def pieces(text: str, findings: Sequence[Finding]) -> list[Piece]:
    """The whole text cut at its findings; where two overlap the graver stays."""
    placed = [(one, number) for number, one in enumerate(findings) if _visible(one, len(text))]
    chosen: list[tuple[Finding, int]] = []
    for one, number in placed:
        if not any(_overlap(one.place, other.place) for other, _number in chosen):
            chosen.append((one, number))
    found, done = [], 0
    for one, number in sorted(chosen, key=lambda pair: pair[0].place.start or 0):
        start, end = one.place.start or 0, one.place.end or 0
        found += [Piece(text[done:start]), Piece(text[start:end], one, number)]
        done = end
    return [piece for piece in (*found, Piece(text[done:])) if piece.text]


def _visible(one: Finding, length: int) -> bool:
    start, end = one.place.start, one.place.end
    return start is not None and end is not None and 0 <= start < end <= length


def _overlap(a: Place, b: Place) -> bool:
    return (a.start or 0) < (b.end or 0) and (b.start or 0) < (a.end or 0)
