"""Files: looked at before they are read, read once, and never left half read."""

import csv
import io
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import xlsxwriter
from django.core.exceptions import PermissionDenied, ValidationError

from huiying.desk.collect import actions
from huiying.desk.collect.actions import uploading
from huiying.desk.collect.models import Capture, Mention, Source, Upload
from huiying.desk.collect.sources.forms import Values
from huiying.desk.collect.sources.upload.parse import guess_columns, read_rows, read_table
from huiying.desk.collect.trouble import Trouble
from huiying.desk.collect.work import read_in_next
from tests.desk.world import NOW, World

BEIJING = ZoneInfo("Asia/Shanghai")
ROWS = [
    ["留言编号", "留言主题", "留言详情", "留言时间", "点赞数"],
    ["17", "停水", "三天了", "2026/11/23 8:00", "3"],
]


def sheet(rows: list[list[object]], empty_first: bool = False) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm-dd hh:mm"})
    if empty_first:
        book.add_worksheet("空")
    page = book.add_worksheet("数据")
    for number, row in enumerate(rows):
        page.write_row(number, 0, row)
    book.close()
    return out.getvalue()


def separated(rows: list[list[str]], mark: str = ",", encoding: str = "utf-8") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=mark).writerows(rows)
    return out.getvalue().encode(encoding)


def items(body: bytes) -> list[tuple[str, str, datetime | None]]:
    table = read_table(body)
    harvest = read_rows(table, guess_columns(table.headings), NOW, BEIJING)
    return [(item.title, item.text, item.posted_at) for item in harvest.items]


EIGHT = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_a_table_is_read_whatever_its_separator_and_encoding(mark: str, encoding: str) -> None:
    assert items(separated(ROWS, mark, encoding)) == [("停水", "三天了", EIGHT)]


def test_a_workbook_is_read_with_its_dates_and_numbers() -> None:
    beijing_clock = datetime(2026, 11, 23, 8, 0)  # noqa: DTZ001 - spreadsheets know no zones
    rows: list[list[object]] = [
        ROWS[0],
        [17, "停水", "三天了", beijing_clock, 3.0],
        [18, "停电", "一小时", 46349.5, 0],
    ]
    assert items(sheet(rows)) == [
        ("停水", "三天了", EIGHT),
        ("停电", "一小时", datetime(2026, 11, 23, 4, tzinfo=UTC)),
    ]
    assert items(sheet(rows, empty_first=True))[0][0] == "停水"


def test_a_title_above_the_table_is_not_taken_for_its_headings() -> None:
    table = read_table(sheet([["2026年11月留言汇总"], [], *ROWS]))
    assert table.headings[1] == "留言主题"
    assert table.first_row == 4


def test_columns_are_guessed_by_what_they_are_usually_called() -> None:
    assert guess_columns(ROWS[0]) == {"key": 0, "title": 1, "text": 2, "posted_at": 3, "reach": 4}
    assert guess_columns(["ID", "Title", "Content", "序号"]) == {"key": 0, "title": 1, "text": 2}
    assert guess_columns(["甲", "乙"]) == {}


def test_rows_that_cannot_be_read_are_named_by_their_place_in_the_file() -> None:
    rows = [*ROWS, ["18", "", "", "", ""], [], ["19", "停电", "", "某日", ""]]
    table = read_table(separated(rows))
    harvest = read_rows(table, guess_columns(table.headings), NOW, BEIJING)
    assert [(one.where.en, one.taken) for one in harvest.rejected] == [("row 3", False), ("row 5", True)]
    assert len(harvest.items) == 2


def test_every_export_begins_at_one_again_and_no_row_is_lost_for_it() -> None:
    def keys(title: str) -> list[str]:
        table = read_table(separated([["编号", "标题"], ["1", title], ["1", title]]))
        return [item.key for item in read_rows(table, {"key": 0, "title": 1}, NOW, BEIJING).items]

    assert keys("停水") == keys("停水")
    assert len({*keys("停水"), *keys("停电")}) == 4


@pytest.mark.parametrize(
    "body",
    [b"", b"\x00\x01\x02", b"PK\x03\x04 not a workbook", b"%PDF-1.4", b"\xd0\xcf\x11\xe0 old", b"\n\n\n"],
)
def test_what_is_no_table_is_refused(body: bytes) -> None:
    table = None
    try:
        table = read_table(body, "x")
    except Trouble as trouble:
        assert trouble.code == "upload.kind"
    assert table is None or len(table.rows) == 0


