"""Where the words of a search stand in a text as it was written."""

from huiying.desk.listen.search.bigrams import terms
from huiying.engine.listen.normalise import normalised

Span = tuple[int, int]


def asked_spans(words: str, text: str) -> list[Span]:
    """The places in `text` that answer to a search for `words`, in order, without overlap."""
    plain = normalised(text)
    found: list[Span] = []
    for term in terms(words):
        start = plain.text.find(term.text)
        while start >= 0:
            found.append(plain.span(start, start + len(term.text)))
            start = plain.text.find(term.text, start + len(term.text))
    return joined(found)


def joined(spans: list[Span]) -> list[Span]:
    """Spans in order, those that touch or overlap made one."""
    made: list[Span] = []
    for start, end in sorted(spans):
        if made and start <= made[-1][1]:
            made[-1] = (made[-1][0], max(end, made[-1][1]))
        else:
            made.append((start, end))
    return made
