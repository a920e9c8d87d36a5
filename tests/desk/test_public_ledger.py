"""The public ledger: every figure comes from the journals."""

from datetime import UTC, datetime, timedelta

from django.test import Client

from huiying.desk.cases import actions as work
from huiying.desk.cases.models import Case
from huiying.desk.cases.projection import refresh
from huiying.desk.collect.models import Mention
from huiying.desk.public.queries import figures, years
from huiying.desk.replies import actions
from tests.desk import letters
from tests.desk.letters import DAY, HOUR, MINUTE
from tests.desk.test_replies_referrals import SCAM, UNTRUE, found_untrue, proposed
from tests.desk.world import NOW, World


def answered(world: World, after: timedelta, number: int) -> Case:
    """A case answered `after` it was heard of."""
    mention = letters.post(NOW, address=f"https://forum.example/t/{number}")
    case = work.open_case(by=world["duty"], now=NOW, title=f"第{number}件", mentions=[mention], how="mention")
    draft = letters.written(world, case)
    actions.publish_urgently(by=world["office"], now=NOW + after, draft=draft, reason="x")
    return case


def test_answers_and_their_times(world: World) -> None:
    letters.matter(world)
    for number, after in enumerate((HOUR, 2 * HOUR, 6 * HOUR), 10):
        answered(world, after, number)
    told = figures(2026, NOW + DAY)
    assert (told.matters, told.answered) == (4, 3)
    assert (told.middle, told.worst) == (2 * HOUR, 6 * HOUR)
    (month,) = told.months
    assert (month.first.month, month.matters, month.answered, month.worst) == (11, 4, 3, 6 * HOUR)


def test_missed_deadlines_late_and_not_met(world: World) -> None:
    case = letters.matter(world)
    soon = figures(2026, NOW + HOUR)
    draft = letters.written(world, case)
    actions.publish_urgently(by=world["office"], now=NOW + 6 * HOUR, draft=draft, reason="x")
    later = NOW + 7 * HOUR
    refresh(case, later)
    told = figures(2026, later)
    assert soon.missed == 0 and told.due > soon.due and told.missed >= 1
    assert sum(month.missed for month in told.months) == told.missed


def test_corrections_withdrawals_bypasses_and_promises(world: World) -> None:
    case = letters.matter(world)
    first = letters.published(world, case, promise_text="修好热水", promise_due_at=NOW + DAY)
    second = letters.published(world, case)
    for original, withdraws in ((first, False), (second, True)):
        fix = actions.start_correction(
            by=world["spokesperson"], now=NOW + HOUR, draft=original, withdraws=withdraws
        )
        fix = actions.save(
            by=world["spokesperson"], now=NOW + HOUR, draft=fix, fields={"text": "更正如下：应为21时30分。"}
        )
        actions.publish_urgently(by=world["office"], now=NOW + HOUR, draft=fix, reason="急")
    work.keep_promise(by=world["office"], now=NOW + HOUR, case=case, ref="p1", text="已修好")
    told = figures(2026, NOW + DAY)
    assert (told.corrections, told.withdrawals, told.bypasses) == (1, 1, 2)
    assert (told.promises, told.promises_kept) == (1, 1)


def test_referrals_by_ground(world: World) -> None:
    case = found_untrue(world)
    first, second = proposed(world, case, UNTRUE), proposed(world, case, SCAM)
    actions.decide(by=world["head"], now=NOW, referral=first, agreed=True)
    actions.send(by=world["office"], now=NOW, referral=first, means="函8号")
    actions.decide(by=world["head"], now=NOW, referral=second, agreed=False, words="公开回应")
    rows = {row.ground: row for row in figures(2026, NOW + DAY).grounds}
    untrue, fraud = rows["一处事实经核实不实"], rows["诈骗"]
    assert (untrue.proposed, untrue.agreed, untrue.refused, untrue.sent) == (1, 1, 0, 1)
    assert (fraud.proposed, fraud.agreed, fraud.refused, fraud.sent) == (1, 0, 1, 0)
    assert len(rows) == 5


def test_drills_and_merged_matters_do_not_count(world: World) -> None:
    world["head"].appointments.create(role="duty")
    case = letters.matter(world)
    work.open_case(by=world["head"], now=NOW, title="演练", drill=True)
    Case.objects.exclude(pk=case.pk).update(merged_into=None)
    assert figures(2026, NOW + DAY).matters == 1


def test_the_page_shows_figures_with_their_tables(world: World) -> None:
    letters.published(world, letters.matter(world))
    page = Client().get("/public/transparency/").content.decode()
    assert "2026 年公开账本" in page and "3 分钟" in page and page.count("<table") == 3
    assert "危及人身或公共安全" in page
    assert Client().get("/public/transparency/?year=1999").status_code == 200
    assert "Public ledger 2026" in Client().get("/public/transparency/?lang=en").content.decode()


def test_an_empty_desk_shows_zeros_not_errors(world: World) -> None:
    page = Client().get("/public/transparency/").content.decode()
    assert "这一年还没有" in page and "—" in page
    assert Mention.objects.count() == 0


def test_the_years_of_which_there_is_something(world: World) -> None:
    letters.matter(world)
    assert years(datetime(2028, 1, 1, tzinfo=UTC)) == [2028, 2027, 2026]
    assert years(NOW + MINUTE) == [2026]
