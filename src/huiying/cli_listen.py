"""`huiying hear`, `group`, `match`, `copies`: the ear on plain files."""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from huiying.cli_files import finding_lines, guarded, language, language_options, print_json, the_zone
from huiying.cli_hear import Stages, story_json, story_lines

if TYPE_CHECKING:
    from huiying.engine.listen.gazetteer import Gazetteer
    from huiying.engine.listen.mention import Config, Mention, MentionId
    from huiying.engine.listen.results import StoryShot
    from huiying.engine.listen.watches import NamedQuery

TABLE = (
    "TSV, CSV, JSONL or XLSX with the columns id, time, title, text (also author, site, tier, kind, reach); without ids "
    "the number of the row; of rows with one id the first counts"
)
Run = Callable[[argparse.Namespace], int]
_AT_ONCE = 2_000  # mentions heard at a time


class Told(Exception):
    """What was wrong has been printed."""


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this room's commands."""
    hearing = _command(commands, "hear", hear, "stories in order of heat, with their evidence 听帖成话题")
    hearing.add_argument(
        "--watches",
        metavar="FILE",
        help=".txt in TrendRadar's form, or our .toml; without it everything is grouped",
    )
    hearing.add_argument(
        "--most", type=_whole, default=20, metavar="N", help="stories printed (default 20; 0 is all)"
    )
    hearing.add_argument("--stats", action="store_true", help="mentions per second by stage, peak memory")
    hearing.add_argument("--json", action="store_true", help="machine-readable")
    language_options(hearing)
    grouping = _command(
        commands, "group", group, "id<TAB>group for every id, in one pass in time order 归话题"
    )
    matching = _command(commands, "match", match, "id<TAB>watch for every hit 匹配监测主题")
    matching.add_argument(
        "--watches", metavar="FILE", required=True, help=".txt in TrendRadar's form, or our .toml"
    )
    copying = _command(
        commands, "copies", copies, "id<TAB>first, the first mention with that text (itself if none) 查重"
    )
    for parser in (grouping, matching, copying):
        parser.add_argument(
            "-o", "--output", default="-", metavar="FILE.tsv", help="default: standard output"
        )
    for parser in (hearing, grouping, copying):
        parser.add_argument(
            "--gazetteer", metavar="FILE.toml", help="places and things that you know, with their other names"
        )


def _whole(text: str) -> int:
    if int(text) < 0:
        raise argparse.ArgumentTypeError("0 or more")
    return int(text)


def _command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, run: Run, words: str
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=words)
    parser.add_argument("input", type=Path, metavar="INPUT", help=TABLE)
    parser.add_argument("--zone", default="Asia/Shanghai", metavar="ZONE", help="of times that name none")
    parser.set_defaults(run=guarded(_told(run)))
    return parser


def _told(run: Run) -> Run:
    def told(args: argparse.Namespace) -> int:
        from huiying.rows import Unreadable

        try:
            return run(args)
        except Unreadable as wrong:
            print(wrong.say("zh"), file=sys.stderr)
            return wrong.status
        except Told:
            return 1

    return told


def hear(args: argparse.Namespace) -> int:
    """The whole fold over a file."""
    from huiying.engine.listen.fold import State
    from huiying.engine.listen.fold import hear as fold

    stages = Stages()
    stages("read")
    watches = _watches(args.watches) if args.watches else []
    config = _config(args, watches, group_unmatched=not watches)
    mentions = _mentions(args)
    state, keys, hits = State(), dict[str, None](), 0
    for start in range(0, len(mentions), _AT_ONCE):
        state, results = fold(state, mentions[start : start + _AT_ONCE], config, stages)
        keys.update(dict.fromkeys(shot.merged_into or shot.key for shot in results.stories))
        hits += sum(bool(heard.hits) for heard in results.heard)
    stages("tell")
    now = state.clock or datetime.now(UTC)
    shots = (state.shot(key, config) for key in keys)  # of a story that went into another: the other
    found = list({shot.key: shot for shot in shots if shot}.values())
    _print_stories(args, found, now, len(mentions), hits)
    stages("")
    if args.stats:
        print(stages.told(len(mentions)), file=sys.stderr)
    return 0


