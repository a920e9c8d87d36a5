"""Publishing: permanent addresses, promises that become deadlines, outlets, copies with their hash, corrections."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from huiying.desk.accounts.models import Institution
from huiying.desk.cases import actions as work
from huiying.desk.cases.loose import loose_ends
from huiying.desk.cases.models import Case, Owed
from huiying.desk.notify.models import Message, Outlet
from huiying.desk.replies import actions, outward, queries
from huiying.desk.replies.actions import Copy
from huiying.desk.replies.actions.publishing import signed_text
from huiying.desk.replies.hashes import fingerprint
from huiying.desk.replies.models import Draft, Publication
from huiying.engine.text import Text
from tests.desk import letters
from tests.desk.letters import DAY, HOUR, MINUTE
from tests.desk.world import NOW, World


def forum() -> Outlet:
    return Outlet.objects.create(
        name="社区论坛", channel="discourse", address="https://bbs.example", created_at=NOW
    )


@dataclass
class Outcome:
    """What the worker says of a delivery."""

    sent: bool
    final: bool = False
    said: Text = field(default_factory=lambda: Text("对方拒收", "refused"))


def test_the_first_answer_meets_the_plans_first_deadline(world: World) -> None:
    case = letters.matter(world)
    assert Owed.objects.get(case=case, act="published", stage="first").state == "open"
    letters.published(world, case)
    assert Owed.objects.get(case=case, act="published", stage="first").state == "met"


def test_the_first_answer_may_come_until_five_hours_after_discovery(world: World) -> None:
    case = letters.matter(world)
    due = Owed.objects.get(case=case, act="published", stage="first").due_at
    assert due == NOW + 5 * HOUR
    draft = letters.approved(world, case)
    actions.publish(by=world["spokesperson"], now=due, draft=draft)
    assert Owed.objects.get(case=case, act="published", stage="first").state == "met"


def test_a_moment_later_it_is_late(world: World) -> None:
    case = letters.matter(world)
    draft = letters.approved(world, case)
    late = NOW + 5 * HOUR + timedelta(microseconds=1)
    actions.publish(by=world["spokesperson"], now=late, draft=draft)
    assert Owed.objects.get(case=case, act="published", stage="first").state == "late"


def test_addresses_are_permanent_and_count_on(world: World) -> None:
    case = letters.matter(world)
    first, second = letters.published(world, case), letters.published(world, case)
    assert (first.slug, second.slug) == ("2026-1", "2026-2")


def test_a_promise_that_is_published_is_a_deadline(world: World) -> None:
    case = letters.matter(world)
    until = NOW + 2 * DAY
    draft = letters.published(world, case, promise_text="修好热水并恢复供应", promise_due_at=until)
    assert draft.promise_ref == "p1"
    assert letters.last(case, "promised")["text"] == "修好热水并恢复供应"
    assert letters.kinds(case)[-2:] == ["promised", "published"]
    assert Owed.objects.get(case=case, act="promise_kept").due_at == until


def test_a_promise_beyond_the_plans_longest_is_not_published(world: World) -> None:
    case = letters.matter(world)
    draft = letters.approved(world, case, promise_text="修好", promise_due_at=NOW + 30 * DAY)
    with pytest.raises(ValidationError, match="最迟"):
        actions.publish(by=world["spokesperson"], now=NOW + 3 * MINUTE, draft=draft)
    draft.refresh_from_db()
    assert draft.state == Draft.State.APPROVED and draft.published_at is None


def test_a_promise_needs_both_words_and_a_day(world: World) -> None:
    case = letters.matter(world)
    with pytest.raises(ValidationError, match="做到什么"):
        actions.submit(
            by=world["spokesperson"], now=NOW, draft=letters.written(world, case, promise_due_at=NOW + DAY)
        )
    with pytest.raises(ValidationError, match="要有日期"):
        actions.submit(
            by=world["spokesperson"], now=NOW, draft=letters.written(world, case, promise_text="修好")
        )
    with pytest.raises(ValidationError, match="已经过去"):
        draft = letters.written(world, case, promise_text="修好", promise_due_at=NOW)
        actions.submit(by=world["spokesperson"], now=NOW, draft=draft)


def test_an_outlet_gets_the_signed_text_through_the_outbox_once(world: World) -> None:
    case = letters.matter(world)
    draft = letters.approved(
        world, case, text="您好！后勤处11月24日已换循环泵，热水已恢复。北区浴室照常免费洗澡。"
    )
    draft = actions.publish(by=world["spokesperson"], now=NOW + 3 * MINUTE, draft=draft, outlets=[forum()])
    (message,) = Message.objects.filter(purpose=Message.Purpose.PUBLICATION)
    assert message.body.endswith("青禾市第九中学\n2026年11月24日")
    assert message.link == f"/public/{draft.slug}/"
    assert message.payload["reply_to"] == "https://forum.example/t/1"
    assert draft.publications.get(place="社区论坛").state == Publication.State.WAITING


def test_what_the_outlet_answers_is_on_the_record(world: World) -> None:
    case = letters.matter(world)
    draft = letters.approved(world, case)
    draft = actions.publish(by=world["spokesperson"], now=NOW + 3 * MINUTE, draft=draft, outlets=[forum()])
    message = Message.objects.get(purpose=Message.Purpose.PUBLICATION)
    message.address = "https://bbs.example/t/9"
    outward.record_outcome(message, Outcome(sent=True), NOW + 4 * MINUTE)
    row = draft.publications.get(place="社区论坛")
    assert (row.state, row.address) == (Publication.State.OUT, "https://bbs.example/t/9")
    told = letters.last(case, "published")
    assert (told["outlet"], told["address"], told["repeat"]) == ("社区论坛", "https://bbs.example/t/9", False)
    outward.record_outcome(message, Outcome(sent=True), NOW + 5 * MINUTE)
    assert letters.kinds(case).count("published") == 2


def test_a_publication_given_up_says_why_and_can_be_put_there_by_hand(world: World) -> None:
    case = letters.matter(world)
    draft = letters.approved(world, case)
    draft = actions.publish(by=world["spokesperson"], now=NOW + 3 * MINUTE, draft=draft, outlets=[forum()])
    message = Message.objects.get(purpose=Message.Purpose.PUBLICATION)
    outward.record_outcome(message, Outcome(sent=False), NOW + 4 * MINUTE)
    row = draft.publications.get(place="社区论坛")
    assert row.state == Publication.State.WAITING
    outward.record_outcome(message, Outcome(sent=False, final=True), NOW + 5 * MINUTE)
    row.refresh_from_db()
    assert (row.state, row.said) == (Publication.State.FAILED, "对方拒收")
    actions.record_copy(
        by=world["spokesperson"], now=NOW + HOUR, publication=row, address="https://bbs.example/t/10"
    )
    row.refresh_from_db()
    assert row.state == Publication.State.OUT and row.said == ""


def test_a_copy_by_hand_is_recorded_with_address_and_hash(world: World) -> None:
    case = letters.matter(world)
    draft = letters.approved(world, case)
    copy = Copy(place="校园论坛", reply_to="https://forum.example/t/1")
    draft = actions.publish(by=world["spokesperson"], now=NOW + 3 * MINUTE, draft=draft, copies=[copy])
    (row,) = queries.to_copy(world["spokesperson"])
    assert row.place == "校园论坛" and row.state == Publication.State.TO_COPY
    address = "https://forum.example/t/1#p9"
    actions.record_copy(by=world["spokesperson"], now=NOW + HOUR, publication=row, address=address)
    told = letters.last(case, "published")
    assert told["outlet"] == "校园论坛" and told["address"] == address and told["by_hand"] is True
    assert told["text_sha256"] == draft.text_sha256 == fingerprint(draft.title, draft.text)
    assert list(queries.to_copy(world["spokesperson"])) == []
    with pytest.raises(ValidationError, match="已经记录过"):
        actions.record_copy(by=world["spokesperson"], now=NOW + HOUR, publication=row, address=address)


@pytest.mark.parametrize("address", ["", "论坛第三楼", "javascript:alert(1)", "ftp://forum.example/x"])
def test_a_copy_needs_a_whole_address(world: World, address: str) -> None:
    case = letters.matter(world)
    draft = letters.published(world, case)
    row = actions.add_copy(by=world["office"], now=NOW + HOUR, draft=draft, copy=Copy(place="公众号"))
    with pytest.raises(ValidationError):
        actions.record_copy(by=world["office"], now=NOW + HOUR, publication=row, address=address)


def test_a_copy_lies_between_publication_and_now(world: World) -> None:
    case = letters.matter(world)
    draft = letters.published(world, case)
    row = actions.add_copy(by=world["office"], now=NOW + HOUR, draft=draft, copy=Copy(place="公众号"))
    for at in (NOW, NOW + 2 * HOUR):
        with pytest.raises(ValidationError, match="时间要在"):
            actions.record_copy(
                by=world["office"], now=NOW + HOUR, publication=row, address="https://w.example/1", at=at
            )
    at = NOW + 3 * MINUTE
    actions.record_copy(
        by=world["office"], now=NOW + HOUR, publication=row, address="https://w.example/1", at=at
    )
    row.refresh_from_db()
    assert row.published_at == at


def test_the_same_place_is_not_added_twice(world: World) -> None:
    case = letters.matter(world)
    draft = letters.published(world, case)
    actions.add_copy(by=world["office"], now=NOW + HOUR, draft=draft, copy=Copy(place="公众号"))
    with pytest.raises(ValidationError, match="已经有这一处"):
        actions.add_copy(by=world["office"], now=NOW + HOUR, draft=draft, copy=Copy(place=" 公众号 "))


def test_without_a_name_nothing_is_published(world: World) -> None:
    case = letters.matter(world)
    draft = letters.approved(world, case)
    Institution.objects.update(name="")
    with pytest.raises(ValidationError, match="必须署名"):
        actions.publish(by=world["spokesperson"], now=NOW + 3 * MINUTE, draft=draft)


def test_the_signed_text_is_not_signed_twice(world: World) -> None:
    case = letters.matter(world)
    draft = letters.published(world, case)
    assert signed_text(draft).count("青禾市第九中学") == 1
    assert signed_text(draft).count("2026年11月24日") == 1


def test_a_correction_goes_through_the_chain_and_stands_beside_the_original(world: World) -> None:
    case = letters.matter(world)
    original = letters.published(world, case)
    fix = actions.start_correction(by=world["spokesperson"], now=NOW + HOUR, draft=original)
    fix = actions.save(
        by=world["spokesperson"],
        now=NOW + HOUR,
        draft=fix,
        fields={"text": "更正：北区浴室开放时间应为17时至21时30分。青禾市第九中学 2026年11月24日"},
    )
    fix = letters.through(actions.submit(by=world["spokesperson"], now=NOW + HOUR, draft=fix), NOW + HOUR)
    fix = actions.publish(by=world["spokesperson"], now=NOW + HOUR, draft=fix)
    original.refresh_from_db()
    assert original.state == Draft.State.PUBLISHED and list(original.corrections.all()) == [fix]
    told = letters.last(case, "published")
    assert (told["stage"], told["corrects"], told["withdraws"]) == ("correction", original.slug, False)


def test_a_withdrawal_is_a_published_text_too(world: World) -> None:
    case = letters.matter(world)
    original = letters.published(world, case)
    fix = actions.start_correction(by=world["spokesperson"], now=NOW + HOUR, draft=original, withdraws=True)
    fix = actions.save(
        by=world["spokesperson"],
        now=NOW + HOUR,
        draft=fix,
        fields={"text": "原答复把楼号写错，现撤回，正确情况另行发布。青禾市第九中学 2026年11月24日"},
    )
    assert "撤回" in fix.title
    fix = actions.publish_urgently(
        by=world["office"], now=NOW + HOUR, draft=fix, reason="楼号写错，正在被转发"
    )
    original.refresh_from_db()
    assert original.state == Draft.State.WITHDRAWN and original.published_at is not None
    with pytest.raises(ValidationError, match="已撤回的不再更正"):
        actions.start_correction(by=world["spokesperson"], now=NOW + HOUR, draft=original)


def test_a_closed_case_publishes_corrections_only(world: World) -> None:
    case = letters.matter(world)
    original = letters.published(world, case)
    waiting = letters.approved(world, case)
    Case.objects.filter(pk=case.pk).update(closed_at=NOW)
    with pytest.raises(ValidationError, match="已办结"):
        actions.start(by=world["office"], now=NOW + HOUR, case=Case.objects.get(pk=case.pk))
    fix = actions.start_correction(by=world["spokesperson"], now=NOW + HOUR, draft=original)
    assert fix.corrects == original
    assert waiting.state == Draft.State.APPROVED


def test_a_case_is_not_closed_while_something_of_ours_is_open(world: World) -> None:
    case = letters.matter(world)
    draft = letters.written(world, case)
    draft = actions.publish_urgently(
        by=world["office"], now=NOW, draft=draft, reason="急", copies=[Copy(place="公众号")]
    )

    words = [end.what for end in loose_ends(case, [])]
    assert any("事后审查" in one for one in words) and any("登记网址" in one for one in words)


def test_a_drill_reaches_nobody_outside(world: World) -> None:
    world["head"].appointments.create(role="duty")
    letters.matter(world)
    case = work.open_case(by=world["head"], now=NOW, title="演练：停水", drill=True)
    draft = actions.start(by=world["spokesperson"], now=NOW, case=case)
    draft = actions.save(by=world["spokesperson"], now=NOW, draft=draft, fields={"text": letters.ANSWER})
    draft = actions.publish_urgently(
        by=world["office"],
        now=NOW,
        draft=draft,
        reason="演练",
        outlets=[forum()],
        copies=[Copy(place="公众号")],
    )
    states = set(draft.publications.exclude(place="public").values_list("state", flat=True))
    assert states == {Publication.State.HELD}
    assert Message.objects.get(purpose="publication").state == Message.State.HELD


def test_a_handler_of_another_unit_publishes_nothing_and_sees_nothing(world: World) -> None:
    case = letters.matter(world)
    letters.published(world, case)
    assert list(queries.drafts_for(world["handler"])) == []
    case.units.add(world.units["hqc"])
    assert len(queries.drafts_for(world["handler"])) == 1
    draft = letters.approved(world, case)
    with pytest.raises(PermissionDenied):
        actions.publish(by=world["handler"], now=NOW + HOUR, draft=draft)
