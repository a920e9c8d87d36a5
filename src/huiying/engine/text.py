"""A sentence that people read, in the two languages of the desk."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence in Chinese and in English."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.zh

    def say(self, language: str) -> str:
        """The sentence in `language` (a BCP 47 tag; anything that is not English gets Chinese)."""
        return self.en if language.startswith("en") else self.zh
