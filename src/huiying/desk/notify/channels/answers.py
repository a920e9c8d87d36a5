"""Reading what the other side answered: the body decides, not the status alone."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from huiying.desk.net.client import Answer, host_of, retry_after
from huiying.desk.net.trouble import Trouble
from huiying.desk.notify.channels.base import Outcome, Result, Route, sent
from huiying.desk.shell.mask import mask
from huiying.engine.text import Text

#: Networks and names: nothing had left, and waiting alone does not mend them.
STANDING = frozenset({"address.invalid", "address.refused", "port.refused"})
WAIT = timedelta(minutes=1)


def scrub(text: str, route: Route) -> str:
    """What the other side said, without our address and secret, personal data masked, one line, short."""
    parts = urlsplit(route.address)
    secrets = {
        route.address,
        route.secret,
        *re.split(r"[/?&=#@:]", parts.path + "?" + parts.query),
        parts.password,
    }
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        if len(secret) >= 6:
            text = text.replace(secret, "…")
    return mask(" ".join(text.split()))[:200]


def failed(said: Text, result: Result = Result.FAILED, wait: timedelta | None = None) -> Outcome:
    """It did not arrive, or nobody knows."""
    return Outcome(result=result, said=said, retry_after=wait)


def troubled(trouble: Trouble, route: Route) -> Outcome:
    """The outcome of a request that got no answer."""
    host, what = host_of(route.address), type(trouble)(trouble.code).message
    said = Text(f"{what.zh}（{host}）", f"{what.en} ({host})")
    if trouble.uncertain:
        return failed(said, Result.UNKNOWN)
    return failed(said, Result.REFUSED if trouble.code in STANDING else Result.FAILED)


def status_flaw(answer: Answer) -> Outcome | None:
    """What the status alone says against a delivery; None when it says nothing against it."""
    status = answer.status
    if 200 <= status < 300:
        return None
    said = Text(f"对方返回 HTTP {status}", f"The other side answered HTTP {status}")
    if status == 429:
        asked = retry_after(answer.headers.get("retry-after", ""), datetime.now(UTC))
        return failed(said, Result.BUSY, asked or WAIT)
    if status == 503:
        return failed(said, Result.FAILED)
    if status >= 500 or status == 408:
        return failed(said, Result.UNKNOWN)  # a gateway may have passed it on
    return failed(said, Result.REFUSED)


def read(answer: Answer) -> Any:
    """The JSON of the body; None when it is none."""
    try:
        return json.loads(answer.body.decode("utf-8"))
    except (ValueError, RecursionError):
        return None


def at(said: Any, path: str) -> Any:
    """The value at a dotted path of a JSON document; None when there is none."""
    for step in path.split("."):
        if isinstance(said, Mapping):
            said = said.get(step)
        elif isinstance(said, list) and step.isdigit() and int(step) < len(said):
            said = said[int(step)]
        else:
            return None
    return said


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How a robot's answers are read."""

    codes: tuple[str, ...]  # names of the field that is 0 when all is well; the first that is there counts
    words: tuple[str, ...]  # names of the field that says why
    refused: Mapping[int, Text]  # codes that only a person can mend, with what to do
    busy: frozenset[int]


def robot(answer: Answer, dialect: Dialect, route: Route) -> Outcome:
    """The outcome by a robot's answer: only a code of 0 in the body is a delivery."""
    flaw = status_flaw(answer)
    body = read(answer)
    code = (
        next((body[name] for name in dialect.codes if name in body), None) if isinstance(body, dict) else None
    )
    if not isinstance(code, int) or isinstance(code, bool):
        return flaw or failed(_unclear(dialect.codes[0]), Result.UNKNOWN)
    if code == 0:
        return flaw or sent()
    return _coded(code, body, dialect, route)


def _coded(code: int, body: Mapping[str, Any], dialect: Dialect, route: Route) -> Outcome:
    why = scrub(str(next((body[name] for name in dialect.words if body.get(name)), "")), route)
    mend = dialect.refused.get(code)
    zh = f"对方返回错误 {code}：{why}" + (f"。{mend.zh}" if mend else "")
    en = f"The other side answered error {code}: {why}" + (f". {mend.en}" if mend else "")
    if code in dialect.busy:
        return failed(Text(zh, en), Result.BUSY, WAIT)
    return failed(Text(zh, en), Result.REFUSED if mend else Result.FAILED)


def _unclear(field: str) -> Text:
    return Text(
        f"应答里没有 {field}，不能确认送达", f"The answer has no {field}: whether it arrived is not known"
    )


def expected(answer: Answer, settings: Mapping[str, Any], route: Route) -> Outcome:
    """The outcome by what the operator says a good answer is; without that, by the common shapes of an error."""
    flaw = status_flaw(answer)
    if flaw:
        return flaw
    text = answer.body.decode("utf-8", errors="replace")
    if settings.get("path"):
        found = at(read(answer), str(settings["path"]))
        good = found is not None and _plain(found) == str(settings.get("value", "")).strip()
        return sent() if good else _other(text, f"{settings['path']} = {settings.get('value', '')}", route)
    if settings.get("pattern"):
        good = re.search(str(settings["pattern"]), text[:20_000]) is not None
        return sent() if good else _other(text, str(settings["pattern"]), route)
    return _common(read(answer), text, route)


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _other(text: str, wanted: str, route: Route) -> Outcome:
    got = scrub(text, route)[:120]
    said = Text(f"应答不是约定的“{wanted}”：{got}", f'The answer is not the agreed "{wanted}": {got}')
    return failed(said)


def _common(body: Any, text: str, route: Route) -> Outcome:
    """A 200 whose JSON says that it went wrong: a code that is not 0 or 200, success or ok false, an error named."""
    if isinstance(body, Mapping):
        codes = [body[name] for name in ("errcode", "errno", "code", "StatusCode") if name in body]
        bad = any(str(code).lower() not in {"0", "200", "ok", "success", "none"} for code in codes)
        bad = bad or any(body.get(name) is False for name in ("success", "ok")) or bool(body.get("error"))
        if bad:
            got = scrub(text, route)[:120]
            return failed(Text(f"对方返回错误：{got}", f"The other side answered an error: {got}"))
    return sent()
