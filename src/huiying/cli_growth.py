"""`huiying forecast`, `warn`: which story will at least double, which title will climb into the first ten."""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from huiying.cli_files import Refused, guarded, language, language_options, the_zone

if TYPE_CHECKING:
    from huiying.engine.listen.learn.climb import Climb
    from huiying.engine.listen.learn.growth import Growth
    from huiying.engine.listen.learn.hotlist import Listing
    from huiying.rows_growth import Cascade


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this room's commands."""
    ahead = commands.add_parser(
        "forecast",
        help="id<TAB>probability that a cascade at least doubles 预测翻倍",
        description="For each cascade of at least N reposts, seen up to the Nth and no further, the probability that it "
        "has at least 2N in the end. What the package carries was learnt and measured between 100 and 300.",
    )
    ahead.add_argument("input", type=Path, metavar="CASCADES.jsonl.gz")
    ahead.add_argument(
        "--observe", type=int, default=100, metavar="N", help="reposts that are seen (default 100)"
    )
    ahead.add_argument("--zone", default="Asia/Shanghai", metavar="ZONE", help="of the people who post")
    _shared(ahead, forecast, "cascades whose end is known, to learn from instead")
    early = commands.add_parser(
        "warn",
        help="id<TAB>probability that a title below the tenth place reaches it within 6 hours 榜单预警",
        description="For each hour and each title below the tenth place that was not among the first ten before; the id "
        "is YYYY-MM-DDTHH|title. Only what the list showed until that hour is used.",
    )
    early.add_argument(
        "input", type=Path, metavar="HOURLY.tsv.gz", help="columns date, hour, rank, title (category, hot)"
    )
    early.add_argument("--last", action="store_true", help="only of the last listing")
    _shared(early, warn, "an earlier time of the list, to learn from instead")


def _shared(parser: argparse.ArgumentParser, run: Callable[[argparse.Namespace], int], train: str) -> None:
    parser.add_argument("--train", type=Path, metavar="FILE", help=train)
    parser.add_argument("-o", "--output", default="-", metavar="FILE.tsv", help="default: standard output")
    parser.add_argument("--why", action="store_true", help="a third column says what led to it")
    language_options(parser)
    parser.set_defaults(run=guarded(_told(run)))


def _told(run: Callable[[argparse.Namespace], int]) -> Callable[[argparse.Namespace], int]:
    def told(args: argparse.Namespace) -> int:
        from huiying.rows import Unreadable

        try:
            return run(args)
        except Unreadable as wrong:
            print(wrong.say(language(args)), file=sys.stderr)
            return wrong.status

    return told


def forecast(args: argparse.Namespace) -> int:
    """Which cascades at least double."""
    from huiying.rows import write_tsv
    from huiying.rows_growth import read_cascades

    zone = the_zone(args.zone)
    model = _growth(args, zone)
    long = [one for one in read_cascades(args.input, zone) if one.count >= args.observe]
    write_tsv(args.output, _forecasts(args, model, long))
    return 0


def _growth(args: argparse.Namespace, zone: ZoneInfo) -> "Growth":
    """What is learnt from the file, else what the package carries. Raises Refused, Unreadable."""
    from huiying.engine.listen.forecast import LEAST, MOST
    from huiying.engine.listen.learn import growth

    if args.train is None:
        if not LEAST <= args.observe <= MOST:
            raise Refused(
                f"--observe {args.observe}：随软件带的模型只在 {LEAST} 到 {MOST} 条之间检验过；别处请用 --train 给出自己的数据\n"
                f"--observe {args.observe}: what the package carries was measured between {LEAST} and {MOST}; "
                "elsewhere name your own data with --train"
            )
        return growth.shipped()
    if args.observe < growth.FEWEST:
        raise Refused(f"--observe: 最少 {growth.FEWEST}\n--observe: at least {growth.FEWEST}")
    from huiying.engine.listen.learn.growth_fit import TooFew, learn, looks_beside
    from huiying.rows_growth import read_cascades

    known = [one.times for one in read_cascades(args.train, zone)]
    try:
        return learn(known, looks_beside(args.observe))
    except TooFew as few:
        raise Refused(f"{args.train}: 可学的传播太少\n{args.train}: {few}") from few


def _forecasts(
    args: argparse.Namespace, model: "Growth", cascades: "Sequence[Cascade]"
) -> Iterator[Sequence[object]]:
    """Rows of the answer, in the order of the file; times beyond what is observed are not looked at."""
    import numpy as np

    from huiying.engine.listen.forecast import told
    from huiying.engine.listen.learn.growth import FEWEST, reasons

    for one in cascades:
        seen = one.times[: args.observe]
        if len(seen) < FEWEST:
            print(f"{one.id}: 时间读不懂，没有预测 / its times cannot be read", file=sys.stderr)
            continue
        chance = float(model.chances(np.array([seen]))[0])
        why = (
            "; ".join(told(reason).say(language(args)) for reason in reasons(model, seen))
            if args.why
            else None
        )
        yield (one.id, f"{chance:.6f}") if why is None else (one.id, f"{chance:.6f}", why)


def warn(args: argparse.Namespace) -> int:
    """Which titles climb into the first ten."""
    from huiying.rows import write_tsv
    from huiying.rows_growth import read_listings

    model = _climb(args)
    write_tsv(args.output, _warnings(args, model, read_listings(args.input)))
    return 0


def _climb(args: argparse.Namespace) -> "Climb":
    from huiying.engine.listen.learn import climb

    if args.train is None:
        return climb.shipped()
    from huiying.engine.listen.learn.climb_fit import TooFew, examples, learn
    from huiying.rows_growth import read_listings

    try:
        return learn(examples(read_listings(args.train)), climb.shipped().grams)
    except TooFew as few:
        raise Refused(f"{args.train}: 可学的上升太少\n{args.train}: {few}") from few


def _warnings(
    args: argparse.Namespace, model: "Climb", listings: "Sequence[Listing]"
) -> Iterator[Sequence[object]]:
    from huiying.engine.listen.learn.climb_words import why
    from huiying.engine.listen.learn.hotlist import History
    from huiying.engine.listen.learn.hotlist_measures import measured

    history = History()
    for number, listing in enumerate(listings):
        history.add(listing)
        if args.last and number < len(listings) - 1:
            continue
        seen = measured(history)
        rows = model.rows(seen)
        for at, (title, chance) in enumerate(zip(seen.titles, model.chances_of(rows).tolist(), strict=True)):
            name = f"{listing.at:%Y-%m-%dT%H}|{title}"
            told = (
                [one.say(language(args)) for one in why(model, history, title, rows[at])] if args.why else []
            )
            yield (name, f"{chance:.6f}", "; ".join(told)) if args.why else (name, f"{chance:.6f}")
