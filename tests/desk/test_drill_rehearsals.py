"""A plan is rehearsed in the background: asked for with what there is, played run by run, told with charts, compared."""

import json
import zlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from huiying.desk.accounts.models import Role, Shift
from huiying.desk.collect.models import Mention
from huiying.desk.drills import actions, playing, queries, rosters, streams
from huiying.desk.drills.models import Played, Rehearsal
from huiying.desk.listen import ledger
from huiying.desk.listen.models import Story
from huiying.desk.plans import queries as plans
from huiying.desk.plans.actions import install_shipped
from huiying.desk.plans.models import PlanVersion
from huiying.engine.plan.check.roster import Presence
from tests.desk import letters, rehearsing
from tests.desk.listen_world import CANTEEN, WATER, hear_all, posts, watch
from tests.desk.world import NOW, World
from tests.engine.matters import CN

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SOON = NOW + 6 * HOUR
PACE = '[react]\nmedian = "9 hours"\n'


@pytest.fixture(autouse=True)
def _soon() -> object:
    ledger.forget()
    with time_machine.travel(SOON, tick=False):
        yield


@pytest.fixture
def version(world: World) -> PlanVersion:
    """The school's plan, with a week of posts about the canteen and the water."""
    install_shipped(by=world["admin"], now=NOW - DAY, plan_id="school")
    watch("食堂", "食堂 OR 饭菜")
    posts(CANTEEN * 2, at=NOW - 5 * DAY)
    posts(WATER * 2, at=NOW - 2 * DAY)
    found = plans.active()
    assert found is not None
    return found


def asked(world: World, version: PlanVersion, **told: Any) -> Rehearsal:
    values = {"since": NOW - 6 * DAY, "until": NOW, "runs": 6, **told}
    return actions.ask(by=world["head"], now=SOON, version=version, **values)


def played(it: Rehearsal) -> Rehearsal:
    """The worker goes on until nothing is left to do."""
    while playing.rehearse_next(now=SOON, worker="w"):
        pass
    it.refresh_from_db()
    return it


def test_it_is_heard_played_and_told_step_by_step(world: World, version: PlanVersion) -> None:
    it = asked(world, version)
    assert (it.state, it.mentions, it.percent) == ("waiting", 10, 0)
    assert playing.rehearse_next(now=SOON, worker="w") == 1
    it.refresh_from_db()
    assert (it.state, len(it.matters), it.heard, it.percent) == ("playing", 1, 10, 20)
    assert playing.rehearse_next(now=SOON, worker="w", most=4) == 1
    it.refresh_from_db()
    assert (it.done, it.played.count()) == (4, 4)
    it = played(it)
    assert (it.state, it.done, it.percent, it.finished_at) == ("done", 6, 100, SOON)
    assert playing.rehearse_next(now=SOON, worker="w") == 0
    assert it.report["json"]["matters"] == 1
    assert [chart["id"] for chart in it.report["zh"]["charts"]][:2] == ["misses", "waits"]
    assert it.report["en"]["headline"].endswith("(seed 1)")


def test_everything_counts_where_that_is_asked(world: World, version: PlanVersion) -> None:
    assert len(played(asked(world, version, everything=True)).matters) == 2


def test_the_ear_of_a_rehearsal_gives_the_level_that_the_desk_gives(
    world: World, version: PlanVersion
) -> None:
    hear_all(NOW)
    it = played(asked(world, version))
    (matter,) = playing.scene_of(it).matters
    story = Story.objects.get()
    assert (matter.title, matter.gravest, matter.subject) == (story.title, story.level, story.topic)


def test_the_same_seed_gives_the_same_result(world: World, version: PlanVersion) -> None:
    one, two = played(asked(world, version)), played(asked(world, version))
    assert one.report["json"] == two.report["json"]
    assert played(asked(world, version, seed=2)).report["json"] != one.report["json"]


