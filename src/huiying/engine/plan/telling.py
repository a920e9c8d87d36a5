"""Sentences about a plan's rules, and the lines and sections that they stand in."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from huiying.engine.plan.model import Duty, Plan
from huiying.engine.plan.words import applies_text, capital, recipient_text, role_text, where_text
from huiying.engine.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A sentence, and what belongs below it."""

    text: Text
    below: tuple[Text, ...] = ()
    level: int | None = None  # the level that it is about


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the plan in sentences."""

    id: str
    title: Text
    lines: tuple[Line, ...]


def only(words: Text) -> Text:
    """To what a sentence is restricted, as its beginning."""
    return Text(f"【{words.zh}】", f"[{capital(words).en}] ") if words.zh else Text("", "")


def line(zh: str, en: str, below: Iterable[Text] = ()) -> Line:
    return Line(text=Text(zh, en), below=tuple(text for text in below if text.zh))


def clause(source: Text) -> tuple[Text, ...]:
    """The clause, as a line of its own."""
    return (Text(f"依据：{source.zh.rstrip('。')}", f"By: {source.en.rstrip('.')}"),) if source.zh else ()


def duty_text(plan: Plan, duty: Duty) -> Text:
    """Who does what, to whom."""
    who, which = role_text(plan, duty.role), only(applies_text(plan, duty.applies))
    to = recipient_text(plan, duty.to) if duty.act == "reported" and duty.to else None
    toward = Text(f"（报{to.zh}）", f" (to {to.en})") if to and to.zh not in duty.what.zh else Text("", "")
    unit = duty.unit if duty.unit not in ("", "lead") else ""
    whose = Text(f"{unit}的{who.zh}" if unit else who.zh, f"{who.en} of {unit}" if unit else who.en)
    if duty.unit == "lead":
        whose = Text(f"牵头单位的{who.zh}", f"{who.en} of the lead unit")
    return Text(
        f"{which.zh}{whose.zh}：{duty.what.zh}{toward.zh}",
        f"{which.en}{capital(whose).en}: {duty.what.en}{toward.en}",
    )


def duty_line(plan: Plan, duty: Duty) -> Line:
    below = [duty.why]
    if duty.where:
        which = where_text(duty)
        below.append(Text(f"只在{which.zh}时。", f"Only where {which.en}."))
    if duty.or_promise and plan.promise_max:
        span = plan.promise_max.text
        below.append(
            Text(
                f"到时办不结的，可以说明进展并承诺日期，最远 {span.zh}；承诺的日期随后就是时限。",
                f"What cannot be settled by then may be explained and promised by a date at most {span.en} off, which is then owed.",
            )
        )
    if duty.each:
        below.append(Text("每发生一次都要办。", "Owed anew each time."))
    return Line(text=duty_text(plan, duty), below=tuple(below))


def duty_lines(wanted: Callable[[Duty], bool]) -> Callable[[Plan], Iterator[Line]]:
    def tell(plan: Plan) -> Iterator[Line]:
        yield from (duty_line(plan, duty) for duty in plan.duties if wanted(duty))

    return tell