def _print_stories(
    args: argparse.Namespace, found: "Sequence[StoryShot]", now: datetime, heard: int, hits: int
) -> None:
    from huiying.engine.listen.fold import heat_at

    ranked = sorted(found, key=lambda s: (-heat_at(s.points, now), -s.mentions, s.key))
    shown = ranked[: args.most] if args.most else ranked
    if args.json:
        print_json([story_json(shot, now) for shot in shown])
        return
    spoken, zone = language(args), the_zone(args.zone)
    print(f"{heard} 条帖文，{hits} 条命中监测主题，{len(ranked)} 个话题" if spoken == "zh"
          else f"{heard} mentions, {hits} answer a watch, {len(ranked)} stories")  # fmt: skip
    for place, shot in enumerate(shown, 1):
        print("\n".join(story_lines(shot, place, now, zone, spoken)))
    if len(shown) < len(ranked):
        rest = len(ranked) - len(shown)
        print(
            f"……另有 {rest} 个话题（--most 0 全部列出）"
            if spoken == "zh"
            else f"... {rest} more (--most 0 lists all)"
        )


def group(args: argparse.Namespace) -> int:
    """Which mentions are about one matter."""
    from huiying.rows import write_tsv

    write_tsv(args.output, ((m, story or m) for m, story, _ in _grouped(args)))
    return 0


def copies(args: argparse.Namespace) -> int:
    """Which mentions repeat the text of an earlier one."""
    from huiying.rows import write_tsv

    write_tsv(args.output, ((m, m if first is None else first) for m, _, first in _grouped(args)))
    return 0


def _grouped(args: argparse.Namespace) -> "Iterator[tuple[object, str | None, object]]":
    """id, story and first copy of every mention, in order of time."""
    from huiying.engine.listen.fold import State
    from huiying.engine.listen.fold import hear as fold

    config = _config(args, [], group_unmatched=True)
    state, mentions = State(), _mentions(args)
    heard, stories = dict["MentionId", "MentionId | None"](), dict["MentionId", "str | None"]()
    for start in range(0, len(mentions), _AT_ONCE):
        state, results = fold(state, mentions[start : start + _AT_ONCE], config)
        heard.update((h.mention_id, h.copy_of) for h in results.heard)
        stories.update((h.mention_id, h.story) for h in (*results.heard, *results.moved))
    yield from ((name, stories[name], copy) for name, copy in heard.items())


def match(args: argparse.Namespace) -> int:
    """Which watches each mention answers to."""
    from huiying.rows import write_tsv

    watches = _watches(args.watches)
    write_tsv(args.output, _matched(watches, _mentions(args, timed=False)))
    return 0


def _matched(watches: "list[NamedQuery]", mentions: "list[Mention]") -> Iterator[tuple[object, str]]:
    from huiying.engine.listen.match import Matcher
    from huiying.engine.listen.texts import lay

    matcher = Matcher([(w.name, w.query) for w in watches])
    for start in range(0, len(mentions), _AT_ONCE):
        batch = mentions[start : start + _AT_ONCE]
        which = matcher.which(lay([f"{m.title}\n{m.text}" for m in batch]))
        yield from ((m.id, matcher.names[w]) for m, found in zip(batch, which, strict=True) for w in found)


def _mentions(args: argparse.Namespace, *, timed: bool = True) -> "list[Mention]":
    from huiying.rows_mentions import in_order, read_mentions

    mentions = read_mentions(args.input, now=datetime.now(UTC), zone=the_zone(args.zone), timed=timed)
    return in_order(mentions) if timed else mentions


def _config(args: argparse.Namespace, watches: "list[NamedQuery]", *, group_unmatched: bool) -> "Config":
    from huiying.engine.listen.mention import Config

    return Config(
        watches=tuple((w.name, w.query) for w in watches),
        gazetteer=_gazetteer(args.gazetteer),
        zone=the_zone(args.zone),
        group_unmatched=group_unmatched,
    )


def _watches(name: str) -> "list[NamedQuery]":
    """The watches of a file. Raises Told, Unreadable."""
    from huiying.engine.listen.watches import read_toml, read_trendradar

    reader = read_toml if name.endswith(".toml") else read_trendradar
    watches, findings = reader(_small_text(name), name)
    for line in finding_lines(findings, "zh"):
        print(line, file=sys.stderr)
    if any(f.level == "error" for f in findings):
        raise Told
    return watches


def _gazetteer(name: str | None) -> "Gazetteer":
    """The places of a file, none without one. Raises Told, Unreadable."""
    from huiying.engine.listen.gazetteer import Gazetteer, read_gazetteer

    if name is None:
        return Gazetteer()
    gazetteer, findings = read_gazetteer(_small_text(name), name)
    for line in finding_lines(findings, "zh"):
        print(line, file=sys.stderr)
    if any(f.level == "error" for f in findings):
        raise Told
    return gazetteer


def _small_text(name: str) -> str:
    from huiying.rows import at_hand, encoding_of

    path = Path(name)
    at_hand(path)
    return path.read_text(encoding=encoding_of(path))
