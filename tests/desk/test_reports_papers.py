"""Papers: drafted from the record, numbered and issued, and standing in the journal with their hash."""

import hashlib
import re
import shutil
import subprocess
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from huiying.desk.cases import actions as cases
from huiying.desk.cases.models import Case
from huiying.desk.cases.verify import verify_all
from huiying.desk.notify.models import Message
from huiying.desk.replies import actions as replies
from huiying.desk.reports import actions, queries
from huiying.desk.reports.kinds import FORMS, PHONE_MOST
from huiying.desk.reports.models import Paper, Reading
from huiying.engine.journal import Kind
from tests.desk import letters, papers
from tests.desk.world import World

HOUR = timedelta(hours=1)
ON_A_CASE = ["flash", "brief", "handling", "transfer", "supervision", "coordination", "placement", "kit"]
PERIODICALS = ["daily", "weekly", "monthly"]


@pytest.fixture
def case(world: World, now: datetime) -> Case:
    return papers.worked(world, now)


@pytest.mark.parametrize("kind", ON_A_CASE)
def test_every_kind_goes_from_the_record_to_a_hash_in_the_journal(
    world: World, case: Case, kind: str
) -> None:
    paper = papers.issued(world, kind, case)
    assert paper.number and "〔2026〕1号" in paper.number
    files = {row.form: row for row in paper.files.all()}
    assert files["pdf"].sha256 == hashlib.sha256(bytes(files["pdf"].content)).hexdigest() == paper.sha256
    assert bytes(files["docx"].content).startswith(b"PK")
    told = [dict(row.data)["paper"] for row in case.entries.all() if "paper" in row.data]
    assert [one["sha256"] for one in told] == [paper.sha256] and told[0]["number"] == paper.number
    assert verify_all() == []


@pytest.mark.parametrize("kind", PERIODICALS)
def test_a_periodical_counts_what_was_heard_and_draws_it(
    world: World, case: Case, now: datetime, kind: str
) -> None:
    for number in range(30):
        letters.post(now - number * HOUR, address=f"https://forum.example/t/{100 + number}")
    paper = papers.issued(world, kind, now=now + 8 * HOUR)
    assert paper.case is None and paper.number and paper.files.count() == 2
    assert "共收集帖文" in paper.body["overview"]
    assert kind == "monthly" or paper.figures[0]["rows"]


def test_the_first_draft_says_what_the_journal_knows(world: World, case: Case) -> None:
    body = papers.begun(world, "flash", case).body
    assert "循环泵损坏" in body["event"] and "受影响学生312人" in body["event"]
    assert "后勤处牵头办理" in body["done"] and "发布首次回应" in body["done"]
    assert "共监测到相关帖文1条" in body["spread"]
    assert len(body["phone"]) <= PHONE_MOST


def test_a_cause_that_was_not_verified_is_not_stated(world: World, now: datetime) -> None:
    fresh = letters.matter(world, now)
    body = papers.begun(world, "flash", fresh).body
    assert "正在核实" in body["event"]


def test_a_report_settles_what_was_owed_upward_on_paper(world: World, case: Case, now: datetime) -> None:
    paper = papers.begun(world, "flash", case)
    actions.phone(by=world["office"], now=now + HOUR, paper=paper)
    actions.issue(by=world["office"], now=now + HOUR, paper=paper)
    told = [row.data for row in case.entries.filter(kind=Kind.REPORTED).order_by("seq")]
    assert [one["means"] for one in told] == ["phone", "paper"]
    assert told[0]["text"] == paper.body["phone"]
    assert {one["to"] for one in told} == {paper.recipient}


def test_a_phone_text_longer_than_a_message_is_refused(world: World, case: Case, now: datetime) -> None:
    paper = papers.begun(world, "flash", case)
    body = {"phone": "长" * (PHONE_MOST + 1)}
    paper = actions.save(by=world["office"], now=now, paper=paper, fields={}, body=body)
    with pytest.raises(ValidationError, match=str(PHONE_MOST)):
        actions.phone(by=world["office"], now=now, paper=paper)
    assert not case.entries.filter(kind=Kind.REPORTED).exists()


def test_a_phone_report_is_made_once(world: World, case: Case, now: datetime) -> None:
    paper = actions.phone(by=world["duty"], now=now + HOUR, paper=papers.begun(world, "flash", case))
    with pytest.raises(ValidationError):
        actions.phone(by=world["duty"], now=now + 2 * HOUR, paper=paper)
    with pytest.raises(ValidationError):
        actions.discard(by=world["office"], now=now, paper=paper)


