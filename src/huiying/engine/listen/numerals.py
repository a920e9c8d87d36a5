"""Numbers as Chinese writes them."""

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}


def number(word: str) -> int:
    """The whole number that `word` writes in Arabic or Chinese digits (up to 999). ValueError if it writes none."""
    if word.isascii() or word.isdigit():
        return int(word)
    total, digit = 0, 0
    for char in word:
        if char == "十":
            total, digit = total + (digit or 1) * 10, 0
        elif char == "百":
            total, digit = total + (digit or 1) * 100, 0
        elif char in _DIGITS:
            digit = digit * 10 + _DIGITS[char]
        else:
            raise ValueError(f"not a number: {word}")
    return total + digit
