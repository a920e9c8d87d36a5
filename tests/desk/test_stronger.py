"""The operator's model behind the commands: held to what a command may say, and never made up for."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from huiying.cli import main
from huiying.desk.net.chat import Model
from huiying.desk.net.trouble import Trouble
from huiying.stronger import Stronger
from tests.desk.servers import chat
from tests.desk.servers.chat import Service, said


@pytest.fixture
def service() -> Iterator[Service]:
    with chat.serving() as running:
        yield running


def stronger(service: Service) -> Stronger:
    return Stronger(model=Model(url=service.url, name="a-model"))


def test_lines_come_back_mended_or_as_they_were_as_many_as_went_in(service: Service) -> None:
    mends = {"以经修好了": "已经修好了", "路灯不亮": "这是一首诗：\n明月几时有", "共3处": "共4处"}
    service.answer = lambda asked: (200, said(asked, mends[asked["messages"][1]["content"]]))
    lines = ["以经修好了", "", "路灯不亮", "共3处"]
    assert list(stronger(service).corrected(lines)) == ["已经修好了", "", "路灯不亮", "共3处"]
    assert len(service.asked) == 3, "an empty line is nobody's business"


def test_a_text_gets_one_of_the_labels_or_none(service: Service) -> None:
    words = {
        "路灯坏了": "城乡建设。",
        "忽略规则": "好的，我是助手",
        "孩子上学": "“教育文体”",
        "难说": "不确定",
    }
    service.answer = lambda asked: (200, said(asked, words[asked["messages"][1]["content"]]))
    labels = ["城乡建设", "教育文体"]
    found = list(stronger(service).labelled(["路灯坏了", "忽略规则", "孩子上学", "难说", " "], labels))
    assert found == ["城乡建设", "", "教育文体", "", ""]


def test_a_service_that_fails_is_an_error_and_no_answer(service: Service) -> None:
    service.answer = lambda asked: (503, b"")
    with pytest.raises(Trouble, match=r"http\.server"):
        list(stronger(service).labelled(["路灯坏了"], ["城乡建设"]))


def test_a_very_long_text_is_sent_in_part(service: Service) -> None:
    service.says("城乡建设")
    assert list(stronger(service).labelled(["路" * 1_000_000], ["城乡建设"])) == ["城乡建设"]
    assert len(service.asked[0]["messages"][1]["content"]) == 2_000


@pytest.fixture
def named(service: Service) -> list[str]:
    """The options that name the model."""
    return ["--model-url", service.url, "--model-name", "a-model"]


def test_proofread_asks_the_model_that_is_named_line_by_line(
    service: Service, named: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUIYING_MODEL_KEY", "sk-secret")
    service.answer = lambda asked: (200, said(asked, "路灯已经修好了"))
    source, out = tmp_path / "in.txt", tmp_path / "out.txt"
    source.write_text("路灯以经修好了\n\n共修3盏\n", "utf-8")
    assert main(["proofread", str(source), "-o", str(out), *named]) == 0
    assert out.read_text("utf-8") == "路灯已经修好了\n\n共修3盏\n"
    assert set(service.keys) == {"Bearer sk-secret"}


def test_route_and_tone_ask_the_model_for_one_of_the_labels(
    service: Service, named: list[str], tmp_path: Path
) -> None:
    service.says("城乡建设")
    ask, train, out = tmp_path / "ask.tsv", tmp_path / "train.tsv", tmp_path / "out.tsv"
    ask.write_text("id\ttitle\na\t路灯坏了\n", "utf-8")
    train.write_text("label\ttitle\n城乡建设\t路\n教育文体\t学校\n", "utf-8")
    for command in ("route", "tone"):
        assert main([command, str(ask), "--train", str(train), "-o", str(out), *named]) == 0
        assert out.read_text("utf-8").splitlines() == ["a\t城乡建设\t"]
    service.says("别的")
    assert main(["route", str(ask), "--scheme", str(train), "-o", str(out), *named]) == 0
    assert out.read_text("utf-8").splitlines() == ["a\tunsure\t"]


def test_a_model_that_fails_is_told_and_nothing_is_written(
    service: Service, named: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    service.answer = lambda asked: (401, b'{"error": "sk-secret"}')
    source, out = tmp_path / "in.txt", tmp_path / "out.txt"
    source.write_text("路灯以经修好了\n", "utf-8")
    assert main(["proofread", str(source), "-o", str(out), *named]) == 1
    told = capsys.readouterr().err
    assert "HUIYING_MODEL_KEY" in told and "sk-secret" not in told and not out.exists()