def test_quotes_inside_tab_separated_words_harm_nothing() -> None:
    body = 'title\ttext\n停水\t他说"三天了\n停电\t一小时\n'.encode()
    assert [text for _title, text, _at in items(body)] == ['他说"三天了', "一小时"]
    quoted = 'title\ttext\n停水\t"第一行\n第二行"\n'.encode()
    assert [text for _title, text, _at in items(quoted)] == ["第一行\n第二行"]


@pytest.fixture
def source(world: World, now: datetime) -> Source:
    return actions.add_source(
        by=world["office"], now=now, kind="upload", values=Values(name="热线", tier="board")
    )


def looked_at(world: World, source: Source, rows: list[list[str]], now: datetime) -> Upload:
    return actions.look_at(by=world["office"], now=now, source=source, name="留言.csv", body=separated(rows))


def test_nothing_is_stored_before_it_is_confirmed_and_then_once(
    world: World, source: Source, now: datetime
) -> None:
    upload = looked_at(world, source, ROWS, now)
    assert Mention.objects.count() == 0
    assert upload.columns["title"] == 1
    done = actions.read_in(by=world["office"], now=now, upload=upload)
    assert (done.state, done.new, done.known) == ("done", 1, 0)
    assert Mention.objects.get().tier == "board"
    assert Capture.objects.get().address == "留言.csv"
    assert bytes(done.payload) == b""
    again = actions.read_in(by=world["office"], now=now, upload=looked_at(world, source, ROWS, now))
    assert (again.new, again.known) == (0, 1)
    source.refresh_from_db()
    assert source.last_new_at == now


def test_the_same_file_waiting_is_the_same_upload_and_may_be_dropped(
    world: World, source: Source, now: datetime
) -> None:
    upload = looked_at(world, source, ROWS, now)
    assert looked_at(world, source, ROWS, now) == upload
    actions.drop(by=world["office"], now=now, upload=upload)
    with pytest.raises(ValidationError):
        actions.read_in(by=world["office"], now=now, upload=upload)
    assert looked_at(world, source, ROWS, now) != upload


def test_a_long_file_is_read_by_the_worker_and_an_interruption_goes_on_where_it_stopped(
    world: World, source: Source, now: datetime
) -> None:
    rows = [
        ROWS[0],
        *[[str(n), f"留言 {n}", "内容", f"2026-11-{1 + n % 20:02} 08:00", "0"] for n in range(2500)],
    ]
    upload = looked_at(world, source, rows, now)
    waiting = actions.read_in(by=world["office"], now=now, upload=upload)
    assert (waiting.state, Mention.objects.count()) == ("reading", 0)
    assert read_in_next(now=now, worker="killed", most=1) == 1
    assert Mention.objects.count() == uploading.STEP
    assert read_in_next(now=now, worker="next") == 2
    upload.refresh_from_db()
    assert (upload.state, upload.new, upload.done_rows) == ("done", 2500, 2500)
    assert read_in_next(now=now, worker="next") == 0
    times = list(Mention.objects.order_by("id").values_list("posted_at", flat=True))
    assert times == sorted(times)  # type: ignore[type-var]


def test_a_file_that_another_worker_holds_is_left_to_it_until_its_lease_runs_out(
    world: World, source: Source, now: datetime
) -> None:
    rows = [ROWS[0], *[[str(n), f"留言 {n}", "内容", "", "0"] for n in range(1500)]]
    upload = actions.read_in(by=world["office"], now=now, upload=looked_at(world, source, rows, now))
    Upload.objects.filter(pk=upload.pk).update(leased_by="killed", leased_until=now + timedelta(minutes=3))
    assert read_in_next(now=now, worker="w") == 0
    assert read_in_next(now=now + timedelta(minutes=4), worker="w") == 2


def test_a_file_waits_two_days_for_its_confirmation(world: World, source: Source, now: datetime) -> None:
    looked_at(world, source, ROWS, now)
    assert actions.purge_due(now=now + timedelta(days=3)) == 1
    assert Upload.objects.get().state == Upload.State.DROPPED


def test_columns_must_hold_words(world: World, source: Source, now: datetime) -> None:
    upload = looked_at(world, source, [["甲", "乙"], ["1", "2"]], now)
    with pytest.raises(ValidationError):
        actions.read_in(by=world["office"], now=now, upload=upload)
    actions.choose_columns(by=world["office"], now=now, upload=upload, columns={"text": 1})
    assert actions.read_in(by=world["office"], now=now, upload=upload).new == 1


def test_only_those_who_may_change_sources_bring_files(world: World, source: Source, now: datetime) -> None:
    for role in ("duty", "handler", "auditor", "head"):
        with pytest.raises(PermissionDenied):
            actions.look_at(by=world[role], now=now, source=source, name="x.csv", body=separated(ROWS))
