"""Pages of what is done together: who sees what, what a browser can do, and that nothing typed becomes a page's own code."""

import re
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from huiying.desk.cases.models import Case
from huiying.desk.cases.queries.doors import button, rights_of
from huiying.desk.joint import actions
from huiying.desk.joint.models import Briefing, Meeting, TaskForce
from huiying.desk.library import actions as library
from tests.desk import handling
from tests.desk import joining as j
from tests.desk.world import World

Browser = Callable[[str], Client]
HOSTILE = '=HYPERLINK("https://evil.example")<script>alert(1)</script>'
SHOWN = "=HYPERLINK(&quot;https://evil.example&quot;)&lt;script&gt;alert(1)&lt;/script&gt;"


@pytest.fixture
def case(world: World) -> Case:
    return j.matter(world, timezone.now())


def text(browser: Client, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200, address
    return str(answer.content.decode())


def local(at: datetime) -> str:
    """An instant as a browser sends it."""
    return at.astimezone(ZoneInfo("Asia/Shanghai")).strftime("%Y-%m-%dT%H:%M")


def test_a_meeting_from_the_call_to_the_adopted_plan_in_the_browser(
    world: World, case: Case, as_role: Browser
) -> None:
    desk, now = as_role("duty"), timezone.now()
    page = text(desk, f"/joint/cases/{case.number}/call/")
    assert "通报情况：3号宿舍楼热水停供" in page and 'value="joint"' in page
    told = {
        "kind": "joint", "at": local(now + j.HOUR), "way": "phone", "place": "会议号 123456",
        "chair": world["head"].pk, "roles": ["head", "office"], "units": [world.units["hqc"].pk],
        "guests": "", "agenda": "定方案",
    }  # fmt: skip
    answer = desk.post(f"/joint/cases/{case.number}/call/", told)
    meeting = Meeting.objects.get()
    here = meeting.get_absolute_url()
    assert answer.headers["Location"] == here
    as_role("handler").post(f"{here}answer/", {"answer": "not", "words": "在抢修"})
    assert "在抢修" in text(desk, here)
    came = [one.pk for one in meeting.invitations.exclude(person=world["handler"])]
    desk.post(f"{here}hold/", {"came": came, "guests": "供水公司"})
    late = {"text": "换泵", "unit": world.units["hqc"].pk, "due_at": local(now - j.HOUR)}
    assert desk.post(f"{here}decisions/", late).status_code == 422
    desk.post(f"{here}decisions/", {**late, "due_at": local(now + j.DAY)})
    half = {"minutes": "通报了情况", "handling": "换泵", "then": "submit"}
    answer = desk.post(f"{here}minutes/", half)
    assert answer.status_code == 422 and "三部分要一起定" in answer.content.decode()
    desk.post(f"{here}minutes/", {**half, **j.PLAN})
    head = as_role("head")
    assert "请你审定" in text(head, here) and "同步部署" in text(head, here)
    head.post(f"{here}adopt/", {"steps": ["meeting", "pair:deployed-together"]})
    meeting.refresh_from_db()
    assert meeting.state == Meeting.State.ADOPTED
    of_case = text(desk, f"/cases/{case.number}/")
    assert "现行处置方案" in of_case and j.PLAN["monitoring"] in of_case and "完成：召开联席会议" in of_case


def test_the_minutes_are_not_shown_to_the_units_before_they_are_adopted(
    world: World, case: Case, as_role: Browser
) -> None:
    now = timezone.now() - j.DAY
    handling.actions.assign(by=world["office"], now=now + j.DAY, case=case, unit=world.units["hqc"])
    meeting = j.written(world, case, now + j.DAY, units=[])
    here = meeting.get_absolute_url()
    assert "通报了情况" not in text(as_role("handler"), here)
    assert "通报了情况" in text(as_role("office"), here) and "通报了情况" in text(as_role("auditor"), here)
    at = now + j.DAY + j.HOUR
    actions.adopt_minutes(by=world["head"], now=at, meeting=meeting)
    assert "通报了情况" in text(as_role("handler"), here)


def test_the_chair_gives_minutes_back_in_the_browser(world: World, case: Case, as_role: Browser) -> None:
    meeting = j.written(world, case, timezone.now() - j.HOUR)
    here = meeting.get_absolute_url()
    as_role("office").post(f"{here}submit/")
    head = as_role("head")
    assert head.post(f"{here}adopt/", {"back": "yes", "back-why": ""}).status_code == 422
    head.post(f"{here}adopt/", {"back": "yes", "back-why": "时限太松"})
    assert "时限太松" in text(as_role("office"), f"{here}minutes/")


def test_a_task_force_is_formed_changed_and_dissolved_in_the_browser(
    world: World, case: Case, as_role: Browser
) -> None:
    head = as_role("head")
    told = {
        "name": "热水专班",
        "leader": world["deputy"].pk,
        "members": [world["handler"].pk],
        "duties": "抢修",
    }
    head.post(f"/joint/cases/{case.number}/force/", told)
    force = TaskForce.objects.get()
    here = force.get_absolute_url()
    of_handler = text(as_role("handler"), "/")
    assert "热水专班" in of_handler and case.number in of_handler
    assert "热水专班" in text(head, f"/cases/{case.number}/")
    head.post(f"{here}join/", {"person": world["reviewer"].pk, "duty": "审核"})
    member = force.members.get(person=world["reviewer"])
    head.post(f"{here}members/{member.pk}/leave/")
    assert "已退出" in text(head, here)
    assert head.post(f"{here}members/987654321/leave/").status_code == 404
    head.post(f"{here}dissolve/", {"why": "办完"})
    assert as_role("handler").get(here).status_code == 404
    assert "热水专班" not in text(as_role("handler"), "/")
    assert "已解散" in text(head, "/joint/forces/?state=all")


def test_a_press_conference_in_the_browser(world: World, case: Case, as_role: Browser) -> None:
    speaker, now = as_role("spokesperson"), timezone.now()
    j.lined(world, case, now)
    contact = library.put_contact(
        by=world["office"], now=now, outlet="省报", name="记者甲", tier="provincial"
    )
    told = {
        "kind": "conference", "stage": "progress", "topic": "热水停供情况通报", "at": local(now + j.HOUR),
        "place": "报告厅", "spokesperson": world["spokesperson"].pk,
    }  # fmt: skip
    speaker.post(f"/joint/cases/{case.number}/press/", told)
    briefing = Briefing.objects.get()
    here = briefing.get_absolute_url()
    assert speaker.post(f"{here}outlets/", {"outlet": "某报"}).status_code == 422
    speaker.post(f"{here}outlets/", {"contact": contact.pk})
    assert "须上级批准" in text(speaker, here) and "登记举行" not in text(speaker, here)
    assert "去报批" in str(_label(case, world, "conference-approval"))
    answer = speaker.post(f"{here}words/")
    briefing.refresh_from_db()
    assert briefing.draft is not None and answer.headers["Location"] == briefing.draft.get_absolute_url()
    briefing = j.worded(world, briefing, now)
    office = as_role("office")
    office.post(f"{here}higher/", {"body": "教育局", "ref": "来电", "guidance": "先讲处置"})
    assert office.post(f"{here}kit/").headers["Location"].endswith("/write/")
    outlet = briefing.outlets.get()
    speaker.post(f"{here}held/", {"came": [outlet.pk]})
    page = text(speaker, here)
    assert "还没有记。" in page and "省报" in text(speaker, f"/cases/{case.number}/")
    assert speaker.post(f"{here}said/", {"text": j.WRONG}).status_code == 422
    speaker.post(f"{here}said/", {"text": "受影响学生312人。"})
    assert "没有不一致" in text(speaker, here)
    speaker.post(f"{here}questions/", {"outlet": "省报", "text": "何时恢复？"})
    assert "何时恢复？" in text(speaker, f"/cases/{case.number}/")
    asked = briefing.questions.get()
    assert speaker.post(f"{here}questions/", {"question": asked.pk, "answer": j.WRONG}).status_code == 422
    speaker.post(f"{here}questions/", {"question": asked.pk, "answer": "11月26日前。"})
    assert "11月26日前。" in text(speaker, here)
    speaker.post(f"{here}talk/", {"contact": contact.pk, "about": "约明天回访"})
    assert case.talks.count() == 2 and "约明天回访" in text(speaker, here)
    assert speaker.post(f"{here}questions/", {"question": "x", "answer": "答"}).status_code == 404


def _label(case: Case, world: World, step: str) -> object:
    """What the button of an owed step says to the office."""
    row = case.owed.model(case=case, act="done", step=step)
    found = button(case, row, rights_of(world["office"]))
    return found.label if found else None


def test_the_buttons_of_owed_steps_lead_to_this_room(world: World, case: Case, as_role: Browser) -> None:
    page = text(as_role("head"), f"/cases/{case.number}/")
    assert f"/joint/cases/{case.number}/call/" in page
    assert _label(case, world, "meeting") == "去会商" and _label(case, world, "activate") == "记完成"
    meeting = j.called(world, case, timezone.now())
    assert f'href="{meeting.get_absolute_url()}">去会商' in text(as_role("head"), f"/cases/{case.number}/")
    answer = case.owed.get(key="conference")
    for role in ("spokesperson", "head"):
        found = button(case, answer, rights_of(world[role]))
        assert found is not None and found.address.endswith(f"/cases/{case.number}/#press")


def test_what_is_unfinished_keeps_the_case_open(world: World, case: Case) -> None:
    now = timezone.now() - j.HOUR
    j.held(world, case, now)
    j.formed(world, case, now)
    j.planned(world, case, now)
    ends = handling.actions.ending.loose_ends(case, [])
    assert [end.what for end in ends] == [
        "会议还没有结束：已召开，待纪要",
        "热水专班还没有解散",
        "还没有举行：关于3号宿舍楼热水停供的情况通报",
    ]
    assert all(end.url.startswith("/joint/") for end in ends)


def test_the_first_screen_asks_for_answers_minutes_and_a_word_on_interviews(
    world: World, as_role: Browser
) -> None:
    now = timezone.now()
    case = j.matter(world, now, level=3, plan="school")
    meeting = j.called(world, case, now)
    submitted = j.written(world, case, now - j.HOUR)
    actions.submit_minutes(by=world["office"], now=now, meeting=submitted)
    j.planned(world, case, now, "interview")
    page = text(as_role("head"), "/")
    for words in (
        "回复是否参加：联席会议",
        "审定纪要：联席会议",
        "是否接受采访：关于3号宿舍楼热水停供的情况通报",
    ):
        assert words in page
    actions.answer_call(by=world["head"], now=now, meeting=meeting, answer="coming")
    page = text(as_role("head"), "/")
    assert "回复是否参加" not in page and meeting.get_absolute_url() in page
    assert "审定纪要" not in text(as_role("deputy"), "/")


def test_formulas_and_html_stay_words(world: World, as_role: Browser) -> None:
    now = timezone.now() - j.HOUR
    case = j.matter(world, now)
    meeting = j.held(world, case, now, agenda=HOSTILE, place=HOSTILE[:60])
    at = now + j.HOUR
    hqc = world.units["hqc"]
    actions.add_decision(
        by=world["office"], now=at, meeting=meeting, text=HOSTILE, unit=hqc, due_at=at + j.DAY
    )
    plan = dict.fromkeys(j.PLAN, HOSTILE)
    actions.write_minutes(
        by=world["office"], now=at, meeting=meeting, minutes=HOSTILE, assessment=HOSTILE, **plan
    )
    actions.adopt_minutes(by=world["head"], now=at, meeting=meeting)
    adviser = j.adviser(world, at)
    told = {"question": HOSTILE, "text": HOSTILE}
    opinion = actions.record_opinion(by=world["office"], now=at, case=case, adviser=adviser, **told)
    briefing = j.planned(world, case, at, topic=HOSTILE)
    j.outlet(world, briefing, HOSTILE, now=at)
    force = j.formed(world, case, at)
    actions.join_task_force(by=world["head"], now=at, force=force, person=world["reviewer"], duty=HOSTILE)
    browser = as_role("office")
    rows = (meeting, opinion, briefing, force, adviser)
    addresses = [row.get_absolute_url() for row in rows]
    for address in (
        *addresses,
        "/joint/",
        "/joint/press/",
        "/joint/opinions/",
        f"/cases/{case.number}/",
        "/",
    ):
        page = text(browser, address)
        assert "<script>alert" not in page, address
    assert SHOWN in text(browser, meeting.get_absolute_url())


@pytest.mark.parametrize("words", ["", "热水", "%", "'; --", "\x00", "长" * 300])
def test_the_lists_take_any_words(world: World, case: Case, as_role: Browser, words: str) -> None:
    j.called(world, case, timezone.now())
    for state in ("", "called", "nowhere"):
        assert as_role("auditor").get("/joint/", {"q": words, "state": state}).status_code == 200
    assert as_role("auditor").get("/joint/press/", {"state": words, "page": words}).status_code == 200


def test_lists_find_and_sort_out(world: World, case: Case, as_role: Browser) -> None:
    j.called(world, case, timezone.now())
    j.planned(world, case, timezone.now())
    office = as_role("office")
    assert "3号宿舍楼" in text(office, "/joint/?q=热水&state=called")
    assert "没有找到" in text(office, "/joint/?q=校车") and "没有找到" in text(office, "/joint/?state=held")
    assert "情况通报" in text(office, "/joint/press/?state=planned")
    assert "情况通报" not in text(office, "/joint/press/?state=held")


def test_whoever_is_asked_but_has_nothing_to_do_with_the_case_sees_no_link_to_it(
    world: World, case: Case, as_role: Browser
) -> None:
    meeting = j.called(world, case, timezone.now())
    page = text(as_role("handler"), meeting.get_absolute_url())
    assert f'href="/cases/{case.number}/"' not in page and "请回复是否参加" in page
    assert f'href="/cases/{case.number}/"' in text(as_role("office"), meeting.get_absolute_url())


def test_the_pages_speak_english(world: World, case: Case, as_role: Browser) -> None:
    now = timezone.now()
    rows = [j.called(world, case, now), j.formed(world, case, now), j.planned(world, case, now)]
    browser = as_role("office")
    browser.post("/language/", {"language": "en"})
    world["office"].language = "en"
    world["office"].save()
    for row in rows:
        page = text(browser, row.get_absolute_url())
        assert "Working together" in page
    assert "Joint meeting" in text(browser, rows[0].get_absolute_url())


def test_a_light_case_shows_none_of_it(world: World, now: datetime, as_role: Browser) -> None:
    case = handling.closed(world, now)
    page = text(as_role("office"), f"/cases/{case.number}/")
    for part in ('id="meetings"', 'id="force"', 'id="press"', 'id="opinions"'):
        assert part not in page


def test_no_two_things_on_a_page_share_an_id(world: World, case: Case, as_role: Browser) -> None:
    now = timezone.now() - 2 * j.HOUR
    rows = [j.called(world, case, now), j.held(world, case, now), j.formed(world, case, now)]
    pages = [*rows, j.planned(world, case, now), j.spoken(world, case, now)]
    for role in ("office", "head"):
        for row in pages:
            ids = re.findall(r' id="([^"]+)"', text(as_role(role), row.get_absolute_url()))
            assert sorted(ids) == sorted(set(ids)), row


def test_minutes_are_written_only_between_the_meeting_and_its_adoption(
    world: World, case: Case, as_role: Browser
) -> None:
    office, now = as_role("office"), timezone.now() - 2 * j.HOUR
    called = j.called(world, case, now)
    here = called.get_absolute_url()
    for address in (f"{here}minutes/", f"{here}paper/"):
        answer = office.post(address, follow=True)
        assert answer.redirect_chain == [(here, 302)] and 'class="notice' in answer.content.decode()
    written = j.written(world, case, now)
    there, decision = written.get_absolute_url(), written.decisions.get()
    assert office.post(f"{there}decisions/987654321/drop/").status_code == 404
    assert office.post(f"{here}decisions/{decision.pk}/drop/").status_code == 404
    office.post(f"{there}decisions/{decision.pk}/drop/")
    assert not written.decisions.exists()
    office.post(f"{there}minutes/", {"minutes": "又改了", **j.PLAN, "then": "keep"})
    written.refresh_from_db()
    assert (written.state, written.minutes) == ("held", "又改了")
    as_role("head").post(f"{there}adopt/", {})
    answer = office.post(f"{there}paper/")
    written.refresh_from_db()
    assert written.paper is not None and answer.headers["Location"] == written.paper.get_absolute_url()
    assert "纪要文件" in text(office, there)


def test_a_meeting_is_called_off_in_the_browser(world: World, case: Case, as_role: Browser) -> None:
    meeting = j.called(world, case, timezone.now())
    here, duty = meeting.get_absolute_url(), as_role("duty")
    assert duty.post(f"{here}cancel/", {"why": ""}).status_code == 422
    duty.post(f"{here}cancel/", {"why": "改到明天"})
    assert "改到明天" in text(duty, here) and "记到会" not in text(duty, here)


def test_an_interview_is_agreed_to_moved_and_called_off_in_the_browser(
    world: World, case: Case, as_role: Browser
) -> None:
    now, office = timezone.now(), as_role("office")
    briefing = j.planned(world, case, now, "interview")
    here = briefing.get_absolute_url()
    assert f"{here}clear/" in text(as_role("head"), here) and f"{here}clear/" not in text(office, here)
    for words in ("已同意接受采访。", "已经同意过。"):
        assert words in as_role("head").post(f"{here}clear/", follow=True).content.decode()
    outlet = j.outlet(world, briefing, now=now)
    for wrong in ("x", "987654321"):
        assert office.post(f"{here}outlets/", {"drop": wrong}).status_code == 404
    office.post(f"{here}outlets/", {"drop": outlet.pk})
    assert not briefing.outlets.exists()
    assert "采访没有发布词" in office.post(f"{here}words/", follow=True).content.decode()
    told = {"stage": "final", "topic": "改期采访", "at": local(now + j.DAY), "place": "门口"}
    assert office.post(f"{here}change/", told).status_code == 422
    office.post(f"{here}change/", {**told, "spokesperson": world["deputy"].pk})
    assert "改期采访" in text(as_role("deputy"), "/")
    office.post(f"{here}change/", {"why": "记者不来了"})
    assert "记者不来了" in text(office, here)
    assert "已经举行或取消" in office.post(f"{here}kit/", follow=True).content.decode()
