"""Listening as a fold: `hear(state, batch, config) -> state, results`, the same whatever way the mentions are batched."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from huiying.engine.listen.corrections import (
    CannotCorrect,
    Correction,
    Merge,
    Move,
    NotOurs,
    Split,
    Topic,
    Unit,
)
from huiying.engine.listen.match import Hit, Matcher
from huiying.engine.listen.mention import Config, Mention, MentionId
from huiying.engine.listen.results import Heard, Point, Results, StoryShot
from huiying.engine.listen.texts import lay
from huiying.engine.text import Text

__all__ = ["Config", "Correction", "Heard", "Mention", "Results", "State", "StateBroken", "StateTooNew", "StoryShot",
           "correct", "hear", "heat_at"]  # fmt: skip

HALF_LIFE = timedelta(hours=24)
_MAGIC, _VERSION = b"HUIYING-EARS", 1
_TIERS = {"national": 8.0, "portal": 5.0, "provincial": 4.0, "city": 3.0}


class StateTooNew(ValueError):
    """The state was written by a newer version of Huiying."""


class StateBroken(ValueError):
    """The bytes are no state, or were damaged."""


@dataclass(slots=True)
class _Row:
    id: MentionId
    at: int
    grams: frozenset[str]
    story: str | None
    data: dict[str, Any]


@dataclass(slots=True)
class State:
    """All that was heard and still matters. `hear` gives a new one and leaves the old one as it was."""

    rows: dict[MentionId, _Row] = field(default_factory=dict)
    labels: dict[str, dict[str, Any]] = field(
        default_factory=dict
    )  # story -> merged_into, not_ours, unit, topic, key order

    def to_bytes(self) -> bytes:
        """The state for keeping, with its version and a checksum."""
        rows = [[r.id, r.at, sorted(r.grams), r.story, r.data] for r in self.rows.values()]
        body = json.dumps([rows, self.labels], ensure_ascii=False, sort_keys=True).encode()
        return b"%s %d %s\n" % (_MAGIC, _VERSION, hashlib.sha256(body).hexdigest().encode()) + body

    @classmethod
    def from_bytes(cls, kept: bytes) -> "State":
        """The state that was kept; empty bytes are a new one. Raises StateTooNew, StateBroken."""
        if not kept:
            return cls()
        head, _, body = bytes(kept).partition(b"\n")
        parts = head.split(b" ")
        if len(parts) != 3 or parts[0] != _MAGIC:
            raise StateBroken("not a listening state")
        if int(parts[1]) > _VERSION:
            raise StateTooNew(f"state of version {int(parts[1])}, this Huiying reads up to {_VERSION}")
        if hashlib.sha256(body).hexdigest().encode() != parts[2]:
            raise StateBroken("the listening state is damaged")
        rows, labels = json.loads(body)
        return cls({r[0]: _Row(r[0], r[1], frozenset(r[2]), r[3], r[4]) for r in rows}, labels)


def hear(state: State, batch: Sequence[Mention], config: Config) -> tuple[State, Results]:
    """Hear mentions in their order. A mention whose id was heard before is passed over."""
    after = State(
        {k: replace(r) for k, r in state.rows.items()}, {k: dict(v) for k, v in state.labels.items()}
    )
    hits = Matcher(config.watches).match_all(lay([f"{m.title}\n{m.text}" for m in batch]))
    heard = [
        _hear_one(after, m, h, config) for m, h in zip(batch, hits, strict=True) if m.id not in after.rows
    ]
    changed = {h.story for h in heard if h.story}
    return after, Results(heard=tuple(heard), stories=_shots(after, changed))


def _hear_one(state: State, mention: Mention, hits: list[Hit], config: Config) -> Heard:
    grams = _grams(f"{mention.title}{mention.text}")
    best, score = None, 0.0
    if hits or config.group_unmatched:
        for row in state.rows.values():
            if row.story and row.grams and grams:
                likeness = len(row.grams & grams) / min(len(row.grams), len(grams))
                if likeness > score:
                    best, score = row, likeness
    story = _story(mention, best if score >= 0.35 else None) if hits or config.group_unmatched else None
    copy = best if best and score >= 0.9 else None
    why = (
        [Text(f"与 {best.id} 用词相近 {score:.0%}", f"{score:.0%} of its words are those of {best.id}")]
        if best and score >= 0.35
        else []
    )
    data = {"title": mention.title or mention.text[:40], "site": mention.site, "tier": mention.tier, "voice": mention.voice,
            "copy": copy is not None, "watches": [h.watch for h in hits]}  # fmt: skip
    state.rows[mention.id] = _Row(mention.id, int(mention.at.timestamp()), grams, story, data)
    return Heard(
        mention_id=mention.id,
        hits=tuple(hits),
        copy_of=copy.id if copy else None,
        story=story,
        why=tuple(why),
    )


def _grams(text: str) -> frozenset[str]:
    letters = "".join(c for c in text.casefold() if c.isalnum())
    return frozenset(letters[i : i + 2] for i in range(len(letters) - 1))


def _story(mention: Mention, like: _Row | None) -> str:
    return like.story if like and like.story else f"m{mention.id}"


def _shots(state: State, keys: set[str]) -> tuple[StoryShot, ...]:
    members: dict[str, list[_Row]] = {key: [] for key in keys}
    for row in state.rows.values():
        if row.story in members:
            members[row.story].append(row)
    return tuple(_shot(key, rows, state.labels.get(key, {})) for key, rows in sorted(members.items()))


def _shot(key: str, rows: list[_Row], labels: Mapping[str, Any]) -> StoryShot:
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    times = sorted(row.at for row in rows) or [0]
    voices = {row.data["voice"] or str(row.id) for row in rows}
    hours: dict[int, list[float]] = {}
    for row in rows:
        hours.setdefault(row.at // 3600, []).append(
            _TIERS.get(row.data["tier"], 1.0) * (0.3 if row.data["copy"] else 1)
        )
    points = tuple(
        Point(hour=epoch + timedelta(hours=h), mentions=len(v), heat=sum(v)) for h, v in sorted(hours.items())
    )
    last = epoch + timedelta(seconds=times[-1])
    return StoryShot(
        key=key, title=rows[0].data["title"] if rows else key, first_at=epoch + timedelta(seconds=times[0]), last_at=last,
        mentions=len(rows), copies=sum(r.data["copy"] for r in rows), voices=len(voices),
        sites=Counter(r.data["site"] for r in rows), tiers=Counter(r.data["tier"] for r in rows),
        heat=heat_at(points, last), growth=1.0, forecast=None, negative_share=0.0,
        topic=labels.get("topic", ""), unit=labels.get("unit", ""), points=points,
        watches=tuple(w for w, _ in Counter(w for r in rows for w in r.data["watches"]).most_common()),
        not_ours=bool(labels.get("not_ours")), merged_into=labels.get("merged_into"),
    )  # fmt: skip


def heat_at(points: Sequence[Point], now: datetime) -> float:
    """The heat that a story's hours leave at `now`: each cools by half in a day."""
    return sum(p.heat * 2.0 ** -(max(timedelta(), now - p.hour) / HALF_LIFE) for p in points)


