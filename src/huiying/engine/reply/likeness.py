"""Which characters are mistaken for which: those that sound alike and those that look alike."""

import pkgutil
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from pypinyin.pinyin_dict import pinyin_dict

#: Initials and finals that speakers of the south, and typists, do not tell apart.
_BLURS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"), ("r", "l"))


@dataclass(frozen=True, slots=True)
class Characters:
    """What is known of the characters of an alphabet."""

    toned: Mapping[str, frozenset[str]]  # readings with their tone
    sounds: Mapping[str, frozenset[str]]  # readings without
    blurred: Mapping[str, frozenset[str]]  # readings as a careless ear hears them
    shapes: Mapping[str, Mapping[str, float]]  # those that look alike, with how much (0 to 1)
    alike: Mapping[str, str]  # everything that may be mistaken for a character

    def kind(self, one: str, other: str) -> int:
        """0 same sound and tone, 1 same sound, 2 nearly the same sound, 3 none of them."""
        for number, heard in enumerate((self.toned, self.sounds, self.blurred)):
            if heard.get(one, _NOTHING) & heard.get(other, _NOTHING):
                return number
        return 3

    def in_order(self, char: str) -> list[str]:
        """The sounds of a character as a careless ear hears them, the usual reading first."""
        readings = pinyin_dict.get(ord(char), "").split(",")
        return list(dict.fromkeys(blur(_plain(one)) for one in readings if one))


_NOTHING: frozenset[str] = frozenset()


def _plain(reading: str) -> str:
    """A reading without its tone; ü is v."""
    parts = unicodedata.normalize("NFD", reading)
    bare = "".join(char for char in parts if unicodedata.category(char) != "Mn" or char == "\u0308")
    return unicodedata.normalize("NFC", bare).replace("ü", "v")


def blur(sound: str) -> str:
    """A sound as a careless ear hears it: z for zh, l for n, an for ang, f for hu before a vowel."""
    for clear, dull in _BLURS:
        if sound.startswith(clear):
            sound = dull + sound[len(clear) :]
    if sound.startswith("hu") and len(sound) > 2:
        sound = "f" + sound[2:]
    return sound.removesuffix("g") if sound.endswith("ng") else sound


def _shapes() -> Mapping[str, Mapping[str, float]]:
    data = pkgutil.get_data("huiying.engine.reply", "shapes.tsv") or b""
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for line in data.decode().splitlines():
        if line.startswith("#"):
            continue
        one, others = line.split("\t")
        for place in range(0, len(others), 2):
            other, much = others[place], int(others[place + 1]) / 10
            found[one][other] = max(much, found[one].get(other, 0.0))
            found[other][one] = max(much, found[other].get(one, 0.0))
    return found


@cache
def characters(alphabet: str) -> Characters:
    """The characters of `alphabet` that are Chinese."""
    chinese = [char for char in alphabet if "\u4e00" <= char <= "\u9fff"]
    toned = {char: frozenset(filter(None, pinyin_dict.get(ord(char), "").split(","))) for char in chinese}
    sounds = {char: frozenset(map(_plain, readings)) for char, readings in toned.items()}
    blurred = {char: frozenset(map(blur, plain)) for char, plain in sounds.items()}
    together: dict[str, set[str]] = defaultdict(set)
    for char, heard in blurred.items():
        for sound in heard:
            together[sound].add(char)
    shapes = _shapes()
    alike = {
        char: "".join(sorted(set().union(*(together[s] for s in heard), shapes.get(char, {})) - {char}))
        for char, heard in blurred.items()
    }
    return Characters(toned, sounds, blurred, shapes, alike)
