"""`huiying route`, `tone`: labels learnt from examples of one's own, on plain files."""

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from huiying.rows import Unreadable, read_rows, write_tsv

if TYPE_CHECKING:
    from huiying.engine.listen.learn.labels import Example, Judged, Passage, Proposer

TABLE = "TSV, CSV, JSON, JSONL or XLSX with the columns id, title, text (or content)"
#: A label is named as unsure below this chance of being right; the desk stays silent there.
UNSURE = 0.5
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "编号", "留言编号"),
    "label": ("label", "标签", "一级标签", "部门"),
    "title": ("title", "标题", "主题", "留言主题"),
    "text": ("text", "content", "正文", "内容", "留言详情"),
    "tokens": ("tokens",),
}


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this room's commands."""
    routing = _command(commands, "route", route, "id<TAB>label<TAB>confidence: which unit answers 分办建议")
    routing.add_argument(
        "--scheme", type=Path, metavar="LABELS.tsv", help="the label scheme in levels; enough without --train"
    )
    _command(commands, "tone", tone, "id<TAB>label<TAB>confidence: how a post speaks 语气")


def _command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, run: "object", words: str
) -> argparse.ArgumentParser:
    parser = commands.add_parser(
        name,
        help=words,
        description=f"Confidence is the chance that the label is right; below {UNSURE} treat it as unsure.",
    )
    parser.add_argument("input", type=Path, metavar="INPUT", help=TABLE)
    parser.add_argument(
        "--train",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="labelled examples: label, title, text; or label, tokens (already cut); may be given again",
    )
    parser.add_argument("-o", "--output", default="-", metavar="FILE.tsv", help="default: standard output")
    parser.add_argument("--why", action="store_true", help="a fourth column: the words that led to it")
    parser.set_defaults(run=_guarded(run))
    return parser


def _guarded(run: "object") -> "object":
    def guard(args: argparse.Namespace) -> int:
        from huiying.engine.listen.learn.labels import TooFew

        try:
            return int(run(args))  # type: ignore[operator]
        except Unreadable as wrong:
            print(wrong.say("zh"), file=sys.stderr)
            return 2 if wrong.line is None else 1
        except TooFew:
            print(
                "至少要有两种标签的例子才分得开 / Examples of at least two labels are needed", file=sys.stderr
            )
            return 1

    return guard


def route(args: argparse.Namespace) -> int:
    """Which label each message has; learnt from --train, or from the scheme alone."""
    from huiying.engine.listen.learn.scheme import by_scheme, scheme_examples
    from huiying.engine.listen.learn.sorter import learn

    passages = list(_passages(args.input))
    scheme = [tuple(row.cells.values()) for row in read_rows(args.scheme)] if args.scheme else []
    examples = [one for path in args.train for one in _examples(path)]
    if examples:
        known = {one.label for one in examples}
        proposer: Proposer = learn([*examples, *scheme_examples(scheme, known)])
    elif scheme:
        proposer = by_scheme(scheme, [passage for _id, passage in passages])
    else:
        print("给出 --train 或 --scheme / Give --train or --scheme", file=sys.stderr)
        return 2
    return _written(args, passages, proposer)


def tone(args: argparse.Namespace) -> int:
    """How each post speaks, by the labels of --train."""
    from huiying.engine.listen.learn.pieces import TONE
    from huiying.engine.listen.learn.sorter import learn

    if not args.train:
        print("给出 --train / Give --train", file=sys.stderr)
        return 2
    passages = list(_passages(args.input))
    proposer = learn([one for path in args.train for one in _examples(path)], TONE)
    return _written(args, passages, proposer)


def _written(
    args: argparse.Namespace, passages: "Sequence[tuple[str, Passage]]", proposer: "Proposer"
) -> int:
    judged = proposer.propose([passage for _id, passage in passages])
    write_tsv(
        args.output, (_row(ident, one, args.why) for (ident, _), one in zip(passages, judged, strict=True))
    )
    return 0


def _row(ident: str, one: "Judged", why: bool) -> tuple[object, ...]:
    row = (ident, one.label, f"{one.confidence:.4f}")
    return (*row, "、".join(one.words)) if why else row


def _passages(path: Path) -> "Iterator[tuple[str, Passage]]":
    """Id and passage of each row; without an id column the row's number. Raises Unreadable."""
    for number, cells in _rows(path):
        yield cells["id"] or str(number), _passage(cells)


def _examples(path: Path) -> "Iterator[Example]":
    """The labelled rows; one without a label teaches nothing. Raises Unreadable."""
    from huiying.engine.listen.learn.labels import Example

    for _number, cells in _rows(path):
        if cells["label"]:
            yield Example(_passage(cells), cells["label"])


def _passage(cells: Mapping[str, str]) -> "Passage":
    from huiying.engine.listen.learn.labels import Passage

    if cells["tokens"]:
        return Passage("", cells["tokens"], cut=True)
    return Passage(cells["title"], cells["text"])


def _rows(path: Path) -> Iterator[tuple[int, Mapping[str, str]]]:
    for row in read_rows(path):
        lower = {name.lower(): cell for name, cell in row.cells.items()}
        yield (
            row.number,
            {key: next((lower[n] for n in names if lower.get(n)), "") for key, names in _COLUMNS.items()},
        )
