"""A language model behind an address that speaks the OpenAI chat protocol: one question, one answer, nothing kept.

Off unless the operator names an address (HUIYING_MODEL_URL). What it answers is a proposal and never a fact: whoever
asks must check it. The protocol is that of `POST {base}/chat/completions`, as the OpenAI API reference describes it and
as vLLM, llama.cpp, Ollama and the domestic services speak it.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from ipaddress import ip_network
from typing import Any

from huiying.desk.net.client import Answer, Client, Limits
from huiying.desk.net.guard import Guard
from huiying.desk.net.trouble import WHAT, Said, Trouble
from huiying.engine.text import Text

#: The operator names the address in the environment, so it may lie anywhere, the machine itself included.
ANYWHERE = (ip_network("0.0.0.0/0"), ip_network("::/0"))
#: A model on a small machine takes its time; an answer is a page of text at most.
LIMITS = Limits(packed=2**20, unpacked=2**21, connect=5, read=120, total=150, redirects=0)
#: The most tokens of one answer.
LENGTH = 2_000

WHAT["model.answer"] = Said(
    Text("模型服务的应答不合约定", "The model's answer does not follow the protocol"),
    Text(
        "请核对 HUIYING_MODEL_URL（通常以 /v1 结尾）和 HUIYING_MODEL_NAME",
        "Check HUIYING_MODEL_URL (it mostly ends in /v1) and HUIYING_MODEL_NAME",
    ),
)
WHAT["model.refused"] = Said(
    Text("模型服务不受理", "The model's service refuses the request"),
    Text(
        "请核对 HUIYING_MODEL_KEY 和 HUIYING_MODEL_NAME，或看服务的额度",
        "Check HUIYING_MODEL_KEY and HUIYING_MODEL_NAME, or the quota of the service",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """Where a model answers, and by which name. The key never shows in a repr."""

    url: str  # the base: https://model.example.cn/v1
    name: str
    key: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of the talk: `role` is system, user or assistant."""

    role: str
    text: str


def default_client() -> Client:
    """The client for the operator's own address."""
    return Client(guard=Guard(allow=ANYWHERE), limits=LIMITS, gap=0)


def complete(model: Model, turns: Sequence[Turn], client: Client) -> str:
    """What the model says next. Raises Trouble; its words never hold the key."""
    body = {
        "model": model.name,
        "messages": [{"role": turn.role, "content": turn.text} for turn in turns],
        "temperature": 0,
        "max_tokens": LENGTH,
        "stream": False,
    }
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if model.key:
        headers["Authorization"] = f"Bearer {model.key}"
    url = f"{model.url.rstrip('/')}/chat/completions"
    return _words(client.post(url, json.dumps(body, ensure_ascii=False).encode(), headers=headers))


def _words(answer: Answer) -> str:
    """The text of the first choice. Raises Trouble for a refusal and for anything that is no answer."""
    if answer.status >= 500:
        raise Trouble("http.server", f"HTTP {answer.status}")
    if answer.status == 429:
        raise Trouble("http.busy", f"HTTP {answer.status}")
    if answer.status != 200:
        raise Trouble("model.refused", f"HTTP {answer.status}")
    try:
        choice = json.loads(answer.body)["choices"][0]
        text = choice["message"]["content"]
    except (ValueError, KeyError, IndexError, TypeError, RecursionError) as error:
        raise Trouble("model.answer") from error
    if not isinstance(text, str) or not text.strip():
        raise Trouble("model.answer", Text("没有文字", "it holds no text"))
    return _whole(text, choice)


def _whole(text: str, choice: dict[str, Any]) -> str:
    """The text; of one that was cut off at the length limit, the part up to its last whole sentence."""
    if choice.get("finish_reason") != "length":
        return text
    end = max(text.rfind(mark) for mark in "。！？\n")
    if end < 0:
        raise Trouble("model.answer", Text("回答没写完", "the answer was cut off"))
    return text[: end + 1]
