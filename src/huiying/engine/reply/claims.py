"""Causes: stated only where they are recorded as verified."""

import re
from collections.abc import Iterator

from huiying.engine.findings import Finding, Severity
from huiying.engine.reply.found import finding
from huiying.engine.reply.model import Context, DraftText
from huiying.engine.reply.spans import Span, grams, sentences, share
from huiying.engine.reply.wording import quoted
from huiying.engine.text import Text

_CAUSE = re.compile(
    r"(?:事故|事件|此事|故障|起火|火灾|停水|停电|停供|中毒|坍塌|爆炸|泄漏|问题)?(?:直接|主要|初步)?(?:原因|起因|诱因)(?:是|为|系|在于)|"
    r"[系是](?:因|由于?)[^，。；]{2,40}?(?:所致|导致|造成|引起|引发)|"
    r"(?:由于?|因为?|因)[^，。；]{2,40}?(?:所致|导致|造成|引起|引发)(?:的|了)?|所致(?=[，。；])"
)
_OPEN = re.compile(
    r"原因(?:正在|尚在|尚未|待|还在)|正在调查|进一步调查|尚未查明|有待查明|待查|是否|不能确定|尚不能"
)
#: How much of a cause must stand in the sentence before it counts as the recorded one.
_SAME = 0.55


def check(draft: DraftText, context: Context) -> Iterator[Finding]:
    """Sentences that state a cause which the lines to take do not hold as verified."""
    lines = context.lines
    if lines is None:
        return
    verified = [grams(cause) for cause in lines.causes]
    for sentence in sentences(draft.text):
        match = _CAUSE.search(sentence.text)
        if not match or _OPEN.search(sentence.text) or quoted(sentence.text, match.start()):
            continue
        said = grams(sentence.text)
        if any(share(cause, said) >= _SAME for cause in verified):
            continue
        yield _unverified(sentence, match, bool(lines.causes), draft.stage)


def _unverified(sentence: Span, match: re.Match[str], others: bool, stage: str) -> Finding:
    level: Severity = "error" if stage == "first" else "warning"
    at = Span(match.start(), match.end(), match.group()).within(sentence.start)
    reason = (
        Text("与口径里已核实的原因不符", "it is not the cause that the lines hold as verified")
        if others
        else Text("口径里没有已核实的原因", "the lines hold no verified cause")
    )
    return finding(
        "cause.unverified",
        level,
        Text(f"这里说了原因，但{reason.zh}", f"A cause is stated here, but {reason.en}"),
        at=at,
        mend=Text(
            "先核实并写进口径；未查明前写“原因正在调查”。",
            "Verify it and enter it in the lines; until then say that it is being looked into.",
        ),
    )
