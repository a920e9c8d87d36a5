"""Where each box and each line of a flow chart goes: a lane for each level, rows from the top, nothing overlapping."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from huiying.engine.plan.flow.nodes import Flow, Node, flow
from huiying.engine.plan.model import Plan
from huiying.engine.plan.words import confirmers_text
from huiying.engine.text import Text

SIZE, SMALL = 13, 12  # of letters, in pixels
LEADING = 18
PAD = 10
GAP = 14  # between boxes side by side
ROW = 30  # between rows
MARGIN = 18  # at the sides, wide enough for a line
LEAST, MOST = 150, 250  # widths of a box
LANE = 196.0  # width of a lane


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A box with its lines of text."""

    id: str
    x: float
    y: float
    width: float
    height: float
    title: tuple[str, ...]
    rest: tuple[str, ...]
    kind: str  # step, duty, watch, level
    level: int | None = None
    levels: tuple[int, ...] = ()

    @property
    def middle(self) -> float:
        """Where lines meet it, from the left."""
        return self.x + self.width / 2

    @property
    def foot(self) -> float:
        """Its lower edge."""
        return self.y + self.height


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """The background of a level (0: of what several levels share, or of what comes after closing)."""

    level: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line through these points, with an arrow at its end; `pair` is a double line between boxes that go together."""

    points: tuple[tuple[float, float], ...]
    source: str
    target: str
    pair: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """The finished chart, in pixels."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    lanes: tuple[Lane, ...]
    bands: tuple[Lane, ...]
    lines: tuple[Line, ...]
    flow: Flow


def text_width(text: str, size: int) -> float:
    """About how wide a text is."""
    return sum(size if ord(sign) > 0x2E7F else size * 0.56 for sign in text)


def wrapped(text: str, width: float, size: int) -> tuple[str, ...]:
    """The text in lines that fit; words of Latin letters stay whole, a line never begins with a closing mark."""
    lines, line = [], ""
    for piece in _pieces(text):
        if line and text_width(line + piece.rstrip(), size) > width and piece not in "，。；：、）”》":
            lines.append(line.rstrip())
            line = ""
        line += piece if line or piece.strip() else ""
    return (*lines, line.rstrip()) if line.strip() else tuple(lines)


def _pieces(text: str) -> Iterable[str]:
    word = ""
    for sign in text:
        if sign == " " or ord(sign) > 0x2E7F:
            if word:
                yield word
            word = ""
            yield sign
        else:
            word += sign
    if word:
        yield word


