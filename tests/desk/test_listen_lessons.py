"""What officers decided about units is learnt, and the next stories are proposed for the right unit, with the reason."""

from datetime import timedelta

import pytest
from django.test import Client

from huiying.desk.accounts.models import Unit
from huiying.desk.cases import actions as cases
from huiying.desk.listen import actions, ledger, lessons, rehear
from huiying.desk.listen.models import Correction, Story
from huiying.desk.listen.rehear import Rebuilt, rebuild
from tests.desk.handling import with_plan
from tests.desk.listen_world import hear_all, post, rehear_all
from tests.desk.world import NOW, World

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
LIVING = (
    ("二食堂打饭排队太久", "中午二食堂打饭的窗口只开两个，排队要半小时"),
    ("宿舍空调不制冷", "五号宿舍的空调报修三次，师傅一直没有来修"),
    ("浴室水压太小", "宿舍浴室的水压太小，打饭回来洗澡要等很久"),
    ("食堂餐盘有油", "食堂的餐盘没有洗干净，窗口师傅说换一个就好"),
    ("宿舍楼道灯坏", "七号宿舍楼道的灯坏了，报修后没有师傅来"),
    ("食堂涨价", "食堂的饭菜涨价，窗口没有贴价目"),
    ("宿舍门锁报修", "宿舍的门锁坏了，报修一个星期没有师傅上门"),
    ("宿舍晾衣杆断了", "宿舍阳台的晾衣杆断了，报修单没有人接"),
)
TEACHING = (
    ("选课系统进不去", "选课时间到了系统进不去，课程都被选完"),
    ("考试时间冲突", "两门课程的考试排在同一个上午，教务能不能调整"),
    ("成绩没有录入", "上学期的课程成绩还没有录入，老师说找教务"),
    ("补考安排", "补考的时间和选课冲突，考试地点也没有公布"),
    ("学分认定", "转专业以后课程的学分没有认定，成绩单不对"),
    ("老师调课", "老师调课没有通知，课程表和教务系统不一致"),
    ("重修报名", "重修课程的报名系统关闭太早，没有选上"),
    ("成绩复核", "考试成绩想申请复核，教务说过了时间"),
)
NEXT = ("早点种类少", "早上食堂的早点卖完就关窗口，宿舍的同学吃不上")


@pytest.fixture(autouse=True)
def _cold() -> None:
    ledger.forget()
    rehear.forget()
    lessons.forget()


def letters(rows: tuple[tuple[str, str], ...]) -> list[Story]:
    """Letters to the school, heard: a story each."""
    mentions = [post(title, text, kind="message") for title, text in rows]
    hear_all()
    return [Story.objects.get(hearings__mention=mention) for mention in mentions]


@pytest.fixture
def decided(world: World) -> World:
    """Sixteen letters, each given to its unit by the office."""
    with_plan(world, NOW)
    for rows, unit in ((LIVING, "hqc"), (TEACHING, "jwc")):
        for story in letters(rows):
            actions.route(by=world["office"], now=NOW, story=story, unit=world.units[unit])
    hear_all()
    return world


def learn() -> int:
    """Learn what was decided, and teach it to the fold."""
    done = lessons.learn_next(now=LATER)
    hear_all(LATER)
    return done


def proposed(rows: tuple[str, str] = NEXT) -> Story:
    """The story of a letter that comes now."""
    story = letters((rows,))[0]
    assert story.mentions_count == 1
    return story


def test_after_some_decisions_the_next_story_of_that_kind_is_proposed_with_its_reason(decided: World) -> None:
    assert learn() == 1
    story = proposed()
    assert story.unit == decided.units["hqc"]
    ((zh, en),) = story.unit_evidence
    assert zh.startswith("像经办人交给后勤处的：“")
    assert "“食堂”" in zh
    assert en.startswith("Like what officers handed to 后勤处: “")
    assert proposed(("选课名额", "选课的时候课程名额太少，教务系统又卡")).unit == decided.units["jwc"]


def test_before_anything_was_learnt_nothing_of_the_kind_is_proposed(decided: World) -> None:
    assert not any("像经办人交给" in zh for zh, _en in proposed().unit_evidence)


def test_a_lesson_is_learnt_once_until_the_decisions_have_grown_by_a_fifth(decided: World) -> None:
    assert [learn(), learn()] == [1, 0]
    more = letters((("食堂地滑", "食堂门口的地砖太滑"), ("宿舍断电", "宿舍晚上断电太早")))
    actions.route(by=decided["office"], now=LATER, story=more[0], unit=decided.units["hqc"])
    hear_all()
    assert learn() == 0, "one of sixteen is not a fifth"
    actions.route(by=decided["office"], now=LATER, story=more[1], unit=decided.units["hqc"])
    assert learn() == 0, "what the fold was not taught yet does not count"
    actions.route(by=decided["office"], now=LATER, story=more[1], unit=decided.units["xgc"])
    hear_all()
    assert learn() == 1


def test_the_officers_own_word_is_never_overridden(decided: World) -> None:
    learn()
    story = proposed()
    actions.route(by=decided["office"], now=LATER, story=story, unit=decided.units["xgc"])
    hear_all()
    again = post(*NEXT, at=LATER, kind="message")
    hear_all()
    story.refresh_from_db()
    assert again.hearing.story == story
    assert (story.mentions_count, story.unit) == (2, decided.units["xgc"])
    assert story.unit_evidence == [["由经办人确定", "Set by an officer"]]


def test_an_undone_decision_leaves_the_story_to_the_desk_and_teaches_nothing(decided: World) -> None:
    learn()
    story = proposed()
    actions.route(by=decided["office"], now=LATER, story=story, unit=decided.units["xgc"])
    actions.route(by=decided["office"], now=LATER, story=story, unit=None)
    hear_all()
    story.refresh_from_db()
    assert story.unit == decided.units["hqc"], "proposed again"
    stand = lessons.standing(Correction.objects.filter(batch__isnull=False).count())
    assert len(stand) == 16
    assert NEXT[0] not in {decision.title for decision in stand}


