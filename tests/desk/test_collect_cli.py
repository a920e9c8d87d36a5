"""The commands of collecting, as an operator types them."""

import getpass
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings

from huiying.cli import main
from huiying.desk.collect import replay
from huiying.desk.collect.actions import install_source
from huiying.desk.collect.models import Fetch, Mention, Source
from huiying.desk.collect.seal import unseal
from huiying.desk.collect.sources.forms import Values
from tests.desk.servers.sites import Site, serving
from tests.desk.world import NOW

pytestmark = pytest.mark.django_db
Out = pytest.CaptureFixture[str]
RSS = '<rss version="2.0"><channel><item><guid>1</guid><title>停水</title><pubDate>2026-11-23 08:00</pubDate></item></channel></rss>'


@pytest.fixture
def site(settings: LazySettings) -> Iterator[Site]:
    settings.HUIYING_FETCH_ALLOW = ["127.0.0.0/8"]
    with serving() as running:
        yield running


def test_a_source_is_added_tried_and_read_from_the_command_line(site: Site, capsys: Out) -> None:
    address = site.says("/rss", RSS)
    assert main(["source", "test", "feed", f"address={address}"]) == 0
    assert "停水" in capsys.readouterr().out
    assert Mention.objects.count() == 0
    assert main(["source", "add", "feed", "青禾论坛", f"address={address}", "tier=local"]) == 0
    assert main(["source", "fetch", "青禾论坛"]) == 0
    assert Mention.objects.get().tier == "local"
    assert main(["source", "list"]) == 0
    assert "✓" in capsys.readouterr().out


def test_adding_the_same_name_again_changes_it(site: Site) -> None:
    for interval in ("600", "300"):
        assert (
            main(["source", "add", "feed", "论坛", f"address={site.url('/rss')}", f"interval_s={interval}"])
            == 0
        )
    assert Source.objects.get().interval_s == 300


def test_what_is_wrong_with_the_settings_is_named(capsys: Out) -> None:
    assert main(["source", "add", "feed", "论坛", "address=ftp://x"]) == 1
    assert "address" in capsys.readouterr().err
    assert main(["source", "add", "nothing", "论坛"]) == 1
    assert "newsnow" in capsys.readouterr().err
    assert main(["source", "add", "feed", "论坛", "address"]) == 1
    assert main(["source", "fetch", "nobody"]) == 1
    assert Source.objects.count() == 0


def test_a_secret_is_asked_for_and_sealed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(getpass, "getpass", lambda prompt: "Bearer abc")
    assert main(["source", "add", "api", "工单", "address=https://h.example.cn/x", "title=t", "token=-"]) == 0
    assert unseal(Source.objects.get().secret) == "Bearer abc"


def test_a_source_that_cannot_be_read_answers_1_and_says_why(site: Site, capsys: Out) -> None:
    main(["source", "add", "feed", "论坛", f"address={site.says('/rss', '', status=403)}"])
    assert main(["source", "fetch", "论坛"]) == 1
    assert "HTTP 403" in capsys.readouterr().out
    assert main(["source", "test", "论坛"]) == 1
    assert main(["source", "list", "--json"]) == 0
    [row] = json.loads(capsys.readouterr().out.split("\n", 2)[2])
    assert (row["state"], row["name"]) == ("failing", "论坛")


def test_everything_that_is_due_is_fetched_when_none_is_named(site: Site, capsys: Out) -> None:
    main(["source", "add", "feed", "论坛", f"address={site.says('/rss', RSS)}"])
    capsys.readouterr()
    assert main(["source", "fetch"]) == 0
    assert capsys.readouterr().out == "1\n"


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    path = tmp_path / "三天.csv"
    rows = [f"{n},停水 {n},内容,2026-11-20 08:{10 * n:02}" for n in (2, 0, 1)]
    path.write_bytes("\n".join(["编号,标题,正文,时间", *rows, "9,没有时间,内容,", "10,,,"]).encode("gb18030"))
    return path


def test_a_recording_is_replayed_once_however_often_it_is_begun(recording: Path, capsys: Out) -> None:
    assert main(["replay", str(recording)]) == 0
    assert capsys.readouterr().out == "4 new, 0 known, 1 rejected\n"
    assert main(["replay", str(recording)]) == 0
    assert capsys.readouterr().out == "0 new, 4 known, 1 rejected\n"
    titles = list(Mention.objects.order_by("id").values_list("title", flat=True))
    assert titles == ["停水 0", "停水 1", "停水 2", "没有时间"]
    assert Source.objects.get().name == "三天.csv"


def test_lines_of_json_are_replayed_into_a_named_source(tmp_path: Path, capsys: Out) -> None:
    path = tmp_path / "posts.jsonl"
    path.write_text('{"key": "1", "title": "停水", "author": "某人"}\n\n{"key": "2"}\n', encoding="utf-8")
    assert main(["replay", str(path), "--source", "演练"]) == 0
    assert "1 new, 0 known, 1 rejected" in capsys.readouterr().out
    assert Mention.objects.get().source.name == "演练"


@pytest.mark.parametrize("body", [b"", b"\x00\x01", b"PK\x03\x04"])
def test_a_recording_that_cannot_be_read_is_refused(tmp_path: Path, capsys: Out, body: bytes) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(body)
    assert main(["replay", str(path)]) == 1
    assert "x.csv" in capsys.readouterr().err
    assert main(["replay", str(tmp_path / "missing.csv")]) == 1


class Played:
    """A clock that moves when somebody waits."""

    def __init__(self) -> None:
        self.seconds, self.waited = 0.0, list[float]()

    def pause(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.seconds += seconds

    @property
    def clock(self) -> replay.Clock:
        return replay.Clock(
            now=lambda: NOW + timedelta(seconds=self.seconds), passed=lambda: self.seconds, pause=self.pause
        )


def test_a_recording_keeps_its_pace_or_runs_faster(recording: Path) -> None:
    source = install_source(now=NOW, kind="upload", values=Values(name="演练"))
    whole, played = replay.recorded(recording, NOW), Played()
    steps = replay.at_pace(source, whole, played.clock, 600, as_now=False)
    assert [step.new for step in steps] == [1, 1, 1, 1]
    assert 1.9 < played.seconds < 2.3  # twenty minutes, six hundred times as fast
    assert max(played.waited) <= replay.LOOK_AGAIN
    first = Mention.objects.order_by("id").first()
    assert first is not None and first.posted_at == datetime(2026, 11, 20, 0, 0, tzinfo=UTC)
    assert Fetch.objects.filter(source=source, new=1).count() == 4


def test_an_old_recording_can_look_like_today(recording: Path) -> None:
    source = install_source(now=NOW, kind="upload", values=Values(name="演练"))
    whole, played = replay.recorded(recording, NOW), Played()
    list(replay.at_pace(source, whole, played.clock, 1, as_now=True))
    times = list(Mention.objects.exclude(posted_at=None).order_by("id").values_list("posted_at", flat=True))
    assert [int((at - NOW).total_seconds() / 60) for at in times if at] == [0, 10, 20]
    assert 1190 < played.seconds < 1210


def test_the_command_line_lists_its_commands(capsys: Out) -> None:
    with pytest.raises(SystemExit):
        main(["source", "--help"])
    assert {"list", "add", "test", "fetch"} <= set(
        capsys.readouterr().out.replace(",", " ").replace("{", " ").split()
    )