def test_a_worker_that_dies_leaves_what_was_played(world: World, version: PlanVersion) -> None:
    it = asked(world, version)
    playing.rehearse_next(now=SOON, worker="dead")
    playing.rehearse_next(now=SOON, worker="dead", most=2)
    Rehearsal.objects.update(
        leased_until=SOON + timedelta(minutes=5), leased_by="dead#1"
    )  # in the midst of a step
    assert playing.rehearse_next(now=SOON + HOUR / 60, worker="w2") == 0
    before = dict(Played.objects.values_list("number", "pk"))
    later = SOON + timedelta(minutes=6)
    while playing.rehearse_next(now=later, worker="w2"):
        pass
    it.refresh_from_db()
    assert (it.state, it.played.count()) == ("done", 6)
    assert before.items() <= dict(Played.objects.values_list("number", "pk")).items()
    assert it.report["json"] == played(asked(world, version)).report["json"]


def test_a_step_that_breaks_again_and_again_is_given_up(world: World, version: PlanVersion) -> None:
    it, now = asked(world, version, stream="file", file_name="x.csv", body=rehearsing.POSTS.encode()), SOON
    Rehearsal.objects.update(payload=b"no longer what was kept")
    for _attempt in range(playing.PATIENCE):
        with pytest.raises(zlib.error):
            playing.rehearse_next(now=now, worker="w")
        assert playing.rehearse_next(now=now, worker="w") == 0  # the lease of the broken step runs
        now += playing.LEASE
    assert playing.rehearse_next(now=now, worker="w") == 1
    it.refresh_from_db()
    assert (it.state, "three times" in it.trouble.en) == ("failed", True)


def test_one_that_is_dropped_is_played_no_further(world: World, version: PlanVersion) -> None:
    it = asked(world, version)
    playing.rehearse_next(now=SOON, worker="w")
    actions.drop(by=world["office"], now=SOON, rehearsal=it)
    assert playing.rehearse_next(now=SOON, worker="w") == 0
    it.refresh_from_db()
    assert it.state == "dropped"
    with pytest.raises(ValidationError, match="已经结束"):
        actions.drop(by=world["office"], now=SOON, rehearsal=it)
    actions.forget(by=world["office"], now=SOON, rehearsal=it)
    assert not Rehearsal.objects.exists()


def test_a_result_is_not_forgotten_while_it_is_made(world: World, version: PlanVersion) -> None:
    with pytest.raises(ValidationError, match="先取消"):
        actions.forget(by=world["office"], now=SOON, rehearsal=asked(world, version))


def test_where_nothing_reaches_a_level_it_says_what_to_do(world: World, version: PlanVersion) -> None:
    it = played(asked(world, version, since=NOW - 3 * DAY))
    assert it.state == "failed"
    assert "没有一件达到预案的等级" in it.trouble.zh
    assert it.trouble.en


def test_a_year_without_table_is_named(world: World, version: PlanVersion) -> None:
    with time_machine.travel(NOW.replace(year=2031), tick=False):
        later = NOW.replace(year=2031)
        posts(CANTEEN * 2, at=later - DAY)
        it = actions.ask(
            by=world["head"],
            now=later,
            version=version,
            since=later - 2 * DAY,
            until=later,
            staff="office",
            runs=1,
        )
        while playing.rehearse_next(now=later, worker="w"):
            pass
    it.refresh_from_db()
    assert it.state == "failed"
    assert "2031" in it.trouble.en


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"since": None}, "since"),
        ({"since": NOW - 400 * DAY}, "since"),
        ({"since": NOW + DAY, "until": NOW + 2 * DAY}, "until"),
        ({"since": NOW - 90 * DAY, "until": NOW - 80 * DAY}, "since"),
        ({"runs": 0}, "runs"),
        ({"runs": 1001}, "runs"),
        ({"pace": '[react]\nmedian = "soon"'}, "pace"),
        ({"staff": "file", "roster": "[[person]]\nname = 3"}, "roster"),
        ({"stream": "file"}, "file"),
        ({"stream": "file", "file_name": "x.exe", "body": b"MZ"}, "file"),
        ({"stream": "file", "file_name": "x.csv", "body": b"a,b\n1,2\n"}, "file"),
        ({"stream": "file", "file_name": "x.csv", "body": b"x" * (8 * 1024 * 1024 + 1)}, "file"),
    ],
)
def test_what_cannot_be_rehearsed_is_refused_at_its_field(
    world: World, version: PlanVersion, told: dict[str, Any], field: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        asked(world, version, **told)
    assert field in refused.value.message_dict
    assert not Rehearsal.objects.exists()


def test_too_many_posts_are_refused(world: World, version: PlanVersion) -> None:
    like = posts(CANTEEN[:1], at=NOW - 9 * DAY)[0]
    fields = {"source": like.source, "captured_at": like.captured_at, "text_sha256": like.text_sha256}
    Mention.objects.bulk_create(Mention(key=f"many-{n}", **fields) for n in range(streams.MOST))
    with pytest.raises(ValidationError, match=f"有 {streams.MOST + 1} 条帖文，一次最多"):
        asked(world, version, since=NOW - 10 * DAY, until=NOW - 8 * DAY)


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.HEAD, Role.DEPUTY, Role.OFFICE}])
def test_only_leaders_and_the_office_rehearse(world: World, version: PlanVersion, role: str) -> None:
    with pytest.raises(PermissionDenied):
        actions.ask(by=world[role], now=SOON, version=version, since=NOW - DAY, until=NOW)


