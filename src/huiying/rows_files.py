"""Files that people bring and want: what can be opened, in which encoding, and what is wrong otherwise."""

import codecs
import errno
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TextIO

from huiying.engine.text import Text

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHUNK = 1 << 20
_LOOK_BACK = 1 << 16  # bytes before the first that is no UTF-8
_SURE = 4  # characters of three bytes among these: it is UTF-8 with something broken in it


class Unreadable(Exception):
    """A file that cannot be read; says where and what to do."""

    def __init__(self, path: Path | str, line: int | None, what: Text, mend: Text | None = None) -> None:
        self.path, self.line, self.what, self.mend = str(path), line, what, mend
        super().__init__(self.say("zh"))

    def say(self, language: str) -> str:
        """One or two lines: file, line, what, mend."""
        where = f"{self.path}:{self.line}" if self.line else self.path
        mend = f"\n    → {self.mend.say(language)}" if self.mend else ""
        return f"✗ {where}: {self.what.say(language)}{mend}"

    @property
    def status(self) -> int:
        """The exit code of a command that meets this: 2 for the wrong file, 1 for something wrong in it."""
        return 2 if self.line is None else 1


class Unwritable(Unreadable):
    """A file that cannot be written."""

    def __init__(self, path: Path | str, why: OSError) -> None:
        self.failed = why.errno not in (errno.ENOENT, errno.EISDIR, errno.ENOTDIR, errno.EACCES, errno.EPERM)
        full = why.errno in (errno.ENOSPC, errno.EDQUOT)
        mend = (
            Text("腾出空间，或写到别处", "Make room, or write elsewhere")
            if full
            else Text(
                "换一个可以写的文件名；文件夹要先建好",
                "Name a file that can be written; its folder must be there",
            )
        )
        super().__init__(
            path, None, Text(f"写不了：{why.strerror}", f"Cannot be written: {why.strerror}"), mend
        )

    @property
    def status(self) -> int:
        """1 where writing failed, 2 where it could never have gone well."""
        return 1 if self.failed else 2


def at_hand(path: Path) -> None:
    """Raises Unreadable where there is no file that can be opened."""
    if path.is_dir():
        raise Unreadable(
            path,
            None,
            Text("这是文件夹，不是文件", "This is a folder, not a file"),
            Text("给出其中的一个文件", "Name one of the files in it"),
        )
    if not path.is_file():
        raise Unreadable(path, None, Text("没有这个文件", "There is no such file"))
    try:
        path.open("rb").close()
    except OSError as wrong:
        raise Unreadable(
            path, None, Text(f"打不开：{wrong.strerror}", f"Cannot be opened: {wrong.strerror}")
        ) from wrong


def encoding_of(path: Path) -> str:
    """The encoding of a text file: by its mark, UTF-8 if every byte fits, else GB18030. Raises Unreadable.

    Most broken UTF-8 would pass for GB18030, as nonsense; what was clearly UTF-8 up to the first wrong byte is refused.
    """
    with path.open("rb") as raw:
        head = raw.read(4)
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    place = 0
    for name in ("utf-8", "gb18030"):
        wrong = _misfit(path, name)
        if wrong is None:
            return name
        if name == "utf-8" and _was_utf8(path, wrong):
            what = Text("这一行有坏字节，其余是 UTF-8", "A broken byte in this line; the rest is UTF-8")
            mend = Text("重新导出，或改好这一行再存", "Export it again, or mend this line and save")
            raise Unreadable(path, _line_at(path, wrong), what, mend)
        place = max(place, wrong)
    line = _line_at(path, place)
    what = Text("既不是 UTF-8，也不是 GB18030", "Neither UTF-8 nor GB18030")
    raise Unreadable(path, line, what, Text("另存为 UTF-8", "Save it as UTF-8"))


def _misfit(path: Path, encoding: str) -> int | None:
    """The first byte that does not fit the encoding; None if all do."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    read = 0
    with path.open("rb") as raw:
        while True:
            chunk = raw.read(_CHUNK)
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as wrong:
                return read + wrong.start
            if not chunk:
                return None
            read += len(chunk)


def _was_utf8(path: Path, place: int) -> bool:
    with path.open("rb") as raw:
        raw.seek(max(0, place - _LOOK_BACK))
        before = raw.read(place - raw.tell()).decode("utf-8", "ignore")
    return sum(char >= "\u0800" for char in before) >= _SURE


def _line_at(path: Path, place: int) -> int:
    line = 1
    with path.open("rb") as raw:
        while place > 0:
            chunk = raw.read(min(_CHUNK, place))
            if not chunk:
                break
            line += chunk.count(b"\n")
            place -= len(chunk)
    return line


def write_tsv(path: str, rows: Iterator[Sequence[object]]) -> int:
    """Rows to a file, or to standard output for `-`; how many. Tabs and line ends inside cells become spaces.

    A file that was there stays as it was until all is written. Raises Unwritable.
    """
    if path == "-":
        return _write(sys.stdout, rows)
    place = Path(path)
    fresh = place.name and (place.is_file() or not place.exists()) and not place.is_symlink()
    part = place.with_name(f"{place.name}.part") if fresh else place
    try:
        with part.open("w", encoding="utf-8", newline="\n") as out:
            count = _write(out, rows)
        if fresh:
            part.replace(place)
    except OSError as wrong:
        raise Unwritable(path or ".", wrong) from wrong
    finally:
        if fresh:
            part.unlink(missing_ok=True)
    return count


def _write(out: TextIO, rows: Iterator[Sequence[object]]) -> int:
    count = 0
    for row in rows:
        out.write("\t".join(str(cell).translate(_FLAT) for cell in row) + "\n")
        count += 1
    return count


_FLAT = str.maketrans("\t\n\r", "   ")
