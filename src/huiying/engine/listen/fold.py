"""Listening as a fold: `hear(state, batch, config) -> state, results`.

The same mentions in the same order under the same configuration give the same results, however they are cut into batches.
Mentions are heard in the order given, which should be that in which they arrived. One that was posted earlier than others
heard before it (late, out of order) is compared with all that is remembered, may join any story, and counts in the hour
in which it was posted; what was decided before it came is not decided again.

A state grows in place: `hear` and `correct` take it over and give it back. The object handed in must not be used again.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from huiying.engine.listen.corrections import Correction, Merge, Move, NotOurs, Split, Topic, Unit
from huiying.engine.listen.ear import Ear
from huiying.engine.listen.gazetteer import Gazetteer
from huiying.engine.listen.heat import HALF_LIFE, growth_at, heat_at
from huiying.engine.listen.keeping import StateBroken, StateTooNew, pack, unpack
from huiying.engine.listen.mention import Config, Mention, MentionId
from huiying.engine.listen.placing import Drawn, Joined
from huiying.engine.listen.putting_right import put_right
from huiying.engine.listen.results import Heard, Point, Results, StoryShot
from huiying.engine.listen.senses import Sensed, Senses
from huiying.engine.listen.shots import emptied, shot
from huiying.engine.listen.times import instant, micros
from huiying.engine.text import Text

__all__ = [
    "HALF_LIFE", "Config", "Correction", "Gazetteer", "Heard", "Mention", "MentionId", "Merge", "Move", "NotOurs", "Point", "Results", "Split",
    "State", "StateBroken", "StateSpent", "StateTooNew", "StoryShot", "Topic", "Unit", "correct", "growth_at", "hear", "heat_at",
]  # fmt: skip


def _unseen(stage: str) -> None:
    """Nobody measures."""


_PLAIN = Config()
_AT_ONCE = 4096  # mentions sensed together; how many makes no difference to what comes out


class StateSpent(RuntimeError):
    """The state was handed to `hear` or `correct` before; the one that came back goes on."""


class State:
    """All that was heard and still matters."""

    __slots__ = ("_ear",)

    def __init__(self, ear: Ear | None = None) -> None:
        self._ear: Ear | None = ear or Ear()

    def to_bytes(self) -> bytes:
        """The state for keeping, with its version and a checksum. About 700 bytes for each remembered mention."""
        return pack(self._held())

    @classmethod
    def from_bytes(cls, kept: bytes) -> "State":
        """The state that was kept; no bytes are a new one. Raises StateTooNew, StateBroken."""
        return cls(unpack(kept))

    def knows(self, mention: MentionId) -> bool:
        """Whether a mention is remembered."""
        return mention in self._held().memory.rows

    def shot(self, key: str, config: Config) -> StoryShot | None:
        """The story of this key as it stands, through mergers; None if it is not known."""
        ear = self._held()
        number = ear.shelf.number(key, ear.memory)
        return None if number is None else shot(ear, number, config)

    @property
    def clock(self) -> datetime | None:
        """The latest posting time heard; None before the first."""
        clock = self._held().clock
        return instant(clock) if clock else None

    def take(self) -> Ear:
        """The inside, to be changed; this object is spent."""
        ear, self._ear = self._held(), None
        return ear

    def _held(self) -> Ear:
        if self._ear is None:
            raise StateSpent("this state was handed on; use the one that came back")
        return self._ear


def hear(
    state: State, batch: Sequence[Mention], config: Config, begins: Callable[[str], None] = _unseen
) -> tuple[State, Results]:
    """Hear mentions in their order; `state` is taken over. One whose id is remembered or stands twice is passed over.

    A mention that is strongly like two small stories makes one of them: `moved` tells where mentions heard earlier went,
    `stories` begins with those that are empty now.
    `begins` is told the name of each stage (sense, join, tell) when it begins, and "" at the end: for those who measure.
    ValueError, with `state` as it was, if a mention's time has no zone.
    """
    for mention in batch:
        micros(mention.at)
    senses = _senses(config)
    ear = state.take()
    heard: list[Heard] = []
    changed: dict[int, None] = {}
    gone: list[Drawn] = []
    for start in range(0, len(batch), _AT_ONCE):
        fresh = _fresh(ear, batch[start : start + _AT_ONCE])
        begins("sense")
        sensed = senses.sense(fresh)
        begins("join")
        ours = [s for s in sensed if senses.is_ours(s)]
        placed, drawn = ear.join(ours, config.window)
        joined = dict(zip((s.mention.id for s in ours), placed, strict=True))
        begins("tell")
        heard += [_heard(ear, s, joined.get(s.mention.id)) for s in sensed]
        gone += drawn
        changed.update(dict.fromkeys(j.number for j in placed))
        for one in drawn:
            changed.pop(one.number, None)
            changed[one.target] = None
    shots = _shots(ear, changed, config)
    begins("")
    return State(ear), _results(heard, gone, shots)


def _results(heard: list[Heard], gone: Sequence[Drawn], shots: tuple[StoryShot, ...]) -> Results:
    """What was heard, as it stands now that small stories were drawn together."""
    now = {name: one.into for one in gone for name in one.ids}
    fresh = {one.mention_id for one in heard}
    return Results(
        heard=tuple(replace(h, story=now[h.mention_id]) if h.mention_id in now else h for h in heard),
        moved=tuple(Heard(mention_id=name, story=key) for name, key in now.items() if name not in fresh),
        stories=tuple(emptied(one.story, one.into) for one in gone) + shots,
    )


def correct(state: State, correction: Correction, config: Config = _PLAIN) -> tuple[State, Results]:
    """Put right what an officer says; `state` is taken over. What names something unknown changes nothing.

    Without the configuration the stories come back without proposals of topic and unit.
    """
    ear = state.take()
    put = put_right(ear, correction)
    heard = tuple(
        Heard(
            mention_id=ear.memory.id_of(row),
            story=ear.shelf.key(int(ear.memory.column("story")[row]), ear.memory),
        )
        for row in put.rows
    )
    gone = tuple(emptied(story, into) for story, into in put.emptied)
    return State(ear), Results(heard=heard, stories=gone + _shots(ear, dict.fromkeys(put.numbers), config))


def _senses(config: Config) -> Senses:
    """The configuration made ready, once."""
    if "senses" not in config.ready:
        config.ready["senses"] = Senses(config)
    senses = config.ready["senses"]
    assert isinstance(senses, Senses)
    return senses


def _fresh(ear: Ear, batch: Sequence[Mention]) -> list[Mention]:
    """Those not heard yet, of those with one id the first."""
    fresh: dict[MentionId, Mention] = {}
    for mention in batch:
        if mention.id not in ear.memory.rows:
            fresh.setdefault(mention.id, mention)
    return list(fresh.values())


def _heard(ear: Ear, sensed: Sensed, joined: Joined | None) -> Heard:
    tone = sensed.tone
    return Heard(
        mention_id=sensed.mention.id,
        hits=sensed.hits,
        copy_of=ear.memory.id_of(joined.copy_of) if joined and joined.copy_of >= 0 else None,
        story=ear.shelf.key(joined.number, ear.memory) if joined else None,
        tone=tone.name,
        tone_score=tone.score,
        tone_words=tone.words,
        why=_why(ear, joined) if joined else (),
    )


def _why(ear: Ear, joined: Joined) -> tuple[Text, ...]:
    if joined.like < 0:
        return ()
    title = ear.memory.title_of(joined.like)
    why = [_first_why(joined, title)]
    if joined.same_district:
        why.append(Text("同一地区", "The same district"))
    if joined.same_voice:
        why.append(Text("同一发帖人", "The same voice"))
    return tuple(why)


def _first_why(joined: Joined, title: str) -> Text:
    if joined.copy_of >= 0:
        return Text(f"与“{title}”是同一段文字或稍加改动", f"The same text as “{title}”, or nearly")
    if not joined.words:
        return Text(f"与“{title}”说的事相近", f"Much like “{title}”")
    zh, en = "、".join(f"“{w}”" for w in joined.words), ", ".join(f"“{w}”" for w in joined.words)
    return Text(f"与“{title}”都说到{zh}", f"Like “{title}” it speaks of {en}")


def _shots(ear: Ear, numbers: dict[int, None], config: Config) -> tuple[StoryShot, ...]:
    held = [n for n in numbers if n in ear.shelf.stories or n >= ear.memory.first]
    return tuple(sorted((shot(ear, n, config) for n in held), key=lambda s: s.key))