def test_a_file_is_heard_like_our_own_posts(world: World, version: PlanVersion) -> None:
    it = asked(world, version, stream="file", file_name="C:/x/帖.csv", body=rehearsing.POSTS.encode())
    assert (it.mentions, it.since) == (4, None)
    it = played(it)
    assert (it.state, len(it.matters), bytes(it.payload)) == ("done", 1, b"")


def test_old_posts_can_be_played_as_if_they_came_at_another_time(world: World, version: PlanVersion) -> None:
    Shift.objects.all().delete()
    night = NOW + 9 * DAY
    Shift.objects.create(person=world["duty"], starts_at=night, ends_at=night + DAY)
    it = played(asked(world, version, starts_at=night))
    (matter,) = playing.scene_of(it).matters
    assert night <= matter.at < night + DAY
    assert it.roster["turns"][0][2] == night.isoformat()


def test_slower_people_miss_more_and_the_difference_is_told(world: World, version: PlanVersion) -> None:
    one, two = played(asked(world, version)), played(asked(world, version, pace=PACE, title="慢"))
    other = played(asked(world, version, seed=9))
    assert list(queries.comparable(one)) == [two]
    assert list(queries.comparable(other)) == []
    found = queries.comparison(one, two)
    assert found.total.change is not None
    assert found.total.change.value > 0.2


# People


def test_the_desks_own_people_are_there_in_their_shifts_and_else_all_officers(world: World) -> None:
    Shift.objects.all().delete()
    second = letters.also(world, "又一位值班", "duty", "duty2")
    Shift.objects.create(person=second, starts_at=NOW, ends_at=NOW + 8 * HOUR)
    roster = rosters.own(NOW, "九中", NOW - DAY, NOW + DAY, office=False)
    presence = Presence(roster, CN, NOW - DAY, NOW + DAY)
    there = presence.each("duty")
    assert there[str(world["duty"].pk)] == [(NOW - DAY, NOW), (NOW + 8 * HOUR, NOW + DAY)]
    assert there[str(second.pk)] == [(NOW - DAY, NOW + DAY)]
    assert presence.each("head")[str(world["head"].pk)] == [(NOW - DAY, NOW + DAY)]


def test_others_can_be_there_in_office_hours_only(world: World) -> None:
    roster = rosters.own(NOW, "九中", NOW, NOW + DAY, office=True)
    presence = Presence(roster, CN, NOW, NOW + DAY)
    assert len(presence.each("head")[str(world["head"].pk)]) > 1
    assert len(presence.each("duty")[str(world["duty"].pk)]) == 1


def test_a_roster_is_kept_as_it_was(world: World) -> None:
    roster = rosters.own(NOW, "九中", NOW - DAY, NOW, office=True)
    again = rosters.from_plain(json.loads(json.dumps(rosters.as_plain(roster))))
    for role in ("head", "duty", "handler", "office"):
        spans = [Presence(one, CN, NOW - DAY, NOW).of(role) for one in (roster, again)]
        assert spans[0] == spans[1]
    assert again.acting("head", "approved") == roster.acting("head", "approved")
    assert [unit.code for unit in again.units] == [unit.code for unit in roster.units]


# Pages


