"""Name and date, courtesy, and the lists of words."""

import pytest

from huiying.engine.reply import letter, wording
from huiying.engine.reply.check import LONGEST, check, mend
from huiying.engine.reply.model import Context, DraftText, Rigour, Rule
from huiying.engine.reply.wording import merged, read_rules, shipped
from huiying.engine.text import Text
from tests.engine.reply_drafts import NOW

SCHOOL = "青禾市第九中学"


def told(text: str, form: str = "reply", institution: str = SCHOOL) -> dict[str, str]:
    context = Context(now=NOW, institution=institution, aliases=("九中",))
    return {
        one.code.removeprefix("reply.letter."): one.level
        for one in letter.check(DraftText(text=text, form=form), context)
    }


def test_a_statement_must_carry_name_and_date_a_reply_should() -> None:
    assert told("热水已恢复。", "statement") == {"unsigned": "warning", "undated": "warning"}
    assert told("您好！热水已恢复。") == {"unsigned": "hint", "undated": "hint"}
    assert told(f"您好！热水已恢复。{SCHOOL} 2026年11月24日") == {}
    assert told("您好！热水已恢复。九中 二〇二六年十一月二十四日") == {}


def test_the_mend_signs() -> None:
    context, text = Context(now=NOW, institution=SCHOOL), "您好！热水已恢复。"
    unsigned = next(
        one for one in letter.check(DraftText(text=text), context) if one.code.endswith("unsigned")
    )
    assert mend(text, unsigned) == f"您好！热水已恢复。\n{SCHOOL}"


def test_slipping_out_of_courtesy() -> None:
    assert told("您好！请你到总务处办理。九中2026年11月24日") == {"thou": "hint"}
    assert told("热水已恢复。九中2026年11月24日") == {"greeting": "hint"}


def test_an_empty_text_is_an_error() -> None:
    found = check(DraftText(text=" \n "), Context(now=NOW))
    assert [(one.code, one.level) for one in found] == [("reply.empty", "error")]


def test_a_text_too_long_to_check_is_refused_not_read() -> None:
    found = check(DraftText(text="水" * (LONGEST + 1)), Context(now=NOW))
    assert [one.code for one in found] == ["reply.too-long"]


def words(
    text: str, rules: tuple[Rule, ...] = shipped(), form: str = "reply", untrue: bool = False
) -> list[str]:
    context = Context(now=NOW, rules=rules, found_untrue=untrue)
    return [
        f"{one.code.rsplit('.')[-1]}:{one.level}"
        for one in wording.check(DraftText(text=text, form=form), context)
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("网传纯属谣言。", "hasty:warning"),
        ("请勿无理取闹。", "rude:warning"),
        ("照顾残废人。", "forbidden:error"),
        ("我局高度重视。", "formula:hint"),
        ("群众情绪稳定。", "careful:hint"),
    ],
)
def test_the_shipped_list(text: str, code: str) -> None:
    assert words(text) == [code]


def test_what_is_quoted_is_not_said() -> None:
    assert words("您在信中写到“无理取闹”一词。") == []
    assert words("您在信中写到“残废人”一词。") == ["forbidden:error"]


def test_longer_innocent_words() -> None:
    assert words("该事项不归我局管辖，请向市住建局反映。") == []
    assert words("这事不归我局管。") == ["rude:warning"]


def test_a_correction_of_what_was_found_untrue_may_say_so() -> None:
    assert words("网传系谣言。", form="correction", untrue=True) == []
    assert words("网传系谣言。", form="reply", untrue=True) == ["hasty:warning"]


def test_the_institutions_own_entry_comes_first() -> None:
    own = Rule(words=("高度重视",), rigour=Rigour.FORBIDDEN, why=Text("本校不用", "not here"), use="")
    assert words("我校高度重视。", merged([own])) == ["forbidden:error"]
    assert words("我校十分重视。", merged([own])) == ["formula:hint"]


def test_a_replacement_is_offered() -> None:
    own = Rule(words=("断供",), rigour=Rigour.CAREFUL, why=Text("", ""), use="暂停供应")
    text = "热水断供。"
    (one,) = wording.check(DraftText(text=text), Context(now=NOW, rules=(own,)))
    assert mend(text, one) == "热水暂停供应。"


def test_a_list_from_a_file_says_what_it_cannot_read() -> None:
    rules, findings = read_rules('[[rule]]\nwords = ["甲"]\nrigour = "rude"\nwhy = "不妥"\n', "w.toml")
    assert rules[0].words == ("甲",) and findings == []
    rules, findings = read_rules('[[rule]]\nwords = ["甲"]\nrigour = "nonsense"\nwhy = "x"\n', "w.toml")
    assert rules == () and findings[0].place.path == "rule[1]"
    assert read_rules("[[rule", "w.toml")[1][0].code == "wording.toml"


def test_the_shipped_list_is_whole() -> None:
    rules = shipped()
    every = [word for rule in rules for word in rule.words]
    assert len(every) > 100 and len(every) == len(set(every))
    assert all(rule.why.zh and rule.why.en for rule in rules)


@pytest.mark.parametrize(
    "text",
    [
        "\x00\x01乱码",
        "🙂🙂🙂",
        "A" * 5000,
        "（" * 2000,
        "一" * 20000,
        "=1+1\n+cmd|' /C calc'!A0",
        "\u202eabc",
        "1月" * 3000,
    ],
)
def test_hostile_text_is_read_without_falling_over(text: str) -> None:
    context = Context(now=NOW, message=text, institution=SCHOOL, rules=shipped())
    for one in check(DraftText(text=text), context):
        assert one.message.zh and one.message.en
