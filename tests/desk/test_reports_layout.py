"""How papers are laid out: measures of the standard, fonts that stand in, titles that break well, forms of one's own."""

import io
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from docx import Document
from docx.shared import Mm, Pt

from huiying.desk.cases.models import Case
from huiying.desk.reports import actions
from huiying.desk.reports.examples import examples
from huiying.desk.reports.kinds import FORMS, PHONE_MOST
from huiying.desk.reports.layout import fonts, own, pdf, word
from huiying.desk.reports.layout.make import TITLE_LINE, balanced
from huiying.desk.reports.layout.ooxml import ems
from huiying.desk.reports.layout.sheet import sheet_of
from huiying.desk.reports.models import Template
from tests.desk import papers
from tests.desk.world import World

PICTURES = Path(__file__).resolve().parent.parent.parent / "docs" / "papers"


@pytest.mark.parametrize("kind", FORMS)
def test_every_kind_is_set_as_pdf_and_as_word(kind: str) -> None:
    sheet = examples()[kind]
    assert pdf.pdf(sheet).startswith(b"%PDF") and len(pdf.pages(sheet, 40)) >= 1
    assert Document(io.BytesIO(word.docx(sheet))).paragraphs
    assert sheet_of(sheet.as_dict()) == sheet


def test_every_kind_has_its_picture_in_the_docs() -> None:
    assert {path.stem for path in PICTURES.glob("*.png")} == set(FORMS)


def test_the_word_page_has_the_measures_of_the_standard() -> None:
    document = Document(io.BytesIO(word.docx(examples()["handling"])))
    page = document.sections[0]
    widths = page.page_width, page.page_height, page.top_margin, page.left_margin
    assert [round(value / 36000) for value in widths if value] == [210, 297, 37, 28]
    text = (page.page_width or 0) - (page.left_margin or 0) - (page.right_margin or 0)
    high = (page.page_height or 0) - (page.top_margin or 0) - (page.bottom_margin or 0)
    assert (round(text / 36000, 1), round(high / 36000, 1)) == (156, 225)
    pitch = document.styles["Normal"].paragraph_format.line_spacing
    assert 22 * pitch <= Mm(225) < 23 * pitch and document.styles["Normal"].font.size == Pt(16)


def test_a_machine_with_the_standards_fonts_uses_them() -> None:
    chosen = fonts.choose(
        ["FangSong", "KaiTi", "SimHei", "SimSun", "FZXiaoBiaoSong-B05S", "Noto Serif CJK SC"]
    )
    assert (chosen.fang, chosen.hei, chosen.biao) == ("FangSong", "SimHei", "FZXiaoBiaoSong-B05S")
    assert chosen.replaced == () and not chosen.missing


def test_what_stands_in_is_said() -> None:
    chosen = fonts.choose(["Noto Serif CJK SC", "DejaVu Sans"])
    assert chosen.hei == "Noto Serif CJK SC" and dict(chosen.replaced)["黑体"] == "Noto Serif CJK SC"


def test_without_any_chinese_font_it_says_so() -> None:
    assert fonts.choose(["DejaVu Sans", "Liberation Serif"]).missing


def test_a_short_title_stays_and_a_long_one_breaks_into_even_lines() -> None:
    assert balanced("关于热水停供的函") == "关于热水停供的函"
    long = balanced("关于3号宿舍楼热水停供一事处置工作的复盘报告")
    lines = long.split("\n")
    assert "".join(lines) == "关于3号宿舍楼热水停供一事处置工作的复盘报告"
    assert all(ems(line) <= TITLE_LINE for line in lines) and abs(len(lines[0]) - len(lines[1])) <= 8


@pytest.mark.parametrize("title", ["长" * 200, "1" * 200, "的" * 50, "（" * 60, "a b " * 50, ""])
def test_any_title_breaks_and_loses_nothing(title: str) -> None:
    assert balanced(title).replace("\n", "").replace(" ", "") == title.replace(" ", "")


