"""A line that a language model offers as the corrected one: taken only where it is a correction and nothing else."""

from difflib import SequenceMatcher

#: Characters that a correction of one line may change, and their share of the line, at most.
MOST, SHARE = 6, 0.2
#: By how much it may be longer or shorter.
GROWN = 2
_WRAPS = {"“": "”", '"': '"', "「": "」", "`": "`"}


def taken(line: str, offered: str) -> str:
    """The offered line if it only mends a few characters; else the line as it was.

    Nothing that answers, comments, adds a line, or touches a digit or a Latin letter is a correction of wrong characters.
    """
    bare = _unwrapped(offered.strip(), line)
    if "\n" in bare or not bare or abs(len(bare) - len(line.strip())) > GROWN:
        return line
    body = line.strip()
    if _changed(body, bare) > min(MOST, max(1, int(len(body) * SHARE))) or _plain(body) != _plain(bare):
        return line
    start = line.index(body) if body else 0
    return line[:start] + bare + line[start + len(body) :]


def _unwrapped(text: str, line: str) -> str:
    """Without the quotation marks that a model puts around its answer."""
    closing = _WRAPS.get(text[:1])
    wrapped = len(text) > 2 and closing is not None and text.endswith(closing)
    return text[1:-1].strip() if wrapped and not line.strip().startswith(text[0]) else text


def _changed(before: str, after: str) -> int:
    """Characters that were put in, taken out or put in place of others."""
    blocks = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return sum(max(a2 - a1, b2 - b1) for tag, a1, a2, b1, b2 in blocks if tag != "equal")


def _plain(text: str) -> str:
    """Digits and Latin letters, in order."""
    return "".join(char for char in text if char.isascii() and char.isalnum())
