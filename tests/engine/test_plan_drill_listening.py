"""A recorded stream becomes matters as it would have at the desk: stories form, evidence grows, levels rise."""

from datetime import UTC, datetime, timedelta

from huiying.engine.listen.mention import Config, Mention, Unit
from huiying.engine.plan.drill import Matter, rehearse
from huiying.engine.plan.drill.listening import TOGETHER, matters_in
from huiying.engine.plan.reading import read_plan
from tests.engine.matters import CN
from tests.engine.test_plan_drill import people

START = datetime(2026, 9, 8, 1, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SMALL = """
format = 1
id = "small"
name = "小预案"

[[subject]]
id = "canteen"
name = "食堂"
words = ["食堂", "饭菜"]
unit = "hqc"

[[level]]
number = 1
name = "重大"
confirm = ["deputy"]
  [[level.when]]
  voices = 6

[[level]]
number = 2
name = "一般"
confirm = ["deputy"]
  [[level.when]]
  mentions = 3

[[duty]]
id = "verify"
what = "核实"
act = "verified"
who = "duty"
since = "discovered"
within = "2 hours"

[[chain]]
roles = ["head"]
"""
PLAN, _FINDINGS = read_plan(SMALL, file="small.toml", library={})
assert PLAN is not None, _FINDINGS
CONFIG = Config(
    subjects=PLAN.subjects, units=(Unit(code="hqc", name="后勤处"),), zone=CN.zone, group_unmatched=True
)
CANTEEN = "青禾九中食堂二楼三号窗口饭菜有异味，家长要求学校尽快给个说法"


def said(number: int, after: timedelta, text: str = CANTEEN, voice: str = "", **more: object) -> Mention:
    return Mention(
        id=number,
        at=START + after,
        text=f"{text}{'啊' * (number % 3)}",
        voice=voice or f"v{number}",
        **more,  # type: ignore[arg-type]
    )


def heard(*mentions: Mention) -> list[Matter]:
    assert PLAN is not None
    return matters_in(PLAN, mentions, CONFIG, CN)


def test_a_story_becomes_a_matter_when_its_evidence_reaches_a_level_and_rises_with_it() -> None:
    (matter,) = heard(*(said(number, number * 10 * MINUTE) for number in range(8)))
    assert (matter.level, matter.at) == (2, START + 20 * MINUTE)  # the third mention
    assert [(rise.level, rise.at) for rise in matter.rises] == [(1, START + 50 * MINUTE)]  # the sixth voice
    assert (matter.subject, matter.unit, matter.mentions) == ("canteen", "hqc", 8)
    assert matter.posted_at == START


def test_what_reaches_no_level_is_no_matter() -> None:
    assert heard(said(0, MINUTE), said(1, 20 * MINUTE)) == []
    assert heard() == []


def test_two_matters_are_told_apart() -> None:
    other = "滨河路公交站台的灯坏了一个多月，晚上等车看不见站牌"
    mentions = [
        said(number, number * 10 * MINUTE, CANTEEN if number % 2 else other, voice="one")
        for number in range(6)
    ]
    found = heard(*mentions)
    assert [(one.level, one.at) for one in found] == [(2, START + 40 * MINUTE), (2, START + 50 * MINUTE)]


def test_only_praise_is_no_matter() -> None:
    praise = "食堂阿姨真好，饭菜很香，感谢学校，点赞"
    assert heard(*(said(number, number * 10 * MINUTE, praise) for number in range(8))) == []


def test_what_comes_within_minutes_is_graded_together_at_its_end() -> None:
    quick = TOGETHER / 10
    (matter,) = heard(*(said(number, number * quick) for number in range(8)))
    assert matter.at == START + 7 * quick
    assert (matter.level, matter.rises) == (1, ())


def test_what_was_heard_can_be_rehearsed() -> None:
    assert PLAN is not None
    found = rehearse(PLAN, people(), heard(*(said(n, n * 10 * MINUTE) for n in range(8))), CN, runs=2)
    assert {one.rule: one.owed for one in found.outcomes} == {"verify": 2}


def test_what_was_posted_long_before_it_came_counts_from_when_it_came() -> None:
    assert PLAN is not None
    mentions = [said(number, number * 10 * MINUTE) for number in range(3)]
    later = {mention.id: START + timedelta(days=1) for mention in mentions}
    (matter,) = matters_in(PLAN, mentions, CONFIG, CN, arrived=later)
    assert (matter.at, matter.posted_at) == (START + timedelta(days=1), START)