def form_with(*lines: str) -> bytes:
    """A Word form that says these lines."""
    document, out = Document(), io.BytesIO()
    for line in lines:
        document.add_paragraph(line)
    document.save(out)
    return out.getvalue()


def headed(line: str) -> bytes:
    """A form with a mark in its page head."""
    document, out = Document(), io.BytesIO()
    document.add_paragraph("{{ title }}")
    document.sections[0].header.paragraphs[0].text = line
    document.save(out)
    return out.getvalue()


def words_of(content: bytes) -> str:
    return "\n".join(line.text for line in Document(io.BytesIO(content)).paragraphs)


def test_papers_follow_the_institutions_own_form(world: World, now: datetime) -> None:
    case = papers.worked(world, now)
    form = form_with("本校专用 {{ number }}", "{{ title }}", "{{ event }}", "{{ institution }} {{ date }}")
    actions.put_template(by=world["office"], now=now, kind="brief", name="专报.docx", content=form)
    issued = papers.issued(world, "brief", case)
    words = words_of(bytes(issued.files.get(form="docx").content))
    assert (
        words.startswith("本校专用 九中舆专〔2026〕1号")
        and "循环泵损坏" in words
        and "2026年11月24日" in words
    )
    actions.drop_template(by=world["office"], now=now, template=Template.objects.get())
    assert "本校专用" not in words_of(
        bytes(papers.issued(world, "brief", case).files.get(form="docx").content)
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (form_with("{{ 标题 }} {{ titel }}"), "titel"),
        (form_with("没有字段"), "没有一个字段"),
        (form_with("{{ title "), "标记写错|填不进去"),
        (form_with("{% for p in %}"), "标记写错"),
        (form_with("{{ title.__class__.__mro__ }}"), "只能用字段"),
        (form_with("{{ title * 10**9 }}"), "只能用字段"),
        (form_with("{{ title.ljust(10) }}"), "只能用字段"),
        (form_with("{{ title|center(10) }}"), "只能用字段|标记写错"),
        (form_with("{% set x = title ~ title %}{{ x }}"), "只能用字段"),
        (
            form_with("{% for a in paragraphs %}{% for b in paragraphs %}{{ b }}{% endfor %}{% endfor %}"),
            "一层循环",
        ),
        (headed("{{ 10 ** 10 ** 10 }}"), "只能用字段"),
        (b"", "Word"),
        (b"PK\x03\x04 broken", "Word"),
        ("不是文档".encode(), "Word"),
        (b"0" * (own.MOST + 1), "MB"),
    ],
)
def test_a_form_that_cannot_be_filled_is_refused_with_the_reason(
    world: World, now: datetime, content: bytes, said: str
) -> None:
    with pytest.raises(ValidationError, match=said):
        actions.put_template(by=world["office"], now=now, kind="brief", name="x.docx", content=content)
    assert not Template.objects.exists()


def test_a_form_with_macros_or_a_bomb_inside_is_refused(world: World, now: datetime) -> None:
    for name, size, said in (
        ("word/vbaProject.bin", 1, "宏"),
        ("word/media/a", own.MOST_UNPACKED + 1, "太大"),
    ):
        out = io.BytesIO(form_with("{{ title }}"))
        with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as package:
            package.writestr(name, b"0" * size)
        with pytest.raises(ValidationError, match=said):
            actions.put_template(
                by=world["office"], now=now, kind="brief", name="x.docx", content=out.getvalue()
            )


def test_what_is_in_a_section_is_no_mark_of_the_form(world: World, now: datetime) -> None:
    case = papers.worked(world, now)
    actions.put_template(
        by=world["office"], now=now, kind="brief", name="x", content=form_with("{{ event }}")
    )
    paper = papers.begun(world, "brief", case)
    text = "{{ 7 * 7 }} <w:p/> & 结束"
    paper = actions.save(by=world["office"], now=now, paper=paper, fields={}, body={"event": text})
    issued = actions.issue(by=world["office"], now=papers.NOW + papers.HOUR, paper=paper)
    assert text in words_of(bytes(issued.files.get(form="docx").content))


