"""A paper as it is laid out, as one plain value: what PDF, DOCX and the page on the screen are all made from."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A chart and the table behind it."""

    title: str
    unit: str
    rows: tuple[tuple[str, float], ...]
    shape: str = "bar"  # bar, line, across
    label: str = "项目"  # heads the first column


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A part of the text: a heading or a paragraph."""

    kind: str  # heading, sub, para, ask, roll
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A row of a slip: its label and what stands beside it; `room` is the least height in lines."""

    label: str
    text: str = ""
    room: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Everything that is printed. An empty field is not printed."""

    shape: str
    head: str  # the red words
    number: str = ""
    issue: str = ""  # of a bulletin: 第3期
    editor: str = ""  # who edits a bulletin
    urgency: str = ""
    signer: str = ""
    title: str = ""
    to: str = ""
    blocks: tuple[Block, ...] = ()
    cells: tuple[Cell, ...] = ()
    figures: tuple[Figure, ...] = ()
    instruct: bool = False
    sign: str = ""  # the institution's full name
    date: str = ""
    contact: str = ""
    copy_to: str = ""
    report_to: str = ""  # of a bulletin: 报
    printed_by: str = ""
    printed_on: str = ""
    mark: str = ""  # across the page: 演练, 草稿
    ending: str = ""  # 特此函告, 以上报告

    def as_dict(self) -> dict[str, Any]:
        """JSON values."""
        return asdict(self)


def sheet_of(data: Mapping[str, Any]) -> Sheet:
    """The sheet that was stored. Raises KeyError or TypeError for anything else."""
    values = dict(data)
    values["blocks"] = tuple(Block(**one) for one in values.get("blocks", ()))
    values["cells"] = tuple(Cell(**one) for one in values.get("cells", ()))
    values["figures"] = tuple(figure_of(one) for one in values.get("figures", ()))
    return Sheet(**values)


def figure_of(data: Mapping[str, Any]) -> Figure:
    """The figure that was stored."""
    rows = tuple((str(name), float(value)) for name, value in data.get("rows", ()))
    return Figure(**{**data, "rows": rows})


@dataclass(frozen=True, slots=True)
class Fonts:
    """Which font is used for which of the standard's five, and what was taken in place of what."""

    song: str
    biao: str
    fang: str
    kai: str
    hei: str
    replaced: tuple[tuple[str, str], ...] = field(default=())  # (asked for, taken)
    missing: bool = False  # no Chinese font at all
