"""Looking before saving: what a source would bring, without storing any of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from huiying.desk.collect.charset import decode
from huiying.desk.collect.house import PREVIEW, house_zone, open_client
from huiying.desk.collect.plain import clean
from huiying.desk.collect.seal import seal
from huiying.desk.collect.sources.api.suggest import Mapped, suggest_mapping
from huiying.desk.collect.sources.base import Harvest, Item, Rejected
from huiying.desk.collect.sources.feed.discover import feed_addresses
from huiying.desk.collect.sources.forms import Values
from huiying.desk.collect.sources.kinds import Kind
from huiying.desk.collect.sources.page.suggest import Suggestion, suggest_lists
from huiying.desk.collect.trouble import Trouble
from huiying.desk.collect.work.visits import OpenClient, Plan, go
from huiying.desk.net.client import Client

SHOWN = 10
PAGES = 3  # articles that a preview opens


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What came, and what could be made of it."""

    seconds: float
    harvest: Harvest
    trouble: Trouble | None = None
    feeds: Sequence[str] = ()  # addresses of feeds that a web page names
    lists: Sequence[Suggestion] = ()  # what on a web page looks like a list
    mapping: Mapped | None = None  # how an interface's answer might be read

    @property
    def shown(self) -> list[Item]:
        """The first items."""
        return self.harvest.items[:SHOWN]

    @property
    def dated(self) -> int:
        """How many items have a time that could be read."""
        return sum(1 for item in self.harvest.items if item.posted_at is not None)

    @property
    def refused(self) -> list[Rejected]:
        """What was not taken."""
        return [one for one in self.harvest.rejected if not one.taken]

    @property
    def remarks(self) -> list[Rejected]:
        """What was taken with a remark."""
        return [one for one in self.harvest.rejected if one.taken]

    @property
    def sample(self) -> str:
        """The beginning of an answer that could not be read, as text."""
        return clean(decode(self.trouble.evidence[:4000])[0])[:1500] if self.trouble else ""


def _client() -> Client:
    return open_client(PREVIEW)


def _other_lists(body: bytes, values: Values) -> list[Suggestion]:
    """What looks like a list, besides the one that is chosen already."""
    return [found for found in suggest_lists(body) if found.item != values.settings.get("item")]


def preview(
    kind: Kind, values: Values, now: datetime, *, sealed: str = "", client: OpenClient = _client
) -> Preview:
    """Fetches as the worker would, for a person who waits. `sealed` is the stored secret, for when none was typed."""
    planned = Plan(
        kind=kind,
        settings=dict(values.settings),
        cursor={},
        sealed=seal(values.secret) or sealed,
        known=frozenset(),
        now=now,
        zone=house_zone(),
        most_pages=PAGES,
    )
    outcome = go(planned, client)
    harvest, trouble = outcome.harvest or Harvest(), outcome.trouble
    body = trouble.evidence if trouble else next((one.body for one in harvest.payloads), b"")
    address = str(values.settings.get("address") or "")
    return Preview(
        seconds=outcome.seconds,
        harvest=harvest,
        trouble=trouble,
        feeds=feed_addresses(body, address) if trouble and trouble.code == "feed.html" else (),
        lists=_other_lists(body, values) if kind.name == "page" and body else (),
        mapping=suggest_mapping(body) if trouble and trouble.code == "api.path" else None,
    )
