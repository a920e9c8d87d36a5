"""A journal on a plain file: one JSON object a line, as docs/plan-format.md describes it."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from huiying.engine.findings import Finding, Place
from huiying.engine.journal import GENESIS, Entry, Kind, instant, verify
from huiying.engine.text import Text

#: Values that decide what is owed; each is one value, never a list or a table.
_SINGLE = frozenset(
    {"how", "matter", "subject", "addressee", "level", "step", "part", "to", "means", "ref", "unit", "draft"}
    | {"stage", "form", "number", "obligation", "entry", "approver_role", "stood_in_for", "outcome", "solved"}
    | {"result", "into", "recorded_late"}
)
#: Instants beyond these years are slips of the pen, and no calendar can count from them.
_YEARS = range(1970, 2201)
_KEYS = frozenset({"seq", "at", "recorded_at", "kind", "actor", "role", "data", "prev", "hash"})


class _Bad(Exception):
    """A line that is no entry."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        super().__init__(en)
        self.code, self.text = code, Text(zh, en)


def line_of(entry: Entry) -> str:
    """The entry as one line of a journal file, without the line end."""
    body = {
        "seq": entry.seq,
        "at": instant(entry.at),
        "recorded_at": instant(entry.recorded_at),
        "kind": str(entry.kind),
        "actor": entry.actor,
        "role": entry.role,
        "data": entry.data,
        "prev": entry.prev,
        "hash": entry.hash,
    }
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def write_lines(entries: Iterable[Entry]) -> str:
    """A whole journal as the text of a file."""
    return "".join(f"{line_of(entry)}\n" for entry in entries)


def read_lines(text: str, file: str) -> tuple[list[Entry], list[Finding]]:
    """The entries of a journal file, and what is wrong with it; with an error among the findings do not use them.

    `seq` may be left out everywhere (then the lines count from 1), `recorded_at` (then it is `at`), `actor`, `role`
    and `data` (then they are empty). Where hashes are given the chain is verified.
    """
    entries: list[Entry] = []
    findings: list[Finding] = []
    lines: dict[int, int] = {}
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        if not line.strip():
            continue
        try:
            entry = _entry(_object(line), len(entries) + 1)
            entries.append(entry)
            lines[entry.seq] = number
        except _Bad as bad:
            findings.append(_finding(bad.code, bad.text, file, number))
    return entries, findings + ([] if findings else _chain(entries, file, lines))


def _finding(code: str, text: Text, file: str, line: int) -> Finding:
    return Finding(code=f"journal.{code}", level="error", message=text, place=Place(file=file, line=line))


def _object(line: str) -> Mapping[str, Any]:
    try:
        found = json.loads(line)
    except ValueError as broken:
        raise _Bad("not-json", f"不是 JSON：{broken}", f"Not JSON: {broken}") from broken
    except RecursionError as deep:
        raise _Bad("not-json", "JSON 嵌套过深", "JSON nested too deeply") from deep
    if not isinstance(found, dict):
        raise _Bad("not-json", "每行应是一个 JSON 对象", "Each line must be one JSON object")
    strange = sorted(set(found) - _KEYS)
    if strange:
        raise _Bad("unknown-key", f"不认识的键“{strange[0]}”", f'Unknown key "{strange[0]}"')
    return found


def _entry(found: Mapping[str, Any], number: int) -> Entry:
    at = _instant(found, "at")
    if at is None:
        raise _Bad("missing-key", "缺少“at”", '"at" is missing')
    kind = str(found.get("kind", ""))
    if kind not in set(Kind):
        raise _Bad("unknown-kind", f"没有这种记录：{kind}", f"No such kind of entry: {kind}")
    data, seq = found.get("data", {}), found.get("seq", number)
    if not isinstance(data, dict) or not isinstance(seq, int) or isinstance(seq, bool):
        raise _Bad(
            "bad-value", "“data”应为对象，“seq”应为整数", '"data" must be an object and "seq" a whole number'
        )
    _data(data)
    return Entry(
        seq=seq,
        at=at,
        recorded_at=_instant(found, "recorded_at") or at,
        kind=Kind(kind),
        actor=str(found.get("actor", "")),
        role=str(found.get("role", "")),
        data=data,
        prev=str(found.get("prev", GENESIS)),
        hash=str(found.get("hash", "")),
    )


def _data(data: Mapping[str, Any]) -> None:
    """Refuse values of a shape that nobody could mean."""
    for key, value in data.items():
        if key in _SINGLE and isinstance(value, dict | list):
            raise _Bad(
                "bad-value", f"“{key}”应是一个值：{value}", f'"{key}" must be a single value, not {value}'
            )
        if key.endswith("_at"):
            _instant(data, key)


def _instant(found: Mapping[str, Any], key: str) -> datetime | None:
    value = found.get(key)
    if value is None or value == "":
        return None
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise _Bad(
            "bad-instant", f"“{key}”不是带时区的时刻：{value}", f'"{key}" is no instant with a zone: {value}'
        )
    if at.year not in _YEARS:
        raise _Bad(
            "bad-instant",
            f"“{key}”的年份不像真的：{value}",
            f'"{key}" lies in a year that cannot be meant: {value}',
        )
    return at.astimezone(UTC)


def _chain(entries: list[Entry], file: str, lines: Mapping[int, int]) -> list[Finding]:
    doubles = len(entries) - len({entry.seq for entry in entries})
    if doubles:
        text = Text(f"有 {doubles} 条记录序号重复", f"{doubles} entries share a seq with another")
        return [_finding("seq", text, file, 1)]
    if not any(entry.hash for entry in entries):
        return []
    return [
        _finding(
            "broken-chain",
            Text(
                f"第 {found.seq} 条记录与前文不相接（{found.why}）",
                f"Entry {found.seq} does not hold ({found.why})",
            ),
            file,
            lines.get(found.seq, 1),
        )
        for found in verify(entries)
    ]
