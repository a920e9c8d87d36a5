"""All stories, and what officers said of them. A story of one mention is not kept: its mention tells everything."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from huiying.engine.listen.memory import Memory
from huiying.engine.listen.stories import Part, Story

_BROUGHT = ("at", "site", "tier", "voice", "tone", "copy_of", "negative", "weight")
_STEP = 1 << 40  # between the numbers of stories that begin with the same mention


@dataclass(frozen=True, slots=True)
class Said:
    """What an officer said of a story."""

    unit: str = ""
    topic: str = ""
    not_ours: bool = False


@dataclass(slots=True)
class Shelf:
    """Stories by number. A story's number is the row of its first mention (plus multiples of _STEP if that is taken)."""

    stories: dict[int, Story] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)  # key -> number, of the kept ones
    said: dict[str, Said] = field(default_factory=dict)
    merged: dict[str, str] = field(default_factory=dict)  # key -> key of the story it went into
    hints: dict[str, tuple[str, str, str]] = field(
        default_factory=dict
    )  # key -> unit, topic, title of a like story

    def size(self, number: int) -> int:
        """How many mentions a story has."""
        story = self.stories.get(number)
        return len(story.rows) if story else 1

    def rows(self, number: int) -> Sequence[int]:
        """The mentions of a story."""
        story = self.stories.get(number)
        return story.rows if story else (number,)

    def kept(self, number: int, memory: Memory) -> Story:
        """A story that is to be changed."""
        story = self.stories.get(number)
        if story is None:
            story = self.stories[number] = self.seen(number, memory)
            self.numbers[story.key] = number
        return story

    def seen(self, number: int, memory: Memory) -> Story:
        """A story that is only looked at."""
        story = self.stories.get(number)
        if story is None:
            story = Story(self.key(number, memory), memory.title_of(number), number)
            story.add(part_of(memory, number))
        return story

    def key(self, number: int, memory: Memory) -> str:
        """The name of a story in the world: its first mention's id."""
        story = self.stories.get(number)
        if story:
            return story.key
        again, row = divmod(number, _STEP)
        return f"s{memory.id_of(row)}" + (f".{again + 1}" if again else "")

    def number(self, key: str, memory: Memory) -> int | None:
        """The number of a story by its key, through mergers; None if it is not known."""
        key = self.now(key)
        if key in self.numbers:
            return self.numbers[key]
        row = memory.row_of(key[1:]) if key.startswith("s") else None
        alone = row is not None and int(memory.column("story")[row]) == row
        return row if alone else None

    def now(self, key: str) -> str:
        """The story that a merged one went into, or the key itself."""
        for _ in range(len(self.merged)):
            if key not in self.merged:
                break
            key = self.merged[key]
        return key

    def open(self, number: int, row: int, memory: Memory) -> int:
        """A new story without mentions yet; returns its number."""
        story = Story(self.key(number, memory), memory.title_of(row), row)
        self.stories[number] = story
        self.numbers[story.key] = number
        self.merged.pop(story.key, None)
        return number

    def close(self, number: int, into: int) -> None:
        """A story whose mentions all went into another."""
        story = self.stories.pop(number)
        self.numbers.pop(story.key, None)
        self.merged[story.key] = self.stories[into].key

    def unused(self, row: int) -> int:
        """A number for a new story that begins with a mention of another."""
        number = row
        while number in self.stories:
            number += _STEP
        return number

    def said_of(self, key: str) -> Said:
        """What an officer said of a story."""
        return self.said.get(key, Said())

    def forget(self, before: int) -> None:
        """Let go of the stories whose mentions are all older than the row `before`."""
        gone = [n for n, story in self.stories.items() if not story.rows or story.rows[-1] < before]
        for number in gone:
            self.numbers.pop(self.stories.pop(number).key, None)


def part_of(memory: Memory, row: int) -> Part:
    """What a remembered mention brings to its story."""
    return parts_of(memory, [row])[0]


def parts_of(memory: Memory, rows: Sequence[int]) -> list[Part]:
    """The same for many."""
    which = np.asarray(rows, dtype=np.int64)
    columns = (memory.column(name)[which].tolist() for name in _BROUGHT)
    sites, tiers, tones = (memory.names[kind].all for kind in ("site", "tier", "tone"))
    return [
        Part(
            row,
            at,
            sites[site],
            tiers[tier],
            voice,
            tones[tone],
            copy >= 0,
            negative,
            weight,
            *memory.notes_of(row),
        )
        for row, at, site, tier, voice, tone, copy, negative, weight in zip(rows, *columns, strict=True)
    ]
