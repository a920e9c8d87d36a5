"""A stronger model behind the same commands, where the operator names one: wrong characters and labels.

Off unless an address is given. The model speaks the OpenAI chat protocol (`desk/net/chat.py`). What it says is held to
what the command may say: a line comes back mended in a few characters or as it was, a text gets one of the given
labels or none. A service that fails is an error of the command and never a made-up answer.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from huiying.desk.net.chat import Model, Turn, complete, default_client
from huiying.desk.net.client import Client
from huiying.engine.reply.offered import taken

#: Characters of one text that are sent.
LONGEST = 2_000
_MEND = (
    "你是校对员。下面是一行公文文字，只改错别字（音近、形近、多字、漏字），不改意思、数字、标点和说法。"
    "只输出改好的这一行；没有错就原样输出。"
)
_LABEL = "把下面的文字归到这些类别中的一类，只输出类别名，一个字也不要多。拿不准就输出“不确定”。类别："


@dataclass(frozen=True, slots=True, kw_only=True)
class Stronger:
    """The operator's model, asked text by text."""

    model: Model
    client: Client = field(default_factory=default_client)

    def corrected(self, lines: Iterable[str]) -> Iterator[str]:
        """Each line with its wrong characters mended, or as it was. Raises Trouble when the service fails."""
        for line in lines:
            yield taken(line, self._said(_MEND, line)) if line.strip() else line

    def labelled(self, texts: Iterable[str], labels: Sequence[str]) -> Iterator[str]:
        """One of `labels` for each text, empty where the model names none of them. Raises Trouble."""
        rules = _LABEL + "、".join(labels)
        for text in texts:
            said = self._said(rules, text).strip().strip("“”\"'。.") if text.strip() else ""
            yield said if said in labels else ""

    def _said(self, rules: str, text: str) -> str:
        return complete(self.model, [Turn("system", rules), Turn("user", text[:LONGEST])], self.client)
