"""The small parts of Word's own format: elements, indents, the font table, what XML cannot hold."""

from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

#: Fonts that Windows and Office bring, but for the first, whose stand-in is named in the font table.
FONTS = {"biao": "方正小标宋简体", "fang": "仿宋", "kai": "楷体", "hei": "黑体", "song": "宋体"}
#: Name, other names, family: what Word and LibreOffice choose by when a font is not there.
FONT_TABLE = (
    ("方正小标宋简体", "FZXiaoBiaoSong-B05S,华文中宋,Noto Serif CJK SC", "roman"),
    ("仿宋", "FangSong,仿宋_GB2312,Noto Serif CJK SC", "roman"),
    ("楷体", "KaiTi,楷体_GB2312,Noto Serif CJK SC", "roman"),
    ("黑体", "SimHei,Noto Sans CJK SC", "swiss"),
    ("宋体", "SimSun,Noto Serif CJK SC", "roman"),
)


def element(name: str, **values: object) -> Any:
    made = OxmlElement(name)
    for key, value in values.items():
        made.set(qn(f"w:{key}"), str(value))
    return made


def set_indent(line: Any, **values: int) -> None:
    """Indents of a paragraph, in hundredths of characters or twentieths of a point."""
    place = line._p.get_or_add_pPr().get_or_add_ind()
    for name, value in values.items():
        place.set(qn(f"w:{name}"), str(value))


def stand_at_foot(table: Any) -> None:
    """Put a table at the foot of its page, between rules."""
    shape = table._tbl.tblPr
    edges = OxmlElement("w:tblBorders")
    for side, size in (("top", 8), ("bottom", 8), ("insideH", 6)):
        edges.append(element(f"w:{side}", val="single", sz=size, space=0, color="000000"))
    shape.append(edges)
    place = element(
        "w:tblpPr", vertAnchor="margin", tblpYSpec="bottom", horzAnchor="margin", tblpXSpec="center"
    )
    after = "w:tblOverlap w:bidiVisual w:tblStyleRowBandSize w:tblStyleColBandSize w:tblW w:jc w:tblBorders"
    shape.insert_element_before(place, *after.split(), "w:tblLayout", "w:tblLook")


def name_fonts(word: Any) -> None:
    """Say in the font table what may stand in for a font that a machine lacks."""
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    rows = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{others}"/><w:charset w:val="86"/><w:family w:val="{family}"/>'
        '<w:pitch w:val="default"/></w:font>'
        for name, others, family in FONT_TABLE
    )
    for relation in word.part.rels.values():
        if relation.reltype.endswith("/fontTable"):
            relation.target_part._blob = (
                f'<?xml version="1.0" encoding="UTF-8"?><w:fonts {space}>{rows}</w:fonts>'.encode()
            )


def ems(text: str) -> float:
    """The width of a line in characters: digits and Latin are half."""
    return sum(0.5 if ord(char) < 256 else 1.0 for char in text)


def clean(text: str) -> str:
    """The text without what XML cannot hold."""
    return "".join(
        char
        for char in text
        if char in "\t\n"
        or (ord(char) >= 32 and not 0xD800 <= ord(char) < 0xE000 and ord(char) not in (0xFFFE, 0xFFFF))
    )
