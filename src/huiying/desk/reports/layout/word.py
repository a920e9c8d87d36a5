"""A sheet as DOCX, to the same measures, with the standard's own fonts named: the reader's machine has them or not."""

import io
from collections.abc import Iterator
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt, RGBColor

from huiying.desk.reports.layout import chart, fonts
from huiying.desk.reports.layout.ooxml import (
    FONTS,
    clean,
    element,
    ems,
    name_fonts,
    set_indent,
    stand_at_foot,
)
from huiying.desk.reports.layout.sheet import Block, Figure, Sheet

RED = RGBColor(0xC8, 0x16, 0x1D)
CENTRE, RIGHT, LEFT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.LEFT
#: 22 lines in 225 mm, in points; 28 characters of size 3 in 156 mm are this much closer, in twentieths of a point.
PITCH, NARROWER = 225 / 22 * 72 / 25.4, -4
TEXT_WIDTH = Mm(156)


def docx(sheet: Sheet) -> bytes:
    """The paper as a Word file."""
    paper = _Paper(sheet)
    paper.write()
    return paper.saved()


class _Paper:
    """One Word document under the pen."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.word = Document()
        self.body = self.word._body._element
        self._page()
        self._normal()
        self._footers()
        core = self.word.core_properties
        core.title, core.author, core.comments, core.language = (
            sheet.title.replace("\n", ""),
            sheet.sign,
            "",
            "zh-CN",
        )

    def saved(self) -> bytes:
        """The file's bytes."""
        out = io.BytesIO()
        self.word.save(out)
        return out.getvalue()

    def _page(self) -> None:
        section = self.word.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(37), Mm(35)
        section.left_margin, section.right_margin = Mm(28), Mm(26)
        section.header_distance, section.footer_distance = Mm(15), Mm(25)
        for old in section._sectPr.findall(qn("w:docGrid")):
            section._sectPr.remove(old)
        grid = element("w:docGrid", type="lines", linePitch=int(PITCH * 20))
        section._sectPr.append(grid)
        if self.sheet.shape == "letter":
            section.different_first_page_header_footer = True

    def _normal(self) -> None:
        style = self.word.styles["Normal"]
        style.font.size, style.font.name = Pt(16), "Times New Roman"
        look = style.element.get_or_add_rPr()
        look.get_or_add_rFonts().set(qn("w:eastAsia"), FONTS["fang"])
        look.insert_element_before(element("w:spacing", val=NARROWER), "w:w", "w:kern", "w:position", "w:sz")
        look.append(element("w:lang", val="zh-CN", eastAsia="zh-CN"))
        shape = style.paragraph_format
        shape.space_before = shape.space_after = Pt(0)
        shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(int(PITCH * 20) / 20)
        shape.widow_control = False
        close = style.element.get_or_add_pPr()
        for name in ("w:autoSpaceDE", "w:autoSpaceDN"):  # no gap between Chinese and digits
            close.insert_element_before(
                element(name, val=0),
                "w:bidi",
                "w:adjustRightInd",
                "w:snapToGrid",
                "w:spacing",
                "w:ind",
                "w:jc",
            )
        name_fonts(self.word)

    def _footers(self) -> None:
        """The page number outside: right on odd pages, left on even ones."""
        section = self.word.sections[0]
        self.word.settings.odd_and_even_pages_header_footer = True
        for footer, side, indent in (
            (section.footer, RIGHT, "rightChars"),
            (section.even_page_footer, LEFT, "leftChars"),
        ):
            line = footer.paragraphs[0]
            line.alignment = side
            set_indent(line, **{indent: 100})
            self._run(line, "— ", "song", 14)
            self._field(line)
            self._run(line, " —", "song", 14)

    def _field(self, line: Any) -> None:
        for kind in ("begin", None, "end"):
            run = self._run(line, "", "song", 14)
            if kind:
                run._r.append(element("w:fldChar", fldCharType=kind))
            else:
                text = OxmlElement("w:instrText")
                text.text = "PAGE"
                run._r.append(text)

    def _run(
        self, line: Any, text: str, font: str, size: float, *, red: bool = False, bold: bool = False
    ) -> Any:
        run = line.add_run(clean(text))
        run.font.size, run.bold = Pt(size), bold
        if red:
            run.font.color.rgb = RED
        names = run._r.get_or_add_rPr().get_or_add_rFonts()
        names.set(qn("w:eastAsia"), FONTS[font])
        if font != "fang":
            for part in ("ascii", "hAnsi"):
                names.set(qn(f"w:{part}"), FONTS[font])
        return run

    def line(
        self,
        text: str = "",
        font: str = "fang",
        size: float = 16,
        *,
        align: Any = None,
        indent: int = 0,
        **look: Any,
    ) -> Any:
        """A paragraph; `indent` is of its first line, in characters."""
        line = self.word.add_paragraph()
        if align is not None:
            line.alignment = align
        if indent:
            set_indent(line, firstLineChars=indent * 100, firstLine=indent * 316)
        if text:
            self._run(line, text, font, size, **look)
        if size > 20:
            line.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
        return line

    def rule(self, line: Any, side: str, eighths: int, *, kind: str = "single") -> None:
        """A rule above ("top") or below ("bottom") a paragraph."""
        shape = line._p.get_or_add_pPr()
        edges = shape.find(qn("w:pBdr"))
        if edges is None:
            edges = OxmlElement("w:pBdr")
            shape.insert_element_before(
                edges, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
            )
        edges.append(element(f"w:{side}", val=kind, sz=eighths, space=4, color="C8161D"))

    def write(self) -> None:
        """Everything, in order."""
        if self.sheet.mark:
            self.line(f"【{self.sheet.mark}】", "hei", 16, align=CENTRE)
        {
            "document": self._document,
            "bulletin": self._bulletin,
            "letter": self._letter,
            "slip": self._slip,
        }.get(self.sheet.shape, self._plain)()

    def _head(self, most: float, width: float) -> Any:
        head = self.sheet.head
        size = min(most, width / 25.4 * 72 / (max(len(head), 1) * 1.08))
        return self.line(head, "biao", size, align=CENTRE, red=True, bold=False)

    def _two(self, left: str, right: str, right_font: str = "fang", label: str = "") -> Any:
        """One line with something at either end, a character in from the edges."""
        line = self.line()
        line.paragraph_format.tab_stops.add_tab_stop(Emu(TEXT_WIDTH - Pt(16)), 2)
        set_indent(line, leftChars=100, left=316)
        self._run(line, left + "\t" + label, "fang", 16)
        self._run(line, right, right_font, 16)
        return line

    def _title(self) -> None:
        self.line()
        for words in self.sheet.title.split("\n"):
            self.line(words, "biao", 22, align=CENTRE)
        self.line()

    def _to(self) -> None:
        if self.sheet.to:
            self.line(f"{self.sheet.to}：")

    def _text(self) -> None:
        for block in self.sheet.blocks:
            self._block(block)

    def _block(self, block: Block) -> None:
        if block.kind == "roll":
            self._roll(block.text)
            return
        font = {"heading": "hei", "sub": "kai", "ask": "hei"}.get(block.kind, "fang")
        line = self.line(block.text, font, indent=2)
        if block.kind != "para":
            line.paragraph_format.keep_with_next = True

    def _roll(self, text: str) -> None:
        """Who was there: the word in Hei, the names behind its colon one under the other."""
        name, _colon, people = text.partition("：")
        line = self.line(name, "hei")
        self._run(line, f"：{people}", "fang", 16)
        hang = len(name) + 1
        set_indent(
            line,
            leftChars=(hang + 2) * 100,
            left=(hang + 2) * 316,
            hangingChars=hang * 100,
            hanging=hang * 316,
        )

    def _document(self) -> None:
        sheet = self.sheet
        first = self.line(sheet.urgency, "hei")
        first.paragraph_format.space_after = Mm(24)
        self._head(48, 150)
        self.line()
        if sheet.signer:
            line = self._two(sheet.number, sheet.signer, "kai", "签发人：")
        else:
            line = self.line(sheet.number, align=CENTRE)
        self.rule(line, "bottom", 16)
        self._title()
        self._to()
        self._text()
        self._ending()
        self._figures()
        if sheet.instruct:
            self._instruction()
        self._signed()
        self._contact()
        self._foot()

    def _bulletin(self) -> None:
        sheet = self.sheet
        if sheet.urgency:
            self.line(sheet.urgency, "hei")
        self._head(60, 140)
        self.line(sheet.issue, align=CENTRE)
        self.rule(self._two(sheet.editor, sheet.date), "bottom", 16)
        if sheet.instruct:
            self.line()
            self._instruction()
        self._title()
        self._to()
        self._text()
        self._figures()
        if sheet.signer:
            line = self.line("签发：", align=RIGHT)
            self._run(line, sheet.signer, "kai", 16)
        self._contact()
        self._foot()

    def _letter(self) -> None:
        sheet = self.sheet
        self.rule(self._head(40, 150), "bottom", 24, kind="thickThinSmallGap")
        line = self.line(align=RIGHT)
        if sheet.urgency:
            self._run(line, f"{sheet.urgency}　　", "hei", 16)
        self._run(line, sheet.number, "fang", 16)
        self._title()
        self._to()
        self._text()
        self._ending()
        self._signed()
        self._contact()
        if sheet.copy_to:
            self._foot()
        last = self.word.sections[0].first_page_footer.paragraphs[0]
        self.rule(last, "bottom", 24, kind="thinThickSmallGap")

    def _slip(self) -> None:
        sheet = self.sheet
        self.line(sheet.head, "biao", 26, align=CENTRE, red=True)
        self._two(sheet.number, sheet.date)
        table = self.word.add_table(rows=0, cols=2, style="Table Grid")
        table.autofit = False
        for cell in sheet.cells:
            row = table.add_row()
            row.height = Mm(9 * cell.room + 4)
            row.cells[0].width, row.cells[1].width = Mm(30), Mm(126)
            self._fill(row.cells[0], cell.label, "hei", CENTRE)
            self._fill(row.cells[1], cell.text, "fang", LEFT)
        if sheet.signer:
            line = self.line("签发人：")
            self._run(line, sheet.signer, "kai", 16)
        if sheet.contact:
            self.line(f"联系人：{sheet.contact}")
        self.line()
        self.line(sheet.sign, align=RIGHT)

    def _fill(self, cell: Any, text: str, font: str, align: Any, size: float = 14) -> None:
        for number, words in enumerate(text.split("\n")):
            line = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
            line.alignment = align
            line.paragraph_format.line_spacing_rule, line.paragraph_format.line_spacing = (
                WD_LINE_SPACING.EXACTLY,
                Pt(size + 8),
            )
            self._run(line, words, font, size)

    def _plain(self) -> None:
        self._title()
        self._text()
        self._signed()
        self._contact()

    def _ending(self) -> None:
        if self.sheet.ending:
            self.line(self.sheet.ending, indent=2)

    def _contact(self) -> None:
        if self.sheet.contact:
            self.line(f"（联系人：{self.sheet.contact}）", indent=2)

    def _instruction(self) -> None:
        table = self.word.add_table(rows=1, cols=1, style="Table Grid")
        table.rows[0].height = Mm(36)
        self._fill(table.cell(0, 0), "领导批示", "hei", LEFT)

    def _signed(self) -> None:
        """Name over date, the date four characters from the right, the name centred on it."""
        if not self.sheet.date:
            return
        self.line()
        date, name = ems(self.sheet.date), ems(self.sheet.sign)
        gap = max(0.0, 4 - max(0.0, (name - date) / 2))
        under = gap + max(0.0, (name - date) / 2)
        over = gap + max(0.0, (date - name) / 2)
        for words, indent in ((self.sheet.sign, over), (self.sheet.date, under)):
            line = self.line(words, align=RIGHT)
            line.paragraph_format.keep_together = True
            set_indent(line, rightChars=round(indent * 100), right=round(indent * 316))

    def _figures(self) -> None:
        chosen = fonts.here()
        for number, figure in enumerate(self.sheet.figures, 1):
            line = self.line(f"图{number}　{figure.title}", "hei", 14, align=CENTRE)
            line.paragraph_format.keep_with_next = True
            picture = self.line(align=CENTRE)
            picture.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
            picture.add_run().add_picture(io.BytesIO(chart.png(figure, chosen)), width=TEXT_WIDTH)
            self.line(f"表{number}　{figure.title}", "hei", 12, align=CENTRE)
            self._table(figure)

    def _table(self, figure: Figure) -> None:
        """What lies behind a chart; a long one in two columns, as in the PDF."""
        half = -(-len(figure.rows) // 2) if len(figure.rows) > 8 else max(1, len(figure.rows))
        sides = [figure.rows[at : at + half] for at in range(0, len(figure.rows), half)]
        table = self.word.add_table(rows=half + 1, cols=2 * len(sides), style="Table Grid")
        for number, side in enumerate(sides):
            named = [(figure.label, figure.unit), *((label, f"{value:g}") for label, value in side)]
            for at, (label, value) in enumerate(named):
                font = "fang" if at else "hei"
                self._fill(table.cell(at, 2 * number), label, font, LEFT, 12)
                self._fill(table.cell(at, 2 * number + 1), value, font, RIGHT, 12)

    def _foot(self) -> None:
        """Copy-to and issuing lines between rules, standing at the foot of the last page."""
        rows = list(_foot_rows(self.sheet))
        table = self.word.add_table(rows=0, cols=2)
        table.autofit = False
        for left, right in rows:
            cells = table.add_row().cells
            cells[0].width, cells[1].width = (Mm(96), Mm(60)) if right else (Mm(155), Mm(1))
            if not right:
                cells[0].merge(cells[1])
            self._fill(cells[0], left, "fang", LEFT)
            if right:
                self._fill(cells[1], right, "fang", RIGHT)
        stand_at_foot(table)
        self.line(size=2)


def _foot_rows(sheet: Sheet) -> Iterator[tuple[str, str]]:
    if sheet.report_to:
        yield f"报：{sheet.report_to}。", ""
    if sheet.copy_to:
        yield f"{'送' if sheet.shape == 'bulletin' else '抄送'}：{sheet.copy_to}。", ""
    if sheet.shape != "letter":
        yield sheet.printed_by, f"{sheet.printed_on}印发"