def correct(state: State, correction: Correction) -> tuple[State, Results]:
    """Put right what an officer says. Raises CannotCorrect for a story or mention that is not known."""
    after = State(
        {k: replace(r) for k, r in state.rows.items()}, {k: dict(v) for k, v in state.labels.items()}
    )
    changed, moved = _apply(after, correction)
    heard = tuple(Heard(mention_id=i, story=after.rows[i].story) for i in moved)
    return after, Results(heard=heard, stories=_shots(after, changed))


def _apply(state: State, correction: Correction) -> tuple[set[str], list[MentionId]]:
    match correction:
        case Move(mention, to):
            if mention not in state.rows:
                raise CannotCorrect(str(mention))
            before = state.rows[mention].story
            state.rows[mention].story = to or f"m{mention}.1"
            return {k for k in (before, state.rows[mention].story) if k}, [mention]
        case Split(story, mentions):
            new = f"m{mentions[0]}.1"
            for mention in mentions:
                state.rows[mention].story = new
            return {story, new}, list(mentions)
        case Merge(story, into):
            moved = [row.id for row in state.rows.values() if row.story == story]
            for mention in moved:
                state.rows[mention].story = into
            state.labels.setdefault(story, {})["merged_into"] = into
            return {story, into}, moved
        case NotOurs(story, undo):
            state.labels.setdefault(story, {})["not_ours"] = not undo
            return {story}, []
        case Unit(story, unit):
            state.labels.setdefault(story, {})["unit"] = unit
            return {story}, []
        case Topic(story, topic):
            state.labels.setdefault(story, {})["topic"] = topic
            return {story}, []
