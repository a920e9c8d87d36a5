"""What may be asked of others about somebody's content: the rule that refuses opinion, profile pages and dossiers."""

from dataclasses import replace

import pytest

from huiying.engine.reply.referral import Request, check

UNTRUE = Request(
    kind="correction",
    ground="untrue",
    address="https://forum.example/t/88123",
    claim="九中3号宿舍楼11月22日起火，烧伤5人",
    fact="11月22日没有火情，消防和校医院均无记录。",
    evidence=("消防大队11月23日出具的说明", "校医院11月22日接诊记录"),
    verified="untrue",
)
SCAM = replace(UNTRUE, kind="referral", ground="fraud", claim="扫码交校服费送平板", verified="")


def codes(request: Request) -> list[str]:
    return [one.code.removeprefix("referral.") for one in check(request)]


def test_one_untrue_claim_with_evidence_may_be_corrected() -> None:
    assert codes(UNTRUE) == []
    assert codes(replace(UNTRUE, verified="partly")) == []


@pytest.mark.parametrize("ground", ["safety", "fraud", "impersonation", "personal"])
def test_one_of_four_grounds_may_be_referred(ground: str) -> None:
    assert codes(replace(SCAM, ground=ground)) == []


@pytest.mark.parametrize("verified", ["", "true", "unclear"])
def test_nothing_is_corrected_before_it_was_found_untrue(verified: str) -> None:
    assert codes(replace(UNTRUE, verified=verified)) == ["unverified"]


@pytest.mark.parametrize(
    "claim",
    [
        "这学校太差了",
        "领导不作为，令人失望",
        "我觉得学校在糊弄家长",
        "希望教育局来查一查",
        "为什么没人管？",
        "难道学生的命不值钱吗",
        "收费太黑，吃相难看",
        "建议换掉后勤处长",
    ],
)
def test_opinion_criticism_and_question_are_refused(claim: str) -> None:
    assert codes(replace(UNTRUE, claim=claim)) == ["opinion"]


def test_what_nobody_could_check_is_refused() -> None:
    assert codes(replace(UNTRUE, claim="学校的氛围一言难尽")) == ["uncheckable"]


@pytest.mark.parametrize("ground", ["", "opinion", "criticism", "safety"])
def test_a_correction_has_no_other_ground(ground: str) -> None:
    assert "ground" in codes(replace(UNTRUE, ground=ground))


@pytest.mark.parametrize("ground", ["", "untrue", "negative", "rumour"])
def test_a_referral_has_no_fifth_ground(ground: str) -> None:
    assert "ground" in codes(replace(SCAM, ground=ground))


@pytest.mark.parametrize(
    "address",
    [
        "",
        "论坛里那个帖子",
        "ftp://forum.example/t/1",
        "http://127.0.0.1/t/1",
        "http://10.0.0.5/t/1",
        "http://wiki.internal/t/1",
        "https://localhost/t/1",
    ],
)
def test_the_address_is_a_public_one(address: str) -> None:
    assert codes(replace(UNTRUE, address=address)) == ["address"]


@pytest.mark.parametrize(
    "address",
    [
        "https://forum.example/",
        "https://forum.example/u/zhangsan",
        "https://weibo.example/profile/123",
        "https://space.example/12345",
        "https://forum.example/@somebody",
    ],
)
def test_the_address_is_a_piece_of_content_not_a_person_or_a_site(address: str) -> None:
    assert codes(replace(UNTRUE, address=address)) == ["profile"]


def test_one_claim_at_a_time() -> None:
    many = "11月22日起火。烧伤5人。学校封锁消息。"
    assert "many" in codes(replace(UNTRUE, claim=many))


def test_facts_and_evidence_are_needed() -> None:
    assert codes(replace(UNTRUE, fact="", evidence=())) == ["no-fact", "no-evidence"]
    assert codes(replace(UNTRUE, claim="")) == ["no-claim"]


def test_nothing_about_the_author_goes_out() -> None:
    named = replace(UNTRUE, fact="发帖人手机13812345678，11月22日没有火情，消防无记录。")
    assert codes(named) == ["personal"]
    assert codes(replace(UNTRUE, evidence=("身份证110101199003074477登记表",))) == ["personal"]