def test_numbers_count_on_by_kind_and_year_and_drills_apart(world: World, case: Case, now: datetime) -> None:
    numbers = [papers.issued(world, "brief", case).number for _again in range(2)]
    assert numbers == ["九中舆专〔2026〕1号", "九中舆专〔2026〕2号"]
    assert papers.issued(world, "flash", case).number == "九中舆快〔2026〕1号"
    assert papers.issued(world, "brief", case, now + timedelta(days=60)).number == "九中舆专〔2027〕1号"
    drill = cases.open_case(by=world["office"], now=now, title="演练：食堂", summary="演练", drill=True)
    assert papers.issued(world, "brief", drill).number == "演练九中舆专〔2026〕1号"


def test_an_issued_paper_never_changes(world: World, case: Case, now: datetime) -> None:
    paper = papers.issued(world, "brief", case)
    for act in (actions.redraft, actions.discard, actions.sign):
        with pytest.raises(ValidationError):
            act(by=world["head"] if act is actions.sign else world["office"], now=now, paper=paper)
    with pytest.raises(ValidationError):
        actions.save(by=world["office"], now=now, paper=paper, fields={"title": "别的"}, body={})
    with pytest.raises(ValidationError):
        actions.issue(by=world["office"], now=now, paper=paper)
    assert Paper.objects.get(pk=paper.pk).title == paper.title


@pytest.mark.parametrize("kind", ["supervision", "coordination", "placement"])
def test_a_letter_that_binds_others_waits_for_a_signature(
    world: World, case: Case, now: datetime, kind: str
) -> None:
    paper = papers.begun(world, kind, case)
    body = {"request": "请于11月26日前书面回复。", "reason": "逾期未报。", "media": "青禾晚报"}
    due_at = now + 48 * HOUR
    paper = actions.save(by=world["office"], now=now, paper=paper, fields={}, body=body, due_at=due_at)
    with pytest.raises(ValidationError, match="签发"):
        actions.issue(by=world["office"], now=now, paper=paper)
    assert list(queries.waiting_for(world["head"], now)) == [paper]
    signed = actions.sign(by=world["head"], now=now, paper=paper)
    assert actions.issue(by=world["office"], now=now, paper=signed).number


def test_changing_a_word_takes_the_signature_back(world: World, case: Case, now: datetime) -> None:
    paper = actions.sign(by=world["head"], now=now, paper=papers.begun(world, "coordination", case))
    paper = actions.save(by=world["office"], now=now, paper=paper, fields={}, body={"request": "改了"})
    assert paper.signed_by is None


def test_the_press_gets_the_approved_text_and_no_other(world: World, case: Case, now: datetime) -> None:
    paper = papers.begun(world, "statement", case)
    assert paper.body["text"] == letters.ANSWER
    kept = actions.save(by=world["office"], now=now, paper=paper, fields={}, body={"text": "另一番话"})
    assert kept.body["text"] == letters.ANSWER
    Paper.objects.filter(pk=kept.pk).update(body={"text": "另一番话"})
    with pytest.raises(ValidationError, match="重新取材"):
        actions.issue(by=world["office"], now=now, paper=kept)


def test_without_an_approved_text_there_is_no_press_statement(world: World, now: datetime) -> None:
    fresh = letters.matter(world, now)
    paper = actions.start(by=world["office"], now=now, kind="statement", case=fresh)
    with pytest.raises(ValidationError, match="审批"):
        actions.issue(by=world["office"], now=now, paper=paper)


def test_a_kit_follows_the_lines_and_not_an_older_version(world: World, case: Case, now: datetime) -> None:
    paper = papers.begun(world, "kit", case)
    assert "更换了3号宿舍楼热水锅炉的循环泵" in paper.body["facts"] and "还在商谈" in paper.body["not_yet"]
    assert "什么时候能修好？" in paper.body["questions"]
    newer = replies.write_lines(by=world["office"], now=now + HOUR, case=case, fields={"facts": "热水已恢复"})
    replies.approve_lines(by=world["head"], now=now + HOUR, lines=newer)
    with pytest.raises(ValidationError, match="口径"):
        actions.issue(by=world["office"], now=now + 2 * HOUR, paper=paper)
    fresh = actions.redraft(by=world["office"], now=now + 2 * HOUR, paper=paper)
    assert "热水已恢复" in fresh.body["facts"]
    assert actions.issue(by=world["office"], now=now + 2 * HOUR, paper=fresh).number


