"""The list, then the articles that are not stored yet, a bounded number at each visit."""

from dataclasses import replace

from huiying.desk.collect.charset import decode
from huiying.desk.collect.plain import page_title
from huiying.desk.collect.sources.base import (
    Harvest,
    Item,
    Rejected,
    Visit,
    cursor_after,
    key_of,
    payload_of,
    trimmed,
    validators,
)
from huiying.desk.collect.sources.page.parse import Link, article_text, article_time, parse_list
from huiying.desk.collect.sources.when import posting_time, unclear
from huiying.desk.collect.trouble import Trouble
from huiying.engine.text import Text

PATIENCE = 3  # visits at which an article may fail before it is taken by its title alone
NO_TEXT = Text("没有提取到正文，只收标题", "No text could be extracted; taken by its title")


def fetch(visit: Visit) -> Harvest:
    """New articles of the list. Raises Trouble when the list itself cannot be read."""
    address = str(visit.settings["address"])
    answer = visit.client.get(address, headers=validators(visit.cursor, address))
    harvest = Harvest(cursor=cursor_after(answer, address, visit.cursor), unchanged=answer.unchanged)
    if answer.unchanged:
        return harvest
    links = parse_list(answer.body, answer.content_type, answer.url, visit.settings)
    harvest.payloads = [payload_of(answer)]
    harvest.title = page_title(decode(answer.body, answer.content_type)[0])
    fresh = _fresh(links, visit)
    failed, harvest.waiting = _take(harvest, fresh, visit)
    if failed or harvest.waiting:
        harvest.cursor = {"failed": failed}  # no validators: the next visit must see the list again
    return harvest


def _fresh(links: list[Link], visit: Visit) -> list[Link]:
    known = visit.known([_key(link) for link in links])
    return [link for link in links if _key(link) not in known]


def _key(link: Link) -> str:
    return key_of("", link.address)


def _take(harvest: Harvest, links: list[Link], visit: Visit) -> tuple[dict[str, int], int]:
    """Adds the items of `links` to the harvest; returns how often each failed article has failed, and how many wait."""
    before, failed = dict(visit.cursor.get("failed") or {}), dict[str, int]()
    opens = bool(visit.settings.get("article", True))
    for done, link in enumerate(links):
        if opens and (done >= visit.most_pages or visit.client.spent):
            return {**before, **failed}, len(links) - done
        times = int(before.pop(_key(link), 0)) + 1
        trouble = _take_one(harvest, link, visit, opens)
        if trouble is not None and times < PATIENCE:
            failed[_key(link)] = times
        elif trouble is not None:
            harvest.items.append(_by_title(link, visit))
    return failed, 0


def _take_one(harvest: Harvest, link: Link, visit: Visit, opens: bool) -> Trouble | None:
    """Takes one article; returns why it could not be read. One that cannot leaves the others alone."""
    try:
        item = _opened(link, harvest, visit) if opens else _by_title(link, visit)
    except Trouble as trouble:
        harvest.rejected.append(Rejected(place=link.address[:200], message=trouble.message))
        return trouble
    harvest.take(item, link.address[:200], unclear(link.date, item.posted_at))
    return None


def _by_title(link: Link, visit: Visit) -> Item:
    return Item(
        key=_key(link),
        title=trimmed(link.title, "")[0],
        address=link.address,
        author=link.author,
        kind="article",
        posted_at=posting_time(link.date, visit.now, visit.zone),
    )


def _opened(link: Link, harvest: Harvest, visit: Visit) -> Item:
    answer = visit.client.get(link.address)
    text = article_text(answer.body, answer.content_type, str(visit.settings.get("body") or ""))
    item = _by_title(link, visit)
    at = item.posted_at or article_time(answer.body, answer.content_type, visit.now, visit.zone)
    harvest.payloads.append(payload_of(answer))
    if not text:
        harvest.rejected.append(Rejected(place=link.address[:200], message=NO_TEXT, taken=True))
    body = trimmed(link.title, text)[1]
    return replace(item, text=body, posted_at=at, payload=len(harvest.payloads) - 1)
