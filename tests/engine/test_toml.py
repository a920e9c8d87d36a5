"""Every value of a TOML file knows its line."""

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiying.engine.toml import Node, parse, path_text


def leaves(node: Node) -> list[Node]:
    if isinstance(node.value, dict):
        return [leaf for child in node.value.values() for leaf in leaves(child)]
    if isinstance(node.value, list):
        return [leaf for child in node.value for leaf in leaves(child)]
    return [node]


def read(text: str) -> Node:
    node, findings = parse(text, file="x.toml")
    assert findings == []
    assert node is not None
    assert node.plain == tomllib.loads(text)
    return node


AWKWARD = '''a = 1
# a = 99
"b c" = 3 # [x]
'd.e' . f = 4
g = [ 5, # one
  6,

  { h = 8, i.j = 8, k = [8,
    9] } ]
text = """
[not.a.table]
m = 'no' \\"""" # and a quote at the end
raw = \'\'\'
n = [ \\
\'\'\'
o = { p = 16, "q" = { r = 16 } }
[s]
t = 18
[s.u]
v = 20
[[w]]
x = 22
[[w]]
x = 24
  [[w.y]]
  z = 26
  [w.aa]
  bb = 28
[[w]]
w = 30
[cc . "dd ee"]
ff = 32
gg = "= 0 ["
hh = 34'''


def test_every_number_of_an_awkward_file_is_its_own_line() -> None:
    numbers = [leaf for leaf in leaves(read(AWKWARD)) if isinstance(leaf.value, int)]
    assert len(numbers) == 20
    assert [(leaf.place.line, leaf.value) for leaf in numbers if leaf.place.line != leaf.value] == []


def test_paths_count_from_one() -> None:
    root = read(AWKWARD)
    assert root.table["w"].items[1].table["y"].items[0].table["z"].place.path == "w[2].y[1].z"
    assert path_text(("duty", 1, "within")) == "duty[2].within"


def test_a_table_stands_at_its_header() -> None:
    root = read(AWKWARD)
    assert [item.place.line for item in root.table["w"].items] == [21, 23, 29]
    assert root.table["s"].table["u"].place.line == 19


keys = st.sampled_from(["a", "b", "c-d", '"e f"', "'g.h'"])


class Writer:
    """Writes TOML whose every number is the line that it stands on."""

    def __init__(self, draw: Any) -> None:
        self.draw, self.lines = draw, [""]

    def put(self, text: str) -> None:
        self.lines[-1] += text

    def line(self) -> int:
        return len(self.lines)

    def value(self, depth: int) -> None:
        kind = self.draw(
            st.sampled_from(["number", "text", "many", "array", "table"] if depth else ["number", "text"])
        )
        if kind == "number":
            self.put(str(self.line()))
        elif kind == "text":
            self.put(self.draw(st.sampled_from(['"x#]"', "'[[y]]'", '"\\"="', '""'])))
        elif kind == "many":
            self.put('"""')
            self.lines += ["k = 0", "[z]", '""']
            self.put('"""')
        elif kind == "array":
            self.put("[")
            for _ in range(self.draw(st.integers(0, 3))):
                self.lines += self.draw(st.sampled_from([[], ["# c ]", ""], [""]]))
                self.value(depth - 1)
                self.put(", ")
            self.put("]")
        else:
            self.put("{ ")
            for number, key in enumerate(self.draw(st.lists(keys, unique=True, max_size=2))):
                self.put(f"{', ' if number else ''}{key} = {self.line()}")
            self.put(" }")

    def table(self, depth: int) -> None:
        for key in self.draw(st.lists(keys, unique=True, max_size=3)):
            self.put(f"{key} = ")
            self.value(depth)
            self.lines += self.draw(st.sampled_from([[""], ["", "# [q]", ""], ["", ""]]))


@st.composite
def documents(draw: Any) -> str:
    writer = Writer(draw)
    writer.table(2)
    for number, kind in enumerate(
        draw(st.lists(st.sampled_from(["[t{}]", "[[list]]", "[[list.sub]]"]), max_size=4))
    ):
        if kind == "[[list.sub]]" and "[[list]]" not in writer.lines:
            continue
        writer.put(kind.format(number))
        writer.lines.append("")
        writer.table(1)
    return "\n".join(writer.lines)


@given(documents())
def test_lines_are_right_in_any_file(text: str) -> None:
    numbers = [leaf for leaf in leaves(read(text)) if isinstance(leaf.value, int)]
    assert [(leaf.place.line, leaf.value) for leaf in numbers if leaf.place.line != leaf.value] == []


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('a = 1\nb = "x\n', 2),
        ("a = 1\n\nb 2\n", 3),
        ("a = [1,\n2\n", 2),
        ("[t\n", 1),
        ("a = 1\na = 2\n", 2),
        ("a = 1\n[t]\nb = 2\n[t]\n", 4),
        ("a = \n", 1),
        ("a = 1979-13-01\n", 1),
        ("姓名 = 1\n", 1),
    ],
)
def test_a_broken_file_says_in_which_line(text: str, line: int) -> None:
    node, findings = parse(text, file="x.toml")
    assert node is None
    assert [(found.code, found.place.file) for found in findings] == [("toml.syntax", "x.toml")]
    assert abs((findings[0].place.line or 0) - line) <= 1
    assert findings[0].mend is not None


def test_a_mark_at_the_beginning_and_dos_line_ends_are_read() -> None:
    node, findings = parse("\ufeffa = 1\r\nb = 2\r\n", file="x")
    assert findings == []
    assert node is not None
    assert [leaf.place.line for leaf in leaves(node)] == [1, 2]


@given(st.text(max_size=80))
def test_any_text_at_all_is_read_or_refused(text: str) -> None:
    node, findings = parse(text, file="x")
    assert (node is None) == bool(findings)


def test_a_file_that_is_nested_too_deeply_is_refused() -> None:
    node, findings = parse("a = " + "[" * 5000 + "]" * 5000, file="x")
    assert node is None or findings == []