CORRECTION = {
    "kind": "correction",
    "ground": "untrue",
    "address": "https://forum.example/t/1",
    "claim": "3号宿舍楼热水停了三天",
    "fact": "停水自11月23日14时起，至24日10时，共20小时",
    "evidence": "锅炉运行记录\n后勤处检修单",
    "recipient": "校园论坛管理员",
}


def test_a_correction_carries_one_claim_its_evidence_and_two_names(
    world: World, case: Case, now: datetime
) -> None:
    cases.verify(by=world["duty"], now=now, case=case, outcome="partly", facts="停水共20小时，不是三天")
    row = replies.propose(by=world["office"], now=now, case=case, fields=CORRECTION)
    paper = actions.start(by=world["office"], now=now, kind="correction", case=case)
    with pytest.raises(ValidationError, match="第二人"):
        actions.issue(by=world["office"], now=now, paper=paper)
    replies.decide(by=world["head"], now=now, referral=row, agreed=True)
    paper = actions.redraft(by=world["office"], now=now, paper=paper)
    assert CORRECTION["claim"] in paper.body["claim"] and "检修单" in paper.body["evidence"]
    paper = actions.save(
        by=world["office"], now=now, paper=paper, fields={"to": "校园论坛"}, body={"fact": "编的"}
    )
    assert "20小时" in paper.body["fact"]
    with pytest.raises(ValidationError, match="签发"):
        actions.issue(by=world["office"], now=now, paper=paper)
    issued = actions.issue(
        by=world["office"], now=now, paper=actions.sign(by=world["head"], now=now, paper=paper)
    )
    assert "舆正" in (issued.number or "")


def test_a_leaders_words_on_a_paper_become_an_instruction(world: World, case: Case, now: datetime) -> None:
    paper = papers.issued(world, "brief", case)
    actions.instruct(
        by=world["office"], now=now + 2 * HOUR, paper=paper, leader="甲校长", text="请后勤处今日修好。"
    )
    entry = case.entries.get(kind=Kind.INSTRUCTED)
    paper.refresh_from_db()
    assert entry.data["text"] == "请后勤处今日修好。" and paper.instructions == [entry.data["ref"]]


def test_a_draft_takes_no_instruction(world: World, case: Case, now: datetime) -> None:
    with pytest.raises(ValidationError):
        actions.instruct(
            by=world["office"], now=now, paper=papers.begun(world, "brief", case), leader="甲", text="办"
        )


def test_who_has_read_it_is_noted_once(world: World, case: Case, now: datetime) -> None:
    paper = papers.issued(world, "brief", case)
    for _again in range(2):
        actions.read(by=world["head"], now=now + 2 * HOUR, paper=paper)
    assert Reading.objects.get(paper=paper).person == world["head"]


def test_the_leader_to_whom_it_goes_is_told(world: World, case: Case) -> None:
    paper = papers.begun(world, "brief", case)
    paper = actions.save(
        by=world["office"],
        now=papers.NOW + HOUR,
        paper=paper,
        fields={"recipient": "group", "to": "领导小组组长"},
        body={},
    )
    actions.issue(by=world["office"], now=papers.NOW + HOUR, paper=paper)
    assert Message.objects.filter(key__startswith=f"paper|{paper.pk}", person=world["head"]).exists()


def test_two_people_writing_at_once_notice(world: World, case: Case, now: datetime) -> None:
    paper = papers.begun(world, "brief", case)
    actions.save(
        by=world["duty"], now=now, paper=paper, fields={}, body={"advice": "先"}, revision=paper.revision
    )
    with pytest.raises(ValidationError, match="别人"):
        actions.save(
            by=world["office"],
            now=now,
            paper=paper,
            fields={},
            body={"advice": "后"},
            revision=paper.revision,
        )


def test_a_units_people_read_what_is_addressed_to_units(world: World, case: Case) -> None:
    brief, slip = papers.issued(world, "brief", case), papers.issued(world, "transfer", case)
    daily, draft = papers.issued(world, "daily"), papers.begun(world, "transfer", case)
    assert set(queries.papers_for(world["handler"])) == {slip}
    assert set(queries.papers_for(world["reviewer"])) == {brief, slip, daily}
    assert draft in queries.papers_for(world["auditor"])


@pytest.mark.parametrize("role", ["head", "handler", "reviewer", "spokesperson", "auditor", "admin"])
def test_only_the_office_and_the_duty_write(world: World, case: Case, now: datetime, role: str) -> None:
    with pytest.raises(PermissionDenied):
        actions.start(by=world[role], now=now, kind="flash", case=case)


