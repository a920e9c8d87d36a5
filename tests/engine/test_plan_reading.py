"""Plans with one fault each: the finding names the line and how to mend it."""

import pytest

from huiying.engine.findings import Finding
from huiying.engine.plan import read_plan
from huiying.engine.plan.model import Condition
from tests.engine.matters import PLAN

MARK = "#!"  # stands at the end of the line that the finding must name

SMALL = """format = 1
id = "x"
name = "试"
[[level]]
number = 1
name = "重"
when = [{ mentions = 9 }]
[[level]]
number = 2
name = "轻"
when = [{ mentions = 1 }]
[[recipient]]
id = "higher"
name = "上级"
[[chain]]
roles = ["head"]
"""


def found(text: str) -> list[Finding]:
    plan, findings = read_plan(text, file="x.toml")
    assert (plan is None) == any(finding.level == "error" for finding in findings)
    return findings


def line(text: str) -> int:
    return next(number for number, row in enumerate(text.splitlines(), 1) if MARK in row)


FAULTS = {
    # shape
    "a key that is not known": ("plan.unknown-key", '[[duty]]\nid = "a"\nact = "verified"\nwihtin = "1 hour" #!\nwithin = "2 hours"\n'),
    "a section that is not known": ("plan.unknown-key", "[[dutys]] #!\nid = 1\n"),
    "a table where an array belongs": ("plan.bad-value", '[duty] #!\nid = "a"\n'),
    "a missing key": ("plan.missing-key", '[[duty]] #!\nact = "verified"\nwithin = "1 hour"\n'),
    "a missing time": ("plan.missing-key", '[[duty]] #!\nid = "a"\nact = "verified"\n'),
    "a number for a text": ("plan.bad-value", '[[duty]]\nid = 5 #!\nact = "verified"\nwithin = "1 hour"\n'),
    "a sentence in a wrong table": ("plan.bad-value", '[[subject]]\nid = "a"\nname = { cn = "x" } #!\n'),
    # values
    "a span that cannot be read": ("plan.bad-span", '[[duty]]\nid = "a"\nact = "verified"\nwithin = "soon" #!\n'),
    "a span of nothing": ("plan.bad-span", '[[duty]]\nid = "a"\nact = "verified"\nwithin = "0 hours" #!\n'),
    "an act that is no act": ("plan.unknown-value", '[[duty]]\nid = "a"\nact = "verify" #!\nwithin = "1 hour"\n'),
    "a role that nobody has": ("plan.unknown-value", '[[duty]]\nid = "a"\nact = "verified"\nwho = "boss" #!\nwithin = "1 hour"\n'),
    "an event that does not happen": ("plan.unknown-value", '[[duty]]\nid = "a"\nact = "verified"\nsince = "yesterday" #!\nwithin = "1 hour"\n'),
    "a means that does not exist": ("plan.unknown-value", '[[duty]]\nid = "a"\nact = "reported"\nto = "higher"\nmeans = "pigeon" #!\nwithin = "1 hour"\n'),
    "a stage that does not exist": ("plan.unknown-value", '[[answer]]\nstage = "second" #!\nwithin = "1 hour"\n'),
    "a role in a chain that nobody has": ("plan.unknown-value", '[[chain]]\nroles = ["office|boss"] #!\n'),
    "an empty chain": ("plan.missing-key", "[[chain]]\nroles = [] #!\n"),
    "a reminder in days": ("plan.bad-span", '[reminders]\nbefore = ["2 working days"] #!\n'),
    "a key period on no day": ("plan.bad-value", '[[key_period]]\nid = "a"\nname = "x"\ndays = ["02-30"] #!\n'),
    "a key period without days": ("plan.missing-key", '[[key_period]] #!\nid = "a"\nname = "x"\n'),
    "a zone that does not exist": ("plan.bad-zone", None),
    "a level of nought": ("plan.bad-value", '[[duty]]\nid = "a"\nact = "verified"\nlevels = [0] #!\nwithin = "1 hour"\n'),
    # evidence
    "a tier that does not exist": ("plan.unknown-value", None),
    "a condition that wants absence": ("plan.not-monotone", None),
    "a group without conditions": ("plan.empty-group", None),
    "a share above one": ("plan.bad-value", None),
    "different counts in one group": ("plan.bad-value", None),
    # references
    "a level that is not there": ("plan.unknown-reference", '[[duty]]\nid = "a"\nact = "verified"\nlevels = [3] #!\nwithin = "1 hour"\n'),
    "a matter that is not there": ("plan.unknown-reference", '[[answer]]\nstage = "first"\nmatters = ["x"] #!\nwithin = "1 hour"\n'),
    "a recipient that is not there": ("plan.unknown-reference", '[[duty]]\nid = "a"\nact = "reported"\nto = "hihger" #!\nwithin = "1 hour"\n'),
    "a rule that is not there": ("plan.unknown-reference", '[[duty]]\nid = "a"\nact = "verified"\nsince = "duty:b" #!\nwithin = "1 hour"\n'),
    "a step that is not there": ("plan.unknown-reference", '[[duty]]\nid = "a"\nact = "done"\nstep = "b" #!\nwithin = "1 hour"\n'),
    "a pair of steps that are not there": ("plan.unknown-reference", '[[pair]]\nid = "a"\nname = "x"\nsteps = ["b", "c"] #!\nwithin = "1 hour"\n'),
    "a step after none": ("plan.unknown-reference", '[[step]]\nid = "a"\nname = "x"\nafter = ["b"] #!\n'),
    "a route of no subject": ("plan.unknown-reference", '[[route]]\nunit = "u"\nsubjects = ["x"] #!\n'),
    "a route that tells nobody": ("plan.unknown-reference", '[[route]]\nunit = "u"\naddressees = ["书记"]\ntell = ["x"] #!\n'),
    "a watch of a level that is not there": ("plan.unknown-reference", '[[watch]]\nlevels = [7] #!\nlasts = "7 days"\n'),
    # contradictions
    "an id twice": ("plan.duplicate-id", '[[subject]]\nid = "a"\nname = "x"\n[[subject]]\nid = "a" #!\nname = "y"\n'),
    "an id of an answer and of a duty": ("plan.duplicate-id", '[[answer]]\nstage = "first"\nwithin = "1 hour"\n[[duty]]\nid = "first" #!\nact = "verified"\nwithin = "1 hour"\n'),
    "a route of nothing": ("plan.missing-key", '[[route]] #!\nunit = "u"\n'),
    "a report to nobody": ("plan.missing-key", '[[duty]] #!\nid = "a"\nact = "reported"\nwithin = "1 hour"\n'),
    "a promise without a limit": ("plan.missing-key", '[[answer]]\nstage = "formal"\nwithin = "1 hour"\nor_promise = true #!\n'),
    "again and again after closing": ("plan.contradiction", '[[duty]]\nid = "a"\nact = "progress"\nsince = "closed"\nevery = true #!\nwithin = "1 hour"\n'),
    "means of something not reported": ("plan.unfitting-key", '[[duty]]\nid = "a"\nact = "verified"\nmeans = "phone" #!\nwithin = "1 hour"\n'),
    "two deadlines for one thing": ("plan.contradiction", '[[duty]]\nid = "a"\nact = "verified"\nwithin = "2 hours"\n[[duty]]\nid = "b"\nact = "verified"\nwithin = "3 hours" #!\n'),
    "a level with more time than all": ("plan.contradiction", '[[duty]]\nid = "a"\nact = "verified"\nsince = "opened"\nwithin = "2 hours"\n[[duty]]\nid = "b"\nact = "verified"\nsince = "opened"\nlevels = [1]\nwithin = "3 hours" #!\n'),
    "the same thing twice": ("plan.same-twice", '[[duty]]\nid = "a"\nact = "verified"\nwithin = "2 hours"\n[[duty]] #!\nid = "b"\nact = "verified"\nwithin = "2 hours"\n'),
    "steps that wait for each other": ("plan.circle", '[[step]]\nid = "a"\nname = "x"\nafter = ["b"] #!\n[[step]]\nid = "b"\nname = "y"\nafter = ["a"]\n'),
    "rules that wait for each other": ("plan.circle", '[[duty]]\nid = "a"\nact = "verified"\nsince = "duty:b" #!\nwithin = "1 hour"\n[[duty]]\nid = "b"\nact = "lines_set"\nsince = "duty:a"\nwithin = "1 hour"\n'),
}  # fmt: skip


