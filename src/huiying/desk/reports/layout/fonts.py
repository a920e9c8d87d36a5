"""Which of the standard's fonts this machine has, and what stands in for those it has not."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

import typst
from django.conf import settings

from huiying.desk.reports.layout.sheet import Fonts

#: The five of GB/T 9704-2012 under the names that systems give them, then what resembles them most, freest last.
WANTED: dict[str, tuple[str, ...]] = {
    "biao": (
        "FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "FZXiaoBiaoSongS-B-GB", "方正小标宋简体", "方正小标宋_GBK",
        "STZhongsong", "华文中宋", "Noto Serif CJK SC", "Source Han Serif SC", "Source Han Serif CN",
        "Noto Serif SC", "SimSun", "AR PL UMing CN",
    ),
    "fang": (
        "FangSong_GB2312", "仿宋_GB2312", "FangSong", "仿宋", "STFangsong", "华文仿宋", "FZFangSong-Z02S",
        "Zhuque Fangsong (technical preview)", "Zhuque Fangsong", "cwTeX Q Fangsong", "Noto Serif CJK SC",
        "Source Han Serif SC", "Noto Serif SC", "SimSun", "AR PL UMing CN",
    ),
    "kai": (
        "KaiTi_GB2312", "楷体_GB2312", "KaiTi", "楷体", "STKaiti", "华文楷体", "FZKai-Z03S", "LXGW WenKai",
        "AR PL UKai CN", "Noto Serif CJK SC", "Source Han Serif SC", "Noto Serif SC",
    ),
    "hei": (
        "SimHei", "黑体", "STHeiti", "Heiti SC", "FZHei-B01S", "Noto Sans CJK SC", "Source Han Sans SC",
        "Source Han Sans CN", "Noto Sans SC", "Microsoft YaHei", "WenQuanYi Zen Hei", "WenQuanYi Micro Hei",
        "Droid Sans Fallback",
    ),
    "song": (
        "SimSun", "宋体", "STSong", "Songti SC", "FZShuSong-Z01S", "Noto Serif CJK SC", "Source Han Serif SC",
        "Noto Serif SC", "AR PL UMing CN",
    ),
}  # fmt: skip
#: The standard's words, and how many of the names above are the font itself.
NAMES = {"biao": "小标宋", "fang": "仿宋", "kai": "楷体", "hei": "黑体", "song": "宋体"}
THEMSELVES = {"biao": 7, "fang": 7, "kai": 7, "hei": 5, "song": 5}


def folder() -> Path:
    """Where an operator may put fonts for papers."""
    return Path(settings.HOME) / "fonts"


@lru_cache(maxsize=4)
def library(place: str) -> typst.Fonts:
    """The fonts of the machine and of `place`, read once."""
    paths = [place] if Path(place).is_dir() else []
    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=True, font_paths=paths)


def choose(families: Iterable[str]) -> Fonts:
    """The best font for each use among `families`; without any Chinese one `missing` says so."""
    has = {name.casefold(): name for name in families}
    taken = {use: _first(names, has) for use, names in WANTED.items()}
    any_of_them = next((name for name in taken.values() if name), "")
    replaced = [
        (NAMES[use], name or any_of_them)
        for use, name in taken.items()
        if name not in WANTED[use][: THEMSELVES[use]]
    ]
    return Fonts(
        **{use: name or any_of_them for use, name in taken.items()},
        replaced=tuple(replaced) if any_of_them else (),
        missing=not any_of_them,
    )


def _first(names: Sequence[str], has: dict[str, str]) -> str:
    return next((has[name.casefold()] for name in names if name.casefold() in has), "")


def here() -> Fonts:
    """The fonts that papers get on this machine."""
    return choose(library(str(folder())).families())
