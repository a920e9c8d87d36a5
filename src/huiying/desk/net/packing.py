"""Content codings (RFC 9110, 8.4) and sizes: everything that a stranger sends is unpacked in bounded steps."""

import zlib
from collections.abc import Iterable, Iterator

from huiying.desk.net.trouble import Trouble
from huiying.engine.text import Text

STEP = 2**18
KNOWN = frozenset({"gzip", "x-gzip", "deflate"})


def bounded(pieces: Iterable[bytes], most: int) -> Iterator[bytes]:
    """The pieces as they come, until they are more than `most` bytes: then Trouble."""
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > most:
            detail = Text(f"超过 {most // 2**20 or 1} MB", f"more than {most // 2**20 or 1} MB")
            raise Trouble("too.large", detail)
        yield piece


def unpack(pieces: Iterable[bytes], packing: str) -> Iterator[bytes]:
    """Decompresses gzip and deflate in bounded steps. Raises Trouble."""
    if packing in {"", "identity"}:
        yield from pieces
        return
    if packing not in KNOWN:
        raise Trouble("packing.broken", packing[:40])
    yield from _inflate(iter(pieces))


def _inflate(pieces: Iterator[bytes]) -> Iterator[bytes]:
    first = _begin(pieces)
    if not first:
        return
    tool = _inflater(first)
    if tool is None:  # says gzip, is plain: common behind misconfigured proxies
        yield first
        yield from pieces
        return
    try:
        yield from _steps(tool, first)
        for piece in pieces:
            if tool.eof:
                break
            yield from _steps(tool, piece)
    except zlib.error as error:
        raise Trouble("packing.broken") from error
    if not tool.eof:
        raise Trouble("cut.short")


def _begin(pieces: Iterator[bytes]) -> bytes:
    """The first two bytes at least, where there are as many: they tell the format, and a slow site sends them apart."""
    first = b""
    for piece in pieces:
        first += piece
        if len(first) > 1:
            break
    return first


def _inflater(first: bytes) -> "zlib._Decompress | None":
    if first[:2] == b"\x1f\x8b":
        return zlib.decompressobj(31)
    if first[:1] in b"<{[ \r\n\t\xef":
        return None
    zlib_header = len(first) > 1 and first[0] & 15 == 8 and (first[0] * 256 + first[1]) % 31 == 0
    return zlib.decompressobj(15 if zlib_header else -15)


def _steps(tool: "zlib._Decompress", piece: bytes) -> Iterator[bytes]:
    """The output of one piece; a full step may leave more behind even when all input is taken."""
    full = False
    while (piece or full) and not tool.eof:
        found = tool.decompress(piece, STEP)
        piece, full = tool.unconsumed_tail, len(found) == STEP
        yield found