@pytest.mark.parametrize("name", [name for name, (_code, text) in FAULTS.items() if text])
def test_a_fault_is_found_at_its_line(name: str) -> None:
    code, addition = FAULTS[name]
    text = SMALL + str(addition)
    findings = found(text)
    places = [(finding.code, finding.place.line) for finding in findings]
    assert (code, line(text)) in places, places
    assert all(finding.message.zh and finding.message.en for finding in findings)
    assert [finding.code for finding in findings if finding.mend is None] == []


@pytest.mark.parametrize(
    ("code", "old", "new"),
    [
        ("plan.missing-key", 'id = "x"\nname = "试"', 'name = "试"'),
        ("plan.bad-value", "format = 1", "format = 2 #!"),
        ("plan.bad-zone", 'name = "试"', 'name = "试"\nzone = "Asia/Peking" #!'),
        ("plan.no-levels", SMALL[SMALL.index("[[level]]") : SMALL.index("[[recipient]]")], ""),
        ("plan.levels-not-in-order", "number = 2", "number = 3 #!"),
        ("plan.levels-not-in-order", "number = 2", "number = 1 #!"),
        ("plan.bad-value", "number = 2", "number = 7 #!"),
        ("plan.level-without-evidence", '[[level]]\nnumber = 2\nname = "轻"\nwhen = [{ mentions = 1 }]', '[[level]] #!\nnumber = 2\nname = "轻"'),
        ("plan.unknown-value", "mentions = 9 }]", 'tiers = ["national", "world"] }] #!'),
        ("plan.unknown-key", "mentions = 9 }]", "mention = 9 }] #!"),
        ("plan.not-monotone", "mentions = 9 }]", "key_period = false }] #!"),
        ("plan.empty-group", "{ mentions = 9 }]", '{ text = "x" }] #!'),
        ("plan.bad-value", "mentions = 9 }]", "negative = 50 }] #!"),
        ("plan.bad-value", "mentions = 9 }]", "tiers = { national = 1, city = 3 } }] #!"),
        ("plan.bad-value", "mentions = 9 }]", 'mentions = "nine" }] #!'),
        ("plan.unknown-reference", "mentions = 9 }]", 'flags = ["x"] }] #!'),
        ("plan.chain-gap", '[[chain]]\nroles = ["head"]', '[[chain]] #!\nlevels = [1, 2]\nroles = ["head"]'),
        ("plan.unknown-reference", 'name = "试"', 'name = "试"\ndefault_matter = "x" #!'),
        ("plan.unknown-reference", 'name = "试"', 'name = "试"\nextends = "nowhere" #!'),
    ],
)  # fmt: skip
def test_a_fault_in_what_is_there_is_found(code: str, old: str, new: str) -> None:
    assert old in SMALL
    text = SMALL.replace(old, new)
    places = [(finding.code, finding.place.line) for finding in found(text)]
    wanted = line(text) if MARK in text else 1
    assert (code, wanted) in places, places
    assert [finding.code for finding in found(text) if finding.mend is None] == []