@pytest.fixture
def case(world: World, now: datetime) -> Case:
    return papers.worked(world, now)


def test_the_pages_of_papers(world: World, case: Case, as_role: Callable[[str], Client]) -> None:
    office = as_role("office")
    made = office.post("/reports/new/flash/", {"case": case.number})
    paper = case.papers.get()
    assert made.headers["Location"] == f"/reports/{paper.pk}/write/"
    body = {f"s_{key}": "写好了。" for key in FORMS["flash"].keys}
    answer = office.post(
        f"/reports/{paper.pk}/write/", {"title": "快报", "recipient": "group", "to": "组长", **body}
    )
    assert answer.status_code == 302
    shown = office.get(f"/reports/{paper.pk}/").content.decode()
    assert f"/reports/{paper.pk}/pages/1.png" in shown and str(PHONE_MOST) in shown
    picture = office.get(f"/reports/{paper.pk}/pages/1.png")
    assert (
        picture.content.startswith(b"\x89PNG")
        and office.get(f"/reports/{paper.pk}/pages/99.png").status_code == 404
    )
    assert office.get(f"/reports/{paper.pk}/paper.docx").content.startswith(b"PK")
    assert office.post(f"/reports/{paper.pk}/phone/").status_code == 302
    assert office.post(f"/reports/{paper.pk}/issue/", {"means": "paper"}).status_code == 302
    paper.refresh_from_db()
    kept = paper.files.get(form="pdf")
    assert office.get(f"/reports/{paper.pk}/paper.pdf").content == bytes(kept.content)
    assert office.post(f"/reports/{paper.pk}/instruct/", {"leader": "甲校长"}).status_code == 422
    assert (
        office.post(f"/reports/{paper.pk}/instruct/", {"leader": "甲校长", "text": "照办"}).status_code == 302
    )
    head = as_role("head")
    assert head.post(f"/reports/{paper.pk}/read/").status_code == 302
    shown = head.get(f"/reports/{paper.pk}/").content.decode()
    assert "照办" in shown and "甲校长" in shown
    assert paper.title in head.get("/reports/?state=issued&kind=flash&q=快报").content.decode()


def test_the_case_page_offers_what_makes_sense(
    world: World, case: Case, as_role: Callable[[str], Client]
) -> None:
    shown = as_role("office").get(f"/cases/{case.number}/").content.decode()
    assert "/reports/new/flash/" in shown and "/reports/new/kit/" in shown
    assert "/reports/new/correction/" not in shown and "/reports/new/review/" not in shown


def test_a_form_is_uploaded_on_its_page(world: World, as_role: Callable[[str], Client]) -> None:
    office = as_role("office")
    bad = SimpleUploadedFile("坏.docx", form_with("{{ nothing }}"))
    answer = office.post("/reports/templates/", {"kind": "brief", "file": bad})
    assert answer.status_code == 422 and "nothing" in answer.content.decode()
    good = SimpleUploadedFile("好.docx", form_with("{{ title }}"))
    assert office.post("/reports/templates/", {"kind": "brief", "file": good}).status_code == 302
    assert Template.objects.get().name == "好.docx"
    assert as_role("duty").get("/reports/templates/").status_code == 403


@pytest.mark.parametrize("path", ["/reports/?kind=x&state=y&page=-1&q=%00", "/reports/?case=nowhere"])
def test_strange_addresses_get_a_list(world: World, as_role: Callable[[str], Client], path: str) -> None:
    assert as_role("head").get(path).status_code == 200


def test_a_kind_that_does_not_exist_is_not_found(world: World, as_role: Callable[[str], Client]) -> None:
    assert as_role("office").post("/reports/new/memo/").status_code == 404
    assert as_role("office").post("/reports/new/flash/").status_code == 302
