"""The list, then the articles that are not stored yet, a bounded number at each visit."""

from typing import Any

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
from huiying.desk.collect.sources.when import posting_time
from huiying.desk.collect.trouble import Trouble
from huiying.engine.text import Text

PATIENCE = 3  # visits at which an article may fail before it is taken by its title alone


def fetch(visit: Visit) -> Harvest:
    """New articles of the list. Raises Trouble when the list itself cannot be read."""
    address = str(visit.settings["address"])
    answer = visit.client.get(address, headers=validators(visit.cursor, address))
    harvest = Harvest(cursor=cursor_after(answer, address, visit.cursor), unchanged=answer.unchanged)
    if answer.unchanged:
        return harvest
    links = parse_list(answer.body, answer.content_type, answer.url, visit.settings)
    harvest.payloads = [payload_of(answer)]
    fresh = _fresh(links, visit)
    failed = _take(harvest, fresh[: visit.most_pages], visit)
    if failed or len(fresh) > visit.most_pages:
        harvest.cursor = {"failed": failed}  # no validators: the next visit must see the list again
    return harvest


def _fresh(links: list[Link], visit: Visit) -> list[Link]:
    known = visit.known([_key(link) for link in links])
    return [link for link in links if _key(link) not in known]


def _key(link: Link) -> str:
    return key_of("", link.address)


def _take(harvest: Harvest, links: list[Link], visit: Visit) -> dict[str, int]:
    """Adds the items of `links` to the harvest; returns how often each article that failed has failed."""
    failed: dict[str, int] = {}
    before: dict[str, Any] = dict(visit.cursor.get("failed") or {})
    for link in links:
        try:
            harvest.items.append(_item(link, harvest, visit))
        except Trouble as trouble:
            times = int(before.get(_key(link), 0)) + 1
            harvest.rejected.append(Rejected(place=link.address[:200], message=trouble.message))
            if times < PATIENCE:
                failed[_key(link)] = times
            else:
                harvest.items.append(_by_title(link, visit))
    return failed


def _by_title(link: Link, visit: Visit, text: str = "") -> Item:
    title, body = trimmed(link.title, text)
    at = posting_time(link.date, visit.now, visit.zone)
    return Item(
        key=_key(link),
        title=title,
        text=body,
        address=link.address,
        author=link.author,
        kind="article",
        posted_at=at,
    )


def _item(link: Link, harvest: Harvest, visit: Visit) -> Item:
    if not visit.settings.get("article", True):
        return _by_title(link, visit)
    answer = visit.client.get(link.address)
    text = article_text(answer.body, answer.content_type, str(visit.settings.get("body") or ""))
    item = _by_title(link, visit, text)
    at = item.posted_at or article_time(answer.body, answer.content_type, visit.now, visit.zone)
    harvest.payloads.append(payload_of(answer))
    if not text:
        said = Text("没有提取到正文，只收标题", "No text could be extracted; taken by its title")
        harvest.rejected.append(Rejected(place=link.address[:200], message=said))
    return Item(
        key=item.key,
        title=item.title,
        text=item.text,
        address=item.address,
        author=item.author,
        kind=item.kind,
        posted_at=at,
        payload=len(harvest.payloads) - 1,
    )
