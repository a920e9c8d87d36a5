"""The words of a notice fit the channel: the body gives way first, characters are never torn, links always stay."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from huiying.desk.notify import actions, queries
from huiying.desk.notify.channels.base import Limits, Parcel
from huiying.desk.notify.channels.compose import compose, cut
from huiying.desk.notify.models import Message, Outlet
from tests.desk.world import NOW, World

PARCEL = Parcel(
    ident="i",
    sent_at=NOW,
    subject="首次回应到期",
    body="宿舍停水，须在十点前首次公开回应。",
    link="https://desk.example/cases/2026-0001/",
    ack="https://desk.example/a/abcdefabcdefabcdefabcdef/",
    to="丁值班",
)
FAMILY = "👨\u200d👩\u200d👧"


def in_bytes(text: str) -> int:
    return len(text.encode())


def test_a_short_notice_is_said_whole() -> None:
    assert compose(PARCEL, Limits(size=2048)).splitlines() == [
        "首次回应到期",
        "致丁值班",
        "宿舍停水，须在十点前首次公开回应。",
        "查看：https://desk.example/cases/2026-0001/",
        "签收：https://desk.example/a/abcdefabcdefabcdefabcdef/",
    ]


def test_english_readers_get_english_labels() -> None:
    text = compose(replace(PARCEL, language="en", repeat=True, urgent=True), Limits(size=2048))
    assert text.startswith("[possible repeat] [urgent] ")
    assert "Acknowledge: https://" in text


def test_the_body_gives_way_before_the_head() -> None:
    text = compose(replace(PARCEL, body="长" * 500), Limits(size=200, unit="characters"))
    assert text.startswith("首次回应到期\n致丁值班\n长长")
    assert "……\n查看：" in text


def test_links_stay_even_where_nothing_else_fits() -> None:
    text = compose(PARCEL, Limits(size=10))
    assert text.splitlines() == ["查看：" + PARCEL.link, "签收：" + PARCEL.ack]


def test_a_family_is_kept_together_or_left_out() -> None:
    text = f"停水{FAMILY}{FAMILY}"
    for most in range(len(text) + 1):
        kept = cut(text, most, len).removesuffix("……")
        assert kept in {"", "停", "停水", f"停水{FAMILY}", text}


def test_an_accent_stays_on_its_letter() -> None:
    assert cut("cafe\u0301 closed", 6, len) in {"caf……", "cafe\u0301……"}


@given(st.text(max_size=200), st.integers(min_value=0, max_value=300))
def test_a_cut_text_fits_and_is_a_beginning(text: str, most: int) -> None:
    short = cut(text, most, in_bytes)
    assert in_bytes(short) <= most
    assert short == text or text.startswith(short.removesuffix("……"))


@given(st.text(max_size=3000), st.text(max_size=300), st.integers(min_value=250, max_value=2048))
def test_every_notice_fits_and_ends_in_its_links(body: str, subject: str, most: int) -> None:
    text = compose(replace(PARCEL, body=body, subject=subject), Limits(size=most))
    assert in_bytes(text) <= most
    assert text.endswith(PARCEL.ack)


def test_what_needs_a_person_is_counted(world: World) -> None:
    assert not queries.outbox_troubles(NOW)
    for key in ("failed", "waiting", "tried", "fine"):
        actions.tell(now=NOW, people=[world["duty"]], key=key, subject="s", body="b", link="/")
    rows = {row.key.split("|")[0]: row for row in Message.objects.all()}
    Message.objects.filter(pk=rows["failed"].pk).update(state=Message.State.FAILED)
    Message.objects.filter(pk=rows["fine"].pk).update(state=Message.State.SENT)
    Message.objects.filter(pk=rows["tried"].pk).update(failures=2, next_try_at=NOW + timedelta(hours=1))
    world["head"].contacts.update(failing_since=NOW)
    outlet = Outlet.objects.create(
        name="社区", channel="webhook", address="https://x.example", created_at=NOW, failing_since=NOW
    )
    found = queries.outbox_troubles(NOW + timedelta(minutes=11))
    assert (found.failed, found.slow) == (1, 2)
    assert [contact.person.username for contact in found.ways] == ["head"]
    assert found.outlets == [outlet]


def test_the_list_of_troubles_shows_what_is_counted(world: World) -> None:
    for key in ("failed", "tried", "fine"):
        actions.tell(now=NOW, people=[world["duty"]], key=key, subject="s", body="b", link="/")
    Message.objects.filter(key__startswith="failed").update(state=Message.State.FAILED)
    Message.objects.filter(key__startswith="tried").update(failures=1)
    keys = {row.key.split("|")[0] for row in queries.outbox(state="trouble")}
    assert keys == {"failed", "tried"}