class _Drawing:
    """A chart in the making."""

    def __init__(self, plan: Plan, language: str) -> None:
        self.plan, self.language, self.flow = plan, language, flow(plan)
        self.numbers = [level.number for level in plan.levels] or [1]
        self.lane = max(LANE, 3 * LANE / len(self.numbers))
        self.width = self.lane * len(self.numbers) + 2 * MARGIN
        self.boxes: list[Box] = []
        self.rows: list[list[Box]] = []
        self.bands: list[Lane] = []
        self.y = 20.0

    def box(self, node: Node, x: float, width: float) -> Box:
        inner = width - 2 * PAD
        title = wrapped(node.title.say(self.language), inner, SIZE)
        rest = [node.who, *node.when]
        lines = tuple(line for text in rest for line in wrapped(text.say(self.language), inner, SMALL))
        height = LEADING * (len(title) + len(lines)) + 2 * PAD - 4
        kind = node.id.partition(":")[0]
        return Box(
            id=node.id,
            x=x,
            y=self.y,
            width=width,
            height=height,
            title=title,
            rest=lines,
            kind=kind,
            levels=node.levels,
        )

    def span(self, node: Node) -> tuple[int, int]:
        """The first and the last lane of a box."""
        places = [self.numbers.index(number) for number in node.levels if number in self.numbers]
        return (min(places), max(places)) if places else (0, len(self.numbers) - 1)

    def put_row(self, groups: Sequence[tuple[tuple[int, int], list[Node]]]) -> None:
        """Draw one row; each group fills its lanes, and one of several lanes has a band behind it."""
        row = []
        for (first, last), nodes in groups:
            left = MARGIN + first * self.lane + GAP / 2 + 4
            room = (last - first + 1) * self.lane - GAP - 8
            width = min(MOST, (room - GAP * (len(nodes) - 1)) / len(nodes))
            begin = left + (room - width * len(nodes) - GAP * (len(nodes) - 1)) / 2
            row += [self.box(node, begin + index * (width + GAP), width) for index, node in enumerate(nodes)]
        height = max(box.height for box in row)
        row = [_taller(box, height) for box in row]
        self.rows.append(row)
        self.boxes += row
        self.bands += [self.band(span, height) for span, _nodes in groups if span[0] < span[1]]
        self.y += height + ROW

    def band(self, span: tuple[int, int], height: float) -> Lane:
        """The background of a row that several levels share."""
        first, last = span
        x, width = MARGIN + first * self.lane + 4, (last - first + 1) * self.lane - 8
        return Lane(level=0, x=x, y=self.y - 8, width=width, height=height + 16)

    def put(self, nodes: Sequence[Node]) -> None:
        """Draw the boxes of one part, row by row."""
        for rank in _ranks(nodes):
            spans: dict[tuple[tuple[int, int], int], list[Node]] = {}
            for node in rank:
                spans.setdefault((self.span(node), self.pair(node)), []).append(node)
            chunks = [
                (span, chunk)
                for (span, _pair), found in sorted(spans.items(), key=lambda item: item[0])
                for chunk in self.chunks(span, found)
            ]
            while chunks:
                row = _disjoint(chunks)
                self.put_row(row)
                chunks = [chunk for chunk in chunks if chunk not in row]

    def pair(self, node: Node) -> int:
        """Which of the pairs it belongs to: those of a pair stay side by side; all others come after."""
        found = (index for index, (_name, ids) in enumerate(self.flow.pairs) if node.id in ids)
        return next(found, len(self.flow.pairs))

    def chunks(self, span: tuple[int, int], nodes: list[Node]) -> list[list[Node]]:
        """As many side by side as there is room for, evenly."""
        room = (span[1] - span[0] + 1) * self.lane - GAP - 8
        most = max(1, int((room + GAP) // (LEAST + GAP)))
        rows = -(-len(nodes) // most)
        each = -(-len(nodes) // rows)
        return [nodes[start : start + each] for start in range(0, len(nodes), each)]

    def heads(self) -> None:
        """The box of each level at the top of its lane."""
        row = []
        for index, level in enumerate(self.plan.levels):
            who = confirmers_text(self.plan, level)
            said = Text(f"由{who.zh}确认", f"confirmed by {who.en}").say(self.language)
            width = self.lane - 2 * GAP
            rest = wrapped(said, width - 2 * PAD, SMALL)
            row.append(
                Box(
                    id=f"level:{level.number}",
                    x=MARGIN + index * self.lane + GAP,
                    y=self.y,
                    width=width,
                    height=LEADING * (1 + len(rest)) + 2 * PAD - 4,
                    title=(level.name.say(self.language),),
                    rest=rest,
                    kind="level",
                    level=level.number,
                    levels=(level.number,),
                )
            )
        height = max((box.height for box in row), default=0)
        self.rows.append([_taller(box, height) for box in row])
        self.boxes += self.rows[-1]
        self.y += height + ROW


def _taller(box: Box, height: float) -> Box:
    return replace(box, height=height)


def _disjoint(
    chunks: Sequence[tuple[tuple[int, int], list[Node]]],
) -> list[tuple[tuple[int, int], list[Node]]]:
    """As many groups as fit in one row, in order."""
    row: list[tuple[tuple[int, int], list[Node]]] = []
    for chunk in chunks:
        (first, last), _nodes = chunk
        if all(last < a or first > b for (a, b), _others in row):
            row.append(chunk)
    return row


def _ranks(nodes: Sequence[Node]) -> list[list[Node]]:
    """The boxes by how many stand before them; a circle, which the reading refuses, ends the search."""
    known = {node.id: node for node in nodes}
    depth: dict[str, int] = {}

    def of(id: str, seen: frozenset[str]) -> int:
        if id not in depth:
            before = [other for other in known[id].after if other in known and other not in seen]
            depth[id] = max((of(other, seen | {id}) + 1 for other in before), default=0)
        return depth[id]

    for node in nodes:
        of(node.id, frozenset())
    ranks = sorted(set(depth.values()))
    return [sorted((n for n in nodes if depth[n.id] == rank), key=lambda n: n.minutes) for rank in ranks]


def chart(plan: Plan, language: str = "zh") -> Chart:
    """The chart of a plan in one language."""
    drawing = _Drawing(plan, language)
    drawing.put(drawing.flow.of("before"))
    drawing.bands.clear()
    start = len(drawing.rows)
    drawing.heads()
    top = drawing.y - ROW - (drawing.rows[start][0].height if drawing.rows[start] else 0) - 8
    drawing.put(drawing.flow.of("lanes"))
    bottom = drawing.y - ROW + GAP
    shared = tuple(drawing.bands)
    drawing.y += GAP
    drawing.put(drawing.flow.of("close"))
    after = drawing.y - 8
    drawing.put(drawing.flow.of("after"))
    last = Lane(
        level=0,
        x=MARGIN + 4,
        y=after,
        width=drawing.width - 2 * MARGIN - 8,
        height=drawing.y - after - ROW + 8,
    )
    lanes = tuple(
        Lane(
            level=level.number,
            x=MARGIN + index * drawing.lane + 4,
            y=top,
            width=drawing.lane - 8,
            height=bottom - top,
        )
        for index, level in enumerate(plan.levels)
    )
    return Chart(
        width=drawing.width,
        height=drawing.y - ROW + 14,
        boxes=tuple(drawing.boxes),
        lanes=lanes,
        bands=(*shared, *([last] if drawing.flow.of("after") else [])),
        lines=tuple(_lines(drawing, lanes)),
        flow=drawing.flow,
    )


# Lines


def _lines(drawing: _Drawing, lanes: Sequence[Lane]) -> Iterable[Line]:
    boxes = {box.id: box for box in drawing.boxes}
    pairs = [ids for _name, ids in drawing.flow.pairs]
    for node in drawing.flow.nodes:
        for id in node.after:
            yield _line(boxes[id], boxes[node.id], drawing.rows)
    yield from _into_lanes(drawing, boxes)
    yield from _out_of_lanes(drawing, boxes, lanes)
    for ids in pairs:
        for one, two in pairwise(ids):
            if one in boxes and two in boxes and boxes[one].y == boxes[two].y:
                a, b = sorted((boxes[one], boxes[two]), key=lambda box: box.x)
                if b.x - a.x - a.width <= GAP + 1:
                    middle = a.y + a.height / 2
                    points = ((a.x + a.width, middle), (b.x, middle))
                    yield Line(points=points, source=a.id, target=b.id, pair=True)


def _into_lanes(drawing: _Drawing, boxes: dict[str, Box]) -> Iterable[Line]:
    before = drawing.flow.of("before")
    followed = {id for node in before for id in node.after}
    last = [node for node in before if node.id not in followed]
    grade = [node for node in last if node.asks and node.asks.act == "level_confirmed"] or last
    for node in grade[:1]:
        for level in drawing.plan.levels:
            yield _line(boxes[node.id], boxes[f"level:{level.number}"], drawing.rows)


def _out_of_lanes(drawing: _Drawing, boxes: dict[str, Box], lanes: Sequence[Lane]) -> Iterable[Line]:
    closing = [boxes[node.id] for node in drawing.flow.of("close")][:1]
    for box in closing:
        for lane in lanes:
            middle, foot = lane.x + lane.width / 2, lane.y + lane.height
            turn = box.y - 12
            points = ((middle, foot), (middle, turn), (box.middle, turn), (box.middle, box.y))
            yield Line(points=points, source=f"level:{lane.level}", target=box.id)
        after = [boxes[node.id] for node in drawing.flow.of("after")]
        if after:
            down = ((box.middle, box.foot), (box.middle, min(other.y for other in after) - 8))
            yield Line(points=down, source=box.id, target=after[0].id)


def _line(source: Box, target: Box, rows: Sequence[Sequence[Box]]) -> Line:
    """Down from one box to another; round whatever stands between them."""
    between = [row for row in rows if row and source.foot <= row[0].y < target.y]
    between = [row for row in between if target not in row]
    turn = target.y - 12
    straight = abs(source.middle - target.middle) < 1
    free = _free(source.middle, target.middle, between)
    points: tuple[tuple[float, float], ...]
    if straight and free == source.middle:
        points = ((source.middle, source.foot), (target.middle, target.y))
    elif free == source.middle:
        points = (
            (source.middle, source.foot),
            (source.middle, turn),
            (target.middle, turn),
            (target.middle, target.y),
        )
    else:
        leave = source.foot + 8
        points = (
            (source.middle, source.foot),
            (source.middle, leave),
            (free, leave),
            (free, turn),
            (target.middle, turn),
            (target.middle, target.y),
        )
    return Line(points=points, source=source.id, target=target.id)


def _free(at: float, toward: float, rows: Sequence[Sequence[Box]]) -> float:
    """Where a line may go down through the rows without touching a box, nearest to where it comes from and goes to."""
    boxes = [box for row in rows for box in row]

    def clear(x: float) -> bool:
        return all(x < box.x - 4 or x > box.x + box.width + 4 for box in boxes)

    edges = (edge for box in boxes for edge in (box.x - GAP / 2, box.x + box.width + GAP / 2))
    places = [x for x in (at, toward, *edges) if x > 2 and clear(x)]
    return min(places, key=lambda x: abs(x - at) + abs(x - toward), default=at)
