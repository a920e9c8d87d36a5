"""Meeting the press: held, what was said, what was asked and is still open. All of it against the lines to take."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from huiying.desk.accounts.access import require
from huiying.desk.accounts.models import Person, Role
from huiying.desk.accounts.queries import holders
from huiying.desk.accounts.rights import Right
from huiying.desk.cases.actions.common import happened
from huiying.desk.joint.actions.press import NAMES, planned
from huiying.desk.joint.holding import enter, hold, maybe, said
from huiying.desk.joint.models import Attending, Briefing, Question
from huiying.desk.joint.queries.press import missing
from huiying.desk.joint.telling import announce
from huiying.desk.joint.voice import disagreements, in_words
from huiying.desk.library import actions as library
from huiying.desk.replies import actions as replies
from huiying.desk.replies.models import Draft, Form
from huiying.desk.replies.queries import lines_in_force
from huiying.engine.text import Text

State = Briefing.State


@transaction.atomic
def hold_briefing(
    *,
    by: Person,
    now: datetime,
    briefing: Briefing,
    came: Iterable[Attending],
    held_at: datetime | None = None,
) -> Briefing:
    """It takes place: which outlets came, when. Its approved words are published with it, at this instant.

    Raises ValidationError naming what is missing: outlets, approved lines, approved words or a leader's word, and, for
    outlets from abroad, national or provincial ones, the higher body's approval.
    """
    require(by, Right.BRIEF_PRESS)
    row = planned(briefing)
    seat = enter(by, Right.BRIEF_PRESS, row.case, now)
    lacking = missing(row)
    if lacking:
        words = _("、").join(str(need.label) for need in lacking)
        raise ValidationError(_("还不能举行，缺：%(what)s。") % {"what": words})
    at = happened(held_at, now, "held_at") or now
    if at < row.planned_at:
        raise ValidationError({"held_at": _("举行不能早于安排。")})
    outlets = _came(row, {one.pk for one in came})
    lines = lines_in_force(seat.case)
    row.state, row.held_at, row.lines_version = State.HELD, at, lines.version if lines else None
    row.save()
    names = "、".join(outlet.outlet for outlet in outlets)
    text = f"第{row.number}次对外发布：{NAMES[row.kind].zh}《{row.topic}》；发言人：{row.spokesperson}；到场：{names}"
    seat.tell(text, about=row, act="spoke", at=at)
    for outlet in outlets:
        if outlet.contact is not None and not seat.case.drill:
            about = f"{NAMES[row.kind].zh}：{row.topic}"
            library.note_talk(by=by, now=now, contact=outlet.contact, about=about, at=at, case=seat.case)
    if row.draft is not None and row.draft.state == Draft.State.APPROVED:
        replies.publish(by=by, now=now, draft=row.draft)
    return row


def _came(row: Briefing, came: set[int]) -> list[Attending]:
    found = list(row.outlets.select_related("contact"))
    for outlet in found:
        outlet.came = outlet.pk in came
        outlet.save(update_fields=["came"])
    there = [outlet for outlet in found if outlet.came]
    if not there:
        raise ValidationError({"came": _("至少有一家媒体到场。")})
    return there


def only_when_held(draft: Draft) -> None:
    """Words for the press go out when they are spoken, not before. Raises ValidationError; asked before any publication."""
    found = Briefing.objects.filter(draft=draft).exclude(state=State.CANCELLED).first()
    if found is None and draft.form != Form.BRIEFING:
        return
    if found is None or found.state != State.HELD:
        raise ValidationError(_("发布词随发布会公布：到“新闻发布”里登记举行。"))


@transaction.atomic
def record_said(*, by: Person, now: datetime, briefing: Briefing, text: str, explained: str = "") -> Briefing:
    """What was said, as it was said. Where it differs from the lines, `explained` says why and what is done about it.

    A difference is never hidden: it stands in the journal, and the leaders hear of it. Raises ValidationError.
    """
    require(by, Right.BRIEF_PRESS)
    row = hold(briefing, [State.HELD], _("举行以后才记讲了什么。"))
    seat = enter(by, Right.BRIEF_PRESS, row.case, now, closed=True)
    words = said(text, "text", 20_000)
    found = disagreements(row.case, words, now)
    if found and not explained.strip():
        raise ValidationError(
            {
                "explained": _("与口径不一致：%(what)s。照实记，并写明原因和怎样更正。")
                % {"what": in_words(found)}
            }
        )
    row.said, row.explained = words, maybe(explained, "explained", 500) if found else ""
    row.save(update_fields=["said", "explained"])
    note = f"\n与口径不一致：{found[0].message.zh}\n说明：{row.explained}" if found else ""
    body = f"{words[:3000]}{note}"
    seat.tell(body, about=row, act="said")
    if found:
        _warn(row, by, now)
    return row


def _warn(row: Briefing, by: Person, now: datetime) -> None:
    announce(
        case=row.case,
        now=now,
        people=[*holders(Role.HEAD, None, now), *holders(Role.DEPUTY, None, now)],
        key=f"briefing{row.pk}|differs|{now.isoformat()}",
        subject=Text(
            f"对外讲的与口径不一致：{row.topic}"[:200], f"Said otherwise than the lines: {row.topic}"[:200]
        ),
        body=Text(row.explained, row.explained),
        link=row.get_absolute_url(),
        urgent=True,
        but=by,
    )


@transaction.atomic
def note_question(*, by: Person, now: datetime, briefing: Briefing, outlet: str, text: str) -> Question:
    """What an outlet asked and was not answered on the spot; it stays open until it is."""
    require(by, Right.BRIEF_PRESS)
    row = hold(briefing, [State.HELD], _("举行以后才记提问。"))
    seat = enter(by, Right.BRIEF_PRESS, row.case, now)
    made = Question.objects.create(
        briefing=row, outlet=said(outlet, "outlet", 120), text=said(text, "text", 500), asked_at=now
    )
    words = f"{made.outlet}问：{made.text}"
    seat.tell(words, about=row, act="asked")
    return made


@transaction.atomic
def answer_question(*, by: Person, now: datetime, question: Question, answer: str) -> Question:
    """The answer that the outlet was given. Raises ValidationError for one that disagrees with the lines."""
    require(by, Right.BRIEF_PRESS)
    row = hold(question.briefing, [State.HELD], _("举行以后才记提问。"))
    seat = enter(by, Right.BRIEF_PRESS, row.case, now, closed=True)
    held = Question.objects.select_for_update(of=("self",)).get(pk=question.pk)
    if held.answered_at is not None:
        raise ValidationError(_("这个问题已经答复。"))
    words = said(answer, "answer", 4000)
    found = disagreements(row.case, words, now)
    if found:
        raise ValidationError(
            {"answer": _("与口径不一致：%(what)s。改答复，或先改口径。") % {"what": in_words(found)}}
        )
    held.answer, held.answered_by, held.answered_at = words, by, now
    held.save()
    text = f"答复{held.outlet}：{held.text}\n{words[:3000]}"
    seat.tell(text, about=row, act="answered")
    return held