@pytest.mark.parametrize("kind", ["", "memo", "__class__", "快报"])
def test_a_kind_that_there_is_not_is_refused(world: World, case: Case, now: datetime, kind: str) -> None:
    with pytest.raises(ValidationError):
        actions.start(by=world["office"], now=now, kind=kind, case=case)


@pytest.mark.parametrize("kind", [form.kind.value for form in FORMS.values() if form.case])
def test_a_paper_on_a_case_needs_one(world: World, now: datetime, kind: str) -> None:
    with pytest.raises(ValidationError):
        actions.start(by=world["office"], now=now, kind=kind)


def test_an_empty_section_that_must_be_there_is_named(world: World, case: Case, now: datetime) -> None:
    paper = papers.begun(world, "brief", case)
    paper = actions.save(by=world["office"], now=now, paper=paper, fields={}, body={"event": " \n "})
    with pytest.raises(ValidationError) as refused:
        actions.issue(by=world["office"], now=now, paper=paper)
    assert list(refused.value.message_dict) == ["event"]
    paper.refresh_from_db()
    assert paper.open and paper.number is None


def test_a_megabyte_of_text_is_refused_with_the_limit_and_nothing_lost(
    world: World, case: Case, as_role: Callable[[str], Client]
) -> None:
    paper = papers.begun(world, "brief", case)
    kept = paper.body["event"]
    answer = as_role("office").post(
        f"/reports/{paper.pk}/write/", {"title": "题", "s_event": "长" * 1_000_000}
    )
    assert answer.status_code == 422 and "20000" in answer.content.decode()
    paper.refresh_from_db()
    assert paper.body["event"] == kept


HOSTILE = '=HYPERLINK("http://x")\u0000\u0007\ud83d #set page() $x$ *粗* \\u{1} <b>&amp; {{ 7*7 }} 身份证110101199003078515'


def test_hostile_text_is_printed_as_text(world: World, case: Case, now: datetime) -> None:
    paper = papers.begun(world, "brief", case)
    words = HOSTILE.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    paper = actions.save(
        by=world["office"], now=now, paper=paper, fields={"title": words[:150]}, body={"event": words}
    )
    issued = actions.issue(by=world["office"], now=now, paper=paper)
    text = extracted(bytes(issued.files.get(form="pdf").content))
    assert '=HYPERLINK("http://x")' in text and "#setpage()" in text and "{{7*7}}" in text
    assert "110101199003078515" not in text


def extracted(pdf: bytes) -> str:
    """The text of a PDF without blanks. Skips where pdftotext is missing."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is missing: apt install poppler-utils")
    done = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True, timeout=60)
    return re.sub(r"\s", "", done.stdout.decode())


def test_the_text_of_the_pdf_is_chinese_without_stray_blanks(world: World, case: Case, now: datetime) -> None:
    issued = papers.issued(world, "brief", case)
    done = subprocess.run(
        ["pdftotext", "-layout", "-", "-"],
        input=bytes(issued.files.get(form="pdf").content),
        capture_output=True,
        check=True,
        timeout=60,
    )
    text = done.stdout.decode()
    assert "11月24日" in text and not re.search(r"[\u4e00-\u9fff] \d|\d [\u4e00-\u9fff]", text)


@pytest.mark.slow
def test_libreoffice_opens_the_word_files_and_reads_the_same_words(
    world: World, case: Case, tmp_path: Path
) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is missing: apt install libreoffice-writer")
    for number in range(30):
        letters.post(papers.NOW - number * HOUR, address=f"https://forum.example/t/{100 + number}")
    made = [papers.issued(world, kind, case) for kind in ON_A_CASE] + [papers.issued(world, "daily")]
    assert made[-1].figures
    for paper in made:
        (tmp_path / f"{paper.kind}.docx").write_bytes(bytes(paper.files.get(form="docx").content))
    subprocess.run(
        [office, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "pdf",
         "--outdir", str(tmp_path), *map(str, sorted(tmp_path.glob("*.docx")))],
        check=True, timeout=240, capture_output=True,
    )  # fmt: skip
    for paper in made:
        ours = extracted(bytes(paper.files.get(form="pdf").content))
        theirs = extracted((tmp_path / f"{paper.kind}.pdf").read_bytes())
        assert letters_of(ours) == letters_of(theirs), paper.kind


def letters_of(text: str) -> list[str]:
    """Every character in order of the alphabet; page numbers and their dashes do not count."""
    return sorted(re.sub(r"—\d+—", "", text))
