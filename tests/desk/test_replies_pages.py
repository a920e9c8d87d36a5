"""The pages of answers: who sees what, what is kept, what the editor answers while somebody types."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from huiying.desk.replies import actions
from huiying.desk.replies.models import Draft, Lines, Publication, Referral, WordRule
from tests.desk import letters
from tests.desk.world import World

SignIn = Callable[[str], Client]


@pytest.fixture
def draft(world: World) -> Draft:
    now = timezone.now()
    case = letters.matter(world, now)
    return letters.written(world, case, now=now)


def fields(draft: Draft, **more: object) -> dict[str, object]:
    """What the editor posts."""
    draft.refresh_from_db()
    base = {
        "form": draft.form,
        "stage": draft.stage,
        "title": draft.title,
        "asked": draft.asked,
        "text": draft.text,
        "promise_text": "",
        "promise_on": "",
        "revision": draft.revision,
    }
    return base | more


def test_the_editor_shows_message_draft_lines_and_chain(draft: Draft, as_role: SignIn) -> None:
    page = as_role("spokesperson").get(f"/replies/{draft.pk}/").content.decode()
    assert "data-write" in page and "要点 2/2" in page and "己审核" in page
    assert "没有审定的口径" in page


def test_whoever_does_not_draft_reads(draft: Draft, as_role: SignIn) -> None:
    for role in ("head", "auditor", "reviewer"):
        page = as_role(role).get(f"/replies/{draft.pk}/").content.decode()
        assert "data-write" not in page and draft.title in page
        assert "formaction" not in page


def test_strangers_and_other_units_see_nothing(draft: Draft, as_role: SignIn) -> None:
    assert as_role("").get(f"/replies/{draft.pk}/").status_code == 302
    assert as_role("handler").get(f"/replies/{draft.pk}/").status_code == 404
    assert as_role("admin").get(f"/replies/{draft.pk}/").status_code == 403


def test_typing_saves_and_answers_with_findings_marks_and_points(draft: Draft, as_role: SignIn) -> None:
    text = "您好！己收悉，热水按装新泵。"
    answer = as_role("spokesperson").post(f"/replies/{draft.pk}/check/", fields(draft, text=text))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "“按装”应为“安装”" in page and 'name="mend"' in page
    assert '<mark class="is-warning"' in page and 'id="mirror"' in page and 'id="chain"' in page
    draft.refresh_from_db()
    assert draft.text == text and f'value="{draft.revision}"' in page


def test_two_people_typing_at_once_do_not_write_over_each_other(draft: Draft, as_role: SignIn) -> None:
    mine, theirs = fields(draft, text="我的版本"), fields(draft, text="同事的版本")
    as_role("office").post(f"/replies/{draft.pk}/check/", theirs)
    page = as_role("spokesperson").post(f"/replies/{draft.pk}/check/", mine).content.decode()
    assert "别人刚改过" in page
    draft.refresh_from_db()
    assert draft.text == "同事的版本"
    saved = as_role("spokesperson").post(f"/replies/{draft.pk}/save/", mine)
    assert saved.status_code == 422 and "我的版本" in saved.content.decode()
    again = as_role("spokesperson").post(f"/replies/{draft.pk}/save/", mine)
    assert again.status_code == 422, "pressing twice must not win"


def test_half_typed_dates_do_not_stop_the_saving(draft: Draft, as_role: SignIn) -> None:
    posted = fields(draft, text="新的一句", promise_on="2026-1")
    as_role("spokesperson").post(f"/replies/{draft.pk}/check/", posted)
    draft.refresh_from_db()
    assert draft.text == "新的一句" and draft.promise_due_at is None


def test_a_promised_day_ends_at_its_midnight(draft: Draft, as_role: SignIn) -> None:
    posted = fields(draft, promise_on="2026-12-01", promise_text="修好热水")
    as_role("spokesperson").post(f"/replies/{draft.pk}/save/", posted)
    draft.refresh_from_db()
    assert draft.promise_due_at and draft.promise_due_at.isoformat() == "2026-12-01T16:00:00+00:00"
    page = as_role("spokesperson").get(f"/replies/{draft.pk}/").content.decode()
    assert 'value="2026-12-01"' in page


def test_a_mend_works_without_a_script(draft: Draft, as_role: SignIn) -> None:
    posted = fields(draft, text="热水按装新泵。\r\n第二行", mend="2:4:安装")
    answer = as_role("spokesperson").post(f"/replies/{draft.pk}/mend/", posted)
    draft.refresh_from_db()
    assert answer.status_code == 302 and draft.text == "热水安装新泵。\n第二行"


@pytest.mark.parametrize("mend", ["", "x", "9:2:安装", "0:9999:安装", "-1:2:x", "1:2"])
def test_a_mend_for_a_place_that_is_not_there_changes_nothing(
    draft: Draft, as_role: SignIn, mend: str
) -> None:
    before = draft.text
    assert (
        as_role("spokesperson").post(f"/replies/{draft.pk}/mend/", fields(draft, mend=mend)).status_code
        == 302
    )
    draft.refresh_from_db()
    assert draft.text == before


def test_handing_in_with_errors_asks_for_mending_or_a_reason_and_keeps_the_text(
    draft: Draft, as_role: SignIn
) -> None:
    text = letters.ANSWER + "请联系王老师13812345678。"
    answer = as_role("spokesperson").post(f"/replies/{draft.pk}/submit/", fields(draft, text=text))
    page = answer.content.decode()
    assert answer.status_code == 422 and "还有必须改的地方" in page and "13812345678" in page
    draft.refresh_from_db()
    posted = fields(draft, text=text, reason="本人同意公布")
    assert as_role("spokesperson").post(f"/replies/{draft.pk}/submit/", posted).status_code == 302
    draft.refresh_from_db()
    assert draft.state == Draft.State.SUBMITTED


def test_the_whole_way_in_the_browser(draft: Draft, as_role: SignIn) -> None:
    at = f"/replies/{draft.pk}"
    assert as_role("spokesperson").post(f"{at}/submit/", fields(draft)).status_code == 302
    assert "轮到你批" in as_role("reviewer").get(f"{at}/").content.decode()
    assert "轮到你批" not in as_role("deputy").get(f"{at}/").content.decode()
    assert as_role("reviewer").post(f"{at}/approve/", {"comment": "可以"}).status_code == 302
    assert as_role("deputy").post(f"{at}/approve/", {}).status_code == 302
    preview = as_role("spokesperson").get(f"{at}/publish/").content.decode()
    assert "一字不差" in preview and "北区浴室" in preview and "分管负责人" in preview
    assert (
        as_role("spokesperson")
        .post(f"{at}/publish/", {"under_post": "on", "elsewhere": "学校公众号"})
        .status_code
        == 302
    )
    draft.refresh_from_db()
    assert draft.state == Draft.State.PUBLISHED
    assert set(draft.publications.values_list("place", flat=True)) == {
        "public",
        "forum.example",
        "学校公众号",
    }
    row = Publication.objects.get(place="学校公众号")
    page = as_role("spokesperson").get(f"{at}/").content.decode()
    assert "登记网址" in page and "data-copy" in page
    bad = as_role("spokesperson").post(f"{at}/places/{row.pk}/", {"address": "第三楼"})
    assert bad.status_code == 422 and "第三楼" in bad.content.decode()
    good = as_role("spokesperson").post(f"{at}/places/{row.pk}/", {"address": "https://w.example/1"})
    assert good.status_code == 302


def test_ones_own_draft_is_refused_with_a_sentence(draft: Draft, as_role: SignIn, world: World) -> None:
    actions.save(by=world["office"], now=timezone.now(), draft=draft, fields={"title": "改过"})
    as_role("office").post(f"/replies/{draft.pk}/submit/", fields(draft))
    answer = as_role("office").post(f"/replies/{draft.pk}/approve/", {})
    assert answer.status_code == 403 and "自己写的稿子不能自己批" in answer.content.decode()


def test_returned_text_opens_in_the_editor_with_the_reason(draft: Draft, as_role: SignIn) -> None:
    as_role("spokesperson").post(f"/replies/{draft.pk}/submit/", fields(draft))
    assert as_role("reviewer").post(f"/replies/{draft.pk}/return/", {"reason": ""}).status_code == 422
    as_role("reviewer").post(f"/replies/{draft.pk}/return/", {"reason": "开放时间再核"})
    page = as_role("spokesperson").get(f"/replies/{draft.pk}/").content.decode()
    assert "开放时间再核" in page and "data-write" in page


def test_the_emergency_path_in_the_browser(draft: Draft, as_role: SignIn) -> None:
    at = f"/replies/{draft.pk}"
    assert "审批没有走完" in as_role("office").get(f"{at}/urgent/").content.decode()
    assert as_role("office").post(f"{at}/urgent/", {"reason": ""}).status_code == 422
    assert as_role("spokesperson").post(f"{at}/urgent/", {"reason": "急"}).status_code == 403
    assert as_role("office").post(f"{at}/urgent/", {"reason": "家长已到校门口"}).status_code == 302
    page = as_role("head").get(f"{at}/").content.decode()
    assert "紧急发布，没有走完审批" in page and "事后审查" in page
    as_role("head").post(f"{at}/review/", {"comment": "处置得当"})
    page = as_role("auditor").get(f"{at}/").content.decode()
    assert "紧急发布，没有走完审批" in page and "处置得当" in page


def test_the_list_says_what_waits_for_me(draft: Draft, as_role: SignIn) -> None:
    as_role("spokesperson").post(f"/replies/{draft.pk}/submit/", fields(draft))
    assert draft.title in as_role("reviewer").get("/replies/").content.decode()
    assert "没有等你办的" in as_role("head").get("/replies/").content.decode()
    assert draft.title in as_role("auditor").get("/replies/?tab=all").content.decode()
    assert draft.title not in as_role("auditor").get("/replies/?tab=all&state=published").content.decode()


def test_lines_in_the_browser(draft: Draft, as_role: SignIn) -> None:
    at = f"/replies/cases/{draft.case.number}/lines"
    assert as_role("office").post(f"{at}/write/", {"facts": ""}).status_code == 422
    assert as_role("office").post(f"{at}/write/", letters.FACTS).status_code == 302
    page = as_role("head").get(f"{at}/").content.decode()
    assert "请审定第 1 版" in page and "请审定" not in as_role("office").get(f"{at}/").content.decode()
    row = Lines.objects.get()
    assert as_role("head").post(f"/replies/lines/{row.pk}/return/", {"comment": ""}).status_code == 422
    assert as_role("head").post(f"/replies/lines/{row.pk}/approve/", {}).status_code == 302
    assert "第 1 版生效中" in as_role("auditor").get(f"{at}/").content.decode()


def test_referrals_in_the_browser(draft: Draft, as_role: SignIn) -> None:
    at = f"/replies/cases/{draft.case.number}/referrals/new/"
    refused = as_role("office").post(
        at,
        {
            "kind": "correction",
            "ground": "untrue",
            "claim": "太差了",
            "address": "x",
            "fact": "f",
            "evidence": "e",
            "recipient": "r",
        },
    )
    assert refused.status_code == 422 and "不是可核实的事实" in refused.content.decode()
    sent = {
        "kind": "referral",
        "ground": "fraud",
        "address": "https://forum.example/t/9",
        "claim": "扫码交校服费送平板",
        "fact": "学校从未委托任何人收费，二维码为个人收款码。",
        "evidence": "二维码截图\n财务处说明",
        "recipient": "市公安局反诈中心",
    }
    assert as_role("office").post(at, sent).status_code == 302
    row = Referral.objects.get()
    page = f"/replies/referrals/{row.pk}/"
    assert "请你批" in as_role("deputy").get(page).content.decode()
    assert as_role("deputy").post(f"{page}decide/", {"verdict": "refuse"}).status_code == 422
    assert as_role("deputy").post(f"{page}decide/", {"verdict": "agree"}).status_code == 302
    assert as_role("office").post(f"{page}send/", {"means": "函8号"}).status_code == 302
    assert as_role("office").post(f"{page}outcome/", {"words": "已立案"}).status_code == 302
    assert "已立案" in as_role("auditor").get(page).content.decode()
    assert row.number in as_role("auditor").get("/replies/referrals/").content.decode()


def test_the_own_list_of_words_counts_at_once(draft: Draft, as_role: SignIn) -> None:
    office = as_role("office")
    assert (
        office.post("/replies/wording/add/", {"words": "", "rigour": "careful", "why": "x"}).status_code
        == 422
    )
    entry = {"words": "循环泵", "rigour": "forbidden", "why": "对外说“水泵”", "use": "水泵"}
    assert office.post("/replies/wording/add/", entry).status_code == 302
    page = as_role("spokesperson").get(f"/replies/{draft.pk}/").content.decode()
    assert "对外说“水泵”" in page and "改为“水泵”" in page
    rule = WordRule.objects.get()
    office.post(f"/replies/wording/{rule.pk}/switch/", {"active": "no"})
    assert "对外说“水泵”" not in as_role("spokesperson").get(f"/replies/{draft.pk}/").content.decode()
    assert office.post(f"/replies/wording/{rule.pk}/", entry | {"why": "改过"}).status_code == 302
    rule.refresh_from_db()
    assert rule.why == "改过"


def test_an_allowed_word_silences_a_shipped_one(draft: Draft, as_role: SignIn, world: World) -> None:
    spokesperson = as_role("spokesperson")
    spokesperson.post(f"/replies/{draft.pk}/save/", fields(draft, text=letters.ANSWER + "我校高度重视。"))
    assert "套话“高度重视”" in spokesperson.get(f"/replies/{draft.pk}/").content.decode()
    entry = {"words": "高度重视", "rigour": "allowed", "why": "本校允许"}
    actions.put_rule(by=world["office"], now=timezone.now(), fields=entry)
    assert "套话“高度重视”" not in spokesperson.get(f"/replies/{draft.pk}/").content.decode()


def test_text_from_outside_is_escaped(world: World, as_role: SignIn) -> None:
    now = timezone.now()
    case = letters.matter(world, now)
    mention = letters.post(
        now, text="<script>alert(1)</script>什么时候修好？", address="https://forum.example/t/2"
    )
    case.mentions.add(mention)
    draft = actions.start(by=world["spokesperson"], now=now, case=case, mention=mention)
    draft = actions.save(
        by=world["spokesperson"], now=now, draft=draft, fields={"text": "<img src=x onerror=1>按装"}
    )
    page = as_role("spokesperson").get(f"/replies/{draft.pk}/").content.decode()
    assert "<script>alert" not in page and "<img src=x" not in page
    assert re.search(r"&lt;img src=x onerror=1&gt;", page)


def test_the_case_page_shows_lines_and_answers(draft: Draft, as_role: SignIn) -> None:
    page = as_role("office").get(f"/cases/{draft.case.number}/").content.decode()
    assert draft.title in page and "拟答复" in page and "拟口径" in page


def test_starting_offers_the_owed_stage_and_the_post(draft: Draft, as_role: SignIn) -> None:
    at = f"/replies/cases/{draft.case.number}/new/"
    page = as_role("office").get(f"{at}?stage=final").content.decode()
    assert '<option value="final" selected>' in page
    answer = as_role("office").post(at, {"form": "statement", "stage": "first", "mention": ""})
    assert answer.status_code == 302 and Draft.objects.latest("pk").form == "statement"
    assert as_role("head").get(at).status_code == 403


def test_a_draft_is_found_by_its_words_as_soon_as_it_is_saved(draft: Draft, as_role: SignIn) -> None:
    as_role("spokesperson").post(
        f"/replies/{draft.pk}/save/", fields(draft, text="您好！循环泵已换成静音型。")
    )
    assert draft.title in as_role("office").get("/search/?q=静音").content.decode()
    assert draft.title not in as_role("handler").get("/search/?q=静音").content.decode()