def form(**told: Any) -> dict[str, Any]:
    return {
        "stream": "own",
        "staff": "always",
        "since": "2026-11-18T09:00",
        "until": "2026-11-24T09:00",
        "runs": "3",
        "seed": "1",
        **told,
    }


def test_a_rehearsal_is_asked_for_under_its_plan_and_watched(
    world: World, version: PlanVersion, as_role: SignIn
) -> None:
    client = as_role("office")
    under = f"/drills/plans/{version.name}/{version.version}/"
    assert "新的推演" in client.get(under).content.decode()
    assert under in client.get(f"/plans/{version.name}/{version.version}/").content.decode()
    answer = client.post(f"{under}ask/", form())
    it = Rehearsal.objects.get()
    assert answer.headers["Location"] == it.get_absolute_url()
    page = client.get(it.get_absolute_url()).content.decode()
    assert "关掉页面也会继续" in page
    assert f"/drills/rehearsals/{it.pk}/progress/" in page
    assert "HX-Refresh" not in client.get(f"{it.get_absolute_url()}progress/").headers
    played(it)
    assert client.get(f"{it.get_absolute_url()}progress/").headers["HX-Refresh"] == "true"
    assert it.title in client.get(under).content.decode()


def test_the_form_keeps_what_was_typed_and_says_what_is_wrong(
    world: World, version: PlanVersion, as_role: SignIn
) -> None:
    answer = as_role("head").post(
        f"/drills/plans/{version.name}/{version.version}/ask/", form(title="十一月", pace="[react")
    )
    assert answer.status_code == 422
    assert 'value="十一月"' in answer.content.decode()


def test_a_file_can_be_brought(world: World, version: PlanVersion, as_role: SignIn) -> None:
    told = form(stream="file", file=SimpleUploadedFile("帖.csv", rehearsing.POSTS.encode()))
    as_role("head").post(f"/drills/plans/{version.name}/{version.version}/ask/", told)
    assert Rehearsal.objects.get().file_name == "帖.csv"


@pytest.mark.parametrize(
    ("language", "word"), [("zh-hans", "各项要求超期的比例"), ("en", "How often each requirement is missed")]
)
def test_the_result_is_shown_in_the_readers_language_with_a_table_for_each_chart(
    world: World, version: PlanVersion, as_role: SignIn, language: str, word: str
) -> None:
    it = played(asked(world, version))
    world["auditor"].language = language
    world["auditor"].save()
    page = as_role("auditor").get(it.get_absolute_url()).content.decode()
    assert word in page
    assert page.count('<svg xmlns="http://www.w3.org/2000/svg"') == page.count("<table") == 5
    assert "style=" not in page.split("<main")[1]
    assert "drop/" not in page


def test_the_report_can_be_taken_along(world: World, version: PlanVersion, as_role: SignIn) -> None:
    it = played(asked(world, version))
    client = as_role("head")
    page = client.get(f"{it.get_absolute_url()}report.html")
    assert "attachment" in page.headers["Content-Disposition"]
    assert "<svg" in page.content.decode()
    told = client.get(f"{it.get_absolute_url()}report.json").json()
    assert told["runs"] == 6
    assert client.get(f"{it.get_absolute_url()}report.exe").status_code == 404
    waiting = asked(world, version)
    assert client.get(f"{waiting.get_absolute_url()}report.json").status_code == 404


def test_two_are_compared_only_where_they_met_the_same(
    world: World, version: PlanVersion, as_role: SignIn
) -> None:
    one, two = played(asked(world, version)), played(asked(world, version, pace=PACE, title="慢的人"))
    other = played(asked(world, version, seed=7))
    client = as_role("head")
    assert "慢的人" in client.get(one.get_absolute_url()).content.decode()
    page = client.get(f"{one.get_absolute_url()}against/{two.pk}/").content.decode()
    assert "甲超期" in page
    assert "个百分点" in page
    assert client.get(f"{one.get_absolute_url()}against/{other.pk}/").status_code == 404


def test_the_list_shows_what_was_tried_and_offers_more_to_those_who_may(
    world: World, version: PlanVersion, as_role: SignIn
) -> None:
    it = asked(world, version)
    for role, may in (("head", True), ("handler", False)):
        page = as_role(role).get("/drills/").content.decode()
        assert it.title in page
        assert ("新的推演" in page) == may
