"""A sheet as PDF and as pictures of its pages, set by typst."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import typst
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from huiying.desk.reports.layout import chart, fonts
from huiying.desk.reports.layout.sheet import Fonts, Sheet

TEMPLATE = Path(__file__).with_name("paper.typ")
#: Pixels to the inch of the pages on the screen.
PPI = 110


def pdf(sheet: Sheet) -> bytes:
    """The paper as PDF. Raises ValidationError when this machine has no Chinese font."""
    (made,) = _compile(sheet, "pdf")
    return made


def pages(sheet: Sheet, ppi: int = PPI) -> list[bytes]:
    """A PNG of each page, as it will print. Raises ValidationError when this machine has no Chinese font."""
    return _compile(sheet, "png", ppi)


def _compile(sheet: Sheet, form: Literal["pdf", "png"], ppi: int | None = None) -> list[bytes]:
    chosen = fonts.here()
    if chosen.missing:
        raise ValidationError(
            _(
                "这台机器上没有中文字体，排不出 PDF。请管理员安装一套（Debian：apt install fonts-noto-cjk），或把字体文件放进 %(place)s。Word 版不受影响。"
            )
            % {"place": fonts.folder()}
        )
    with TemporaryDirectory(prefix="huiying-paper-") as place:
        _lay_out(sheet, Path(place), chosen)
        made = typst.compile(
            str(Path(place) / "paper.typ"),
            root=place,
            font_paths=fonts.library(str(fonts.folder())),
            format=form,
            ppi=ppi,
            pdf_tags=True,
        )
    return list(made) if isinstance(made, list) else [made]


def _lay_out(sheet: Sheet, place: Path, chosen: Fonts) -> None:
    """Everything that typst reads: the template, the words, the charts."""
    data = sheet.as_dict()
    for number, figure in enumerate(sheet.figures):
        name = f"figure-{number}.svg"
        (place / name).write_bytes(chart.svg(figure, chosen))
        data["figures"][number]["file"] = name
        data["figures"][number]["rows"] = [[label, f"{value:g}"] for label, value in figure.rows]
    uses = ("song", "biao", "fang", "kai", "hei")
    data["fonts"] = {use: getattr(chosen, use) for use in uses}
    (place / "paper.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    (place / "paper.typ").write_bytes(TEMPLATE.read_bytes())