def test_the_small_plan_itself_is_clean() -> None:
    assert found(SMALL) == []
    assert found(PLAN) == []


def test_a_near_miss_is_named() -> None:
    text = SMALL + '[[duty]]\nid = "a"\nact = "verifed"\nwihtin = "1 hour"\n'
    mends = {finding.code: finding.mend.en for finding in found(text) if finding.mend}
    assert 'Did you mean "verified"?' in mends["plan.unknown-value"]
    assert 'Did you mean "within"?' in mends["plan.unknown-key"]


def test_every_fault_of_a_file_is_told_at_once_in_the_order_of_its_lines() -> None:
    text = (
        SMALL
        + '[[duty]]\nid = "a"\nact = "x"\nwithin = "soon"\n[[duty]]\nid = "b"\nact = "y"\nwithin = "1 hour"\n'
    )
    places = [finding.place.line for finding in found(text)]
    assert len(places) == 3
    assert places == sorted(places, key=lambda value: value or 0)


# Extending


def test_what_a_plan_says_itself_counts_before_what_it_extends() -> None:
    child = 'format = 1\nid = "y"\nname = "子"\nextends = "x"\n[[recipient]]\nid = "higher"\nname = "县"\n[[chain]]\nforms = ["reply"]\nroles = ["office"]\n'
    plan, findings = read_plan(child, file="y.toml", library={"x": SMALL})
    assert findings == []
    assert plan is not None
    assert (plan.id, plan.name.zh, len(plan.levels)) == ("y", "子", 2)
    assert [item.name.zh for item in plan.recipients] == ["县"]
    assert (plan.chain(1, "reply", False), plan.chain(1, "article", False)) == (("office",), ("head",))