def test_the_later_of_two_decisions_counts(decided: World) -> None:
    story = Story.objects.get(title=LIVING[0][0])
    actions.route(by=decided["office"], now=LATER, story=story, unit=decided.units["xgc"])
    hear_all()
    stand = lessons.standing(Correction.objects.count())
    assert len(stand) == 16
    assert (stand[-1].title, stand[-1].unit) == (LIVING[0][0], "xgc")


def test_a_story_that_went_into_another_is_decided_there(decided: World) -> None:
    into, other = (Story.objects.get(title=rows[0][0]) for rows in (LIVING, TEACHING))
    actions.merge(by=decided["office"], now=LATER, into=into, others=[other])
    hear_all()
    stand = {decision.title: decision.unit for decision in lessons.standing(Correction.objects.count())}
    assert len(stand) == 15
    assert stand[LIVING[0][0]] == "hqc"
    assert TEACHING[0][0] not in stand


def test_wrong_decisions_are_outvoted(decided: World) -> None:
    story = Story.objects.get(title=LIVING[0][0])
    actions.route(by=decided["office"], now=LATER, story=story, unit=decided.units["jwc"])
    hear_all()
    learn()
    assert proposed().unit == decided.units["hqc"]


def test_a_unit_that_was_closed_is_never_proposed(decided: World) -> None:
    learn()
    Unit.objects.filter(code="hqc").update(active=False)
    rehear_all(LATER)
    assert proposed().unit is None


def test_a_case_handed_to_a_unit_is_a_decision(world: World) -> None:
    with_plan(world, NOW)
    story = letters(LIVING[:1])[0]
    case = cases.open_case(by=world["duty"], now=NOW, title="食堂", story=story, how="story")
    cases.assign(by=world["office"], now=NOW, case=case, unit=world.units["hqc"])
    hear_all()
    story.refresh_from_db()
    assert story.unit == world.units["hqc"]
    assert [d.unit for d in lessons.standing(1)] == ["hqc"]
    cases.assign(by=world["office"], now=NOW, case=case, unit=world.units["jwc"], part="cooperating")
    assert Correction.objects.count() == 1, "who helps decides nothing"
    cases.assign(by=world["office"], now=NOW, case=case, unit=world.units["xgc"], reason="归学工处")
    hear_all()
    assert [d.unit for d in lessons.standing(2)] == ["xgc"]


def test_a_letter_dispatched_on_its_own_teaches_too_and_a_drill_does_not(world: World) -> None:
    with_plan(world, NOW)
    story = letters(LIVING[:1])[0]
    mention = story.hearings.get().mention
    case = cases.open_case(by=world["duty"], now=NOW, title="食堂", mentions=[mention], how="mention")
    cases.assign(by=world["office"], now=NOW, case=case, unit=world.units["hqc"])
    assert Correction.objects.get().data == {"story": story.key, "unit": "hqc", "mentions": [mention.pk]}
    drill = cases.open_case(by=world["office"], now=NOW, title="演练", drill=True)
    cases.assign(by=world["office"], now=NOW, case=drill, unit=world.units["jwc"])
    assert Correction.objects.count() == 1


def test_saying_again_what_was_said_writes_nothing(decided: World) -> None:
    story = Story.objects.get(title=LIVING[0][0])
    actions.hand_on(by=decided["office"], now=LATER, story=story, unit=decided.units["hqc"])
    assert Correction.objects.count() == 16


def test_a_rebuild_and_a_cold_start_give_the_same_proposals(decided: World) -> None:
    learn()
    proposed()
    before = list(Story.objects.order_by("key").values())
    assert rebuild(now=LATER) == Rebuilt(17, 0, 0)
    for module in (ledger, rehear, lessons):
        module.forget()
    assert rebuild(now=LATER) == Rebuilt(17, 0, 0)
    assert list(Story.objects.order_by("key").values()) == before
    ledger.forget()
    lessons.forget()
    other = proposed(("包子馅少", "早上食堂的包子馅太少"))
    assert other.unit == decided.units["hqc"]


def test_a_decision_of_before_names_were_kept_is_read_from_the_mention_that_began_the_story(
    decided: World,
) -> None:
    whole = lessons.standing(16)
    for row in Correction.objects.filter(verb="unit"):
        row.data.pop("mentions")
        row.save(update_fields=["data"])
    assert lessons.standing(16) == whole


def test_two_who_learn_at_once_teach_one_lesson(decided: World, monkeypatch: pytest.MonkeyPatch) -> None:
    real = lessons.fingerprint

    def overtaken(decisions: list[lessons.Decision]) -> str:
        monkeypatch.setattr(lessons, "fingerprint", real)
        assert lessons.learn_next(now=LATER) == 1
        return real(decisions)

    monkeypatch.setattr(lessons, "fingerprint", overtaken)
    assert lessons.learn_next(now=LATER) == 0
    assert Correction.objects.filter(verb=lessons.VERB).count() == 1


def test_the_pages_say_why_that_unit(decided: World, client: Client) -> None:
    learn()
    story = proposed()
    client.force_login(decided["office"])
    for address in (f"/listen/stories/{story.pk}/", "/listen/"):
        assert "像经办人交给后勤处的" in client.get(address).content.decode()
    case = cases.open_case(by=decided["duty"], now=LATER, title="早点", story=story, how="story")
    page = client.get(f"/cases/{case.number}/assign/").content.decode()
    assert page.count("像经办人交给后勤处的") == 1, "beside the choice of the unit"
