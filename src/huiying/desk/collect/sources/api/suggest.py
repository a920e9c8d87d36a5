"""How an unknown JSON answer might be read, for a person who has the answer and not its description."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from huiying.desk.collect.charset import decode

DEEPEST = 4
NAMES: Mapping[str, tuple[str, ...]] = {
    "key": ("id", "uuid", "no", "order_no", "code", "编号"),
    "title": ("title", "subject", "name", "headline", "标题", "主题"),
    "text": ("content", "text", "body", "summary", "description", "desc", "detail", "正文", "内容"),
    "link": ("url", "link", "href", "address", "链接"),
    "author": ("author", "user", "username", "nickname", "author.name", "user.name", "作者"),
    "posted_at": ("published_at", "created_at", "pub_date", "publish_time", "create_time", "time", "date", "ctime", "时间"),
    "reach": ("comments", "comment_count", "reads", "likes", "reply_count", "评论数"),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """A proposed mapping: the place of the entries, and a path for each field that could be recognised."""

    items: str
    fields: Mapping[str, str]
    count: int


def suggest_mapping(body: bytes) -> Mapped | None:
    """A mapping for the longest list of objects in the answer; None if there is none whose words can be recognised."""
    try:
        answer = json.loads(decode(body)[0].lstrip("\ufeff"))
    except (ValueError, RecursionError):
        return None
    lists = sorted(_lists(answer, ""), key=lambda found: len(found[1]), reverse=True)
    for path, entries in lists:
        fields = _fields(entries[0])
        if "title" in fields or "text" in fields:
            return Mapped(items=path, fields=fields, count=len(entries))
    return None


def _lists(value: Any, path: str, depth: int = 0) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    if isinstance(value, list) and value and all(isinstance(entry, dict) for entry in value):
        yield path, value
    if isinstance(value, dict) and depth < DEEPEST:
        for name, inner in value.items():
            if not set(name) & set(".[]{}"):
                yield from _lists(inner, f"{path}.{name}" if path else name, depth + 1)


def _fields(entry: Mapping[str, Any]) -> dict[str, str]:
    paths = {path.lower(): path for path in _paths(entry)}
    found: dict[str, str] = {}
    for field, names in NAMES.items():
        name = next((paths[name] for name in names if name in paths), None)
        if name is not None:
            found[field] = name
    return found


def _paths(entry: Mapping[str, Any]) -> Iterator[str]:
    for name, value in entry.items():
        if isinstance(value, dict):
            yield from (
                f"{name}.{inner}" for inner, deep in value.items() if not isinstance(deep, dict | list)
            )
        elif not isinstance(value, list):
            yield name