def test_what_is_not_wanted_is_dropped_and_a_wrong_drop_is_found() -> None:
    child = 'format = 1\nid = "y"\nname = "子"\nextends = "x"\ndrop = ["recipient:higher"]\n'
    plan, findings = read_plan(child, file="y.toml", library={"x": SMALL})
    assert findings == []
    assert plan is not None
    assert plan.recipients == ()
    _plan, findings = read_plan(child.replace("higher", "lower"), file="y.toml", library={"x": SMALL})
    assert [(finding.code, finding.place.line) for finding in findings] == [("plan.unknown-reference", 5)]


def test_faults_of_the_extended_plan_name_its_file() -> None:
    child = 'format = 1\nid = "y"\nname = "子"\nextends = "x"\n'
    _plan, findings = read_plan(
        child, file="y.toml", library={"x": SMALL.replace("number = 2", "number = 3")}
    )
    assert [(finding.place.file, finding.place.line) for finding in findings] == [("x.toml", 9)]
    _plan, findings = read_plan(child, file="y.toml", library={"x": "id = "})
    assert [(finding.code, finding.place.file) for finding in findings] == [("toml.syntax", "x.toml")]


def test_plans_that_extend_each_other_are_refused() -> None:
    one = SMALL.replace('name = "试"', 'name = "试"\nextends = "y"')
    two = SMALL.replace('id = "x"', 'id = "y"').replace('name = "试"', 'name = "试"\nextends = "x"')
    _plan, findings = read_plan(one, file="x.toml", library={"y": two, "x": one})
    assert "plan.extends-loop" in {finding.code for finding in findings}


# Values


def test_a_sentence_may_be_said_once_for_both_languages() -> None:
    plan, _findings = read_plan(SMALL, file="x.toml")
    assert plan is not None
    assert (plan.name.zh, plan.name.en) == ("试", "试")


def test_tiers_may_be_listed_or_counted() -> None:
    for written, least in (('["national", "portal"]', 1), ("{ national = 3, portal = 3 }", 3)):
        plan, findings = read_plan(SMALL.replace("mentions = 9", f"tiers = {written}"), file="x.toml")
        assert findings == []
        assert plan is not None
        condition = plan.levels[0].groups[0].conditions[0]
        assert condition == Condition(kind="tiers", at_least=least, any_of=("national", "portal"))


def test_a_plan_may_end_its_days_with_the_office_and_roll_over_days_of_rest() -> None:
    text = (
        SMALL
        + '[counting]\nday_ends = "office_close"\nroll = true\n[[duty]]\nid = "a"\nact = "verified"\nwithin = "2 days"\n'
    )
    plan, findings = read_plan(text, file="x.toml")
    assert findings == []
    assert plan is not None
    assert (plan.duties[0].within.until, plan.duties[0].within.roll) == ("office_close", True)


@pytest.mark.parametrize(
    "text",
    ["", "x = 1", "[[level]]\n", "level = 1\nduty = 2\nchain = 'x'\n", 'format = 1\nid = ""\nname = ""\n'],
)
def test_whatever_is_given_is_refused_in_words_and_never_breaks(text: str) -> None:
    assert any(finding.level == "error" for finding in found(text))
