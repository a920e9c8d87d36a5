"""`huiying route`, `tone`: labels learnt from examples of one's own, on plain files."""

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from huiying.cli_model import model_options, stronger_of, with_model
from huiying.engine.text import Text
from huiying.rows import Row, Unreadable, read_rows, write_tsv

if TYPE_CHECKING:
    from huiying.engine.listen.learn.labels import Example, Judged, Passage, Proposer

TABLE = "TSV, CSV, JSON, JSONL or XLSX with the columns id, title, text (or content)"
#: What stands in place of a label below the chance that --unsure names.
UNSURE = "unsure"
Run = Callable[[argparse.Namespace], int]
_FORMULA = ("=", "+", "-", "@")  # what a spreadsheet would run
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
    speaking = _command(commands, "tone", tone, "id<TAB>label<TAB>confidence: how a post speaks 语气")
    speaking.epilog = (
        "Without --train: complaint, question, request, praise, rumour or neutral by the desk's own word list, of "
        "which the confidence is a share of weights and no measured chance."
    )
    speaking.add_argument(
        "--score", action="store_true", help="a column from -1 negative to 1 positive (word list only)"
    )


def _command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, run: "Run", words: str
) -> argparse.ArgumentParser:
    parser = commands.add_parser(
        name,
        help=words,
        description="Confidence is the chance that the label is right, measured on examples that were left out; 0 "
        "where nothing of the text is known.",
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
    parser.add_argument("--why", action="store_true", help="a last column: the words that led to it")
    parser.add_argument(
        "--unsure",
        type=_chance,
        default=0.0,
        metavar="P",
        help=f"below this confidence the label is “{UNSURE}” (default 0: never)",
    )
    model_options(parser)
    parser.set_defaults(run=with_model(_guarded(run)))
    return parser


def _chance(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError("from 0 to 1")
    return value


def _guarded(run: "Run") -> "Run":
    def guard(args: argparse.Namespace) -> int:
        from huiying.engine.listen.learn.labels import TooFew

        try:
            return run(args)
        except Unreadable as wrong:
            print(wrong.say("zh"), file=sys.stderr)
            return wrong.status
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
        if args.model_url:
            return _asked(args, passages, sorted(known))
        proposer: Proposer = learn([*examples, *scheme_examples(scheme, known)])
    elif scheme and args.model_url:
        return _asked(args, passages, list(dict.fromkeys(row[0] for row in scheme)))
    elif scheme:
        proposer = by_scheme(scheme, [passage for _id, passage in passages])
    else:
        print("给出 --train 或 --scheme / Give --train or --scheme", file=sys.stderr)
        return 2
    return _written(args, passages, proposer.propose([passage for _id, passage in passages]))


def tone(args: argparse.Namespace) -> int:
    """How each post speaks: by the labels of --train, else by the word list of the desk."""
    from huiying.engine.listen.learn.pieces import TONE
    from huiying.engine.listen.learn.sorter import learn

    if args.train and args.score:
        print("--score 只用于词表，不与 --train 同用 / --score is without --train", file=sys.stderr)
        return 2
    passages = list(_passages(args.input))
    texts = [passage for _id, passage in passages]
    if not args.train:
        judged, scores = _by_words(texts)
        return _written(args, passages, judged, scores if args.score else None)
    examples = [one for path in args.train for one in _examples(path)]
    if args.model_url:
        return _asked(args, passages, sorted({one.label for one in examples}))
    proposer = learn(examples, TONE)
    return _written(args, passages, proposer.propose(texts))


def _asked(args: argparse.Namespace, passages: "Sequence[tuple[str, Passage]]", labels: Sequence[str]) -> int:
    """What the operator's model says; no confidence is written, for none was measured. Raises Trouble."""
    stronger = stronger_of(args)
    if stronger is None:
        print(
            "--model-url 和 --model-name 要一起给 / Give --model-url and --model-name together",
            file=sys.stderr,
        )
        return 2
    said = list(stronger.labelled((f"{p.title}\n{p.text}".strip() for _id, p in passages), labels))
    rows = zip(passages, said, strict=True)
    write_tsv(args.output, ([_safe(ident), _safe(label or UNSURE), ""] for (ident, _), label in rows))
    return 0


def _by_words(passages: "Sequence[Passage]") -> "tuple[list[Judged], list[float]]":
    """What the desk's word list says of each, and how negative or positive it sounds."""
    from huiying.engine.listen.learn.labels import Judged
    from huiying.engine.listen.lexicon import Lexicon
    from huiying.engine.listen.texts import lay
    from huiying.engine.listen.tone import tone_of, tone_signs

    texts = lay([f"{p.title}\n{p.text}" for p in passages])
    found = Lexicon(tone_signs()).scan(texts)
    tones = [tone_of(signs, text) for signs, text in zip(found, texts.each, strict=True)]
    return [Judged(t.name, t.sure, t.words) for t in tones], [t.score for t in tones]


def _written(
    args: argparse.Namespace,
    passages: "Sequence[tuple[str, Passage]]",
    judged: "Sequence[Judged]",
    scores: Sequence[float] | None = None,
) -> int:
    more: Sequence[tuple[str, ...]] = (
        [(f"{score:.3f}",) for score in scores] if scores else [()] * len(judged)
    )
    rows = zip(passages, judged, more, strict=True)
    write_tsv(args.output, (_row(args, ident, one, extra) for (ident, _), one, extra in rows))
    return 0


def _row(args: argparse.Namespace, ident: str, one: "Judged", more: tuple[str, ...]) -> list[str]:
    label = one.label if one.confidence >= args.unsure else UNSURE
    words = ("、".join(one.words),) if args.why else ()
    return [_safe(cell) for cell in (ident, label, f"{one.confidence:.4f}", *more, *words)]


def _safe(cell: str) -> str:
    """A cell that no spreadsheet runs: before one that it would stands an apostrophe. Numbers are no formula."""
    number = cell.lstrip("+-").replace(".", "", 1).isdigit()
    return f"'{cell}" if cell.startswith(_FORMULA) and not number else cell


def _passages(path: Path) -> "Iterator[tuple[str, Passage]]":
    """Id and passage of each row; without an id column the row's number. Raises Unreadable."""
    for number, cells in _rows(path, "text"):
        yield cells["id"] or str(number), _passage(cells)


def _examples(path: Path) -> "Iterator[Example]":
    """The labelled rows; one without a label or without text teaches nothing. Raises Unreadable."""
    from huiying.engine.listen.learn.labels import Example

    for _number, cells in _rows(path, "text", "label"):
        if cells["label"] and (cells["title"] or cells["text"] or cells["tokens"]):
            yield Example(_passage(cells), cells["label"])


def _passage(cells: Mapping[str, str]) -> "Passage":
    from huiying.engine.listen.learn.labels import Passage

    if cells["tokens"]:
        return Passage("", cells["tokens"], cut=True)
    return Passage(cells["title"], cells["text"])


def _rows(path: Path, *wanted: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Number and known cells of each row. `wanted`: columns that there must be. Raises Unreadable."""
    number = 0
    for number, row in enumerate(read_rows(path), 1):
        if number == 1:
            _check_header(path, row, wanted)
        lower = {name.lower(): cell for name, cell in row.cells.items()}
        yield (
            row.number,
            {key: next((lower[n] for n in names if lower.get(n)), "") for key, names in _COLUMNS.items()},
        )
    if not number:
        raise Unreadable(path, None, Text("只有表头，没有内容", "There is a header and nothing else"))


def _check_header(path: Path, row: Row, wanted: Sequence[str]) -> None:
    names = {name.lower() for name in row.cells}
    able = {"text": (*_COLUMNS["title"], *_COLUMNS["text"], *_COLUMNS["tokens"]), "label": _COLUMNS["label"]}
    missing = "、".join(
        "title / text" if one == "text" else one for one in wanted if not names & {*able[one]}
    )
    if missing:
        has = "、".join(row.cells) or "-"
        what = Text(f"缺少列：{missing}（现有：{has}）", f"Missing columns: {missing} (there are: {has})")
        mend = Text(
            "第一行写列名，例如 id title text", "Write the names in the first line, such as id title text"
        )
        raise Unreadable(path, 1, what, mend)
