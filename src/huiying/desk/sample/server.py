"""A small local server that serves the sample's posts as the sites of a city would: real feeds, pages and lists."""

import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from huiying.desk.sample.posts import LONG, Post, posts, script

MOST = 120  # newest posts that a feed shows, as real ones do
BEGIN = 30.0  # hours that have passed when the play begins, so that the first look finds something
Render = Callable[["Show", str, Sequence[Post]], tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Show:
    """Three days played in `minutes`: posts appear one after the other and carry times that end when the play ends."""

    started: datetime
    minutes: float
    base: str  # address of this server

    @property
    def midnight(self) -> datetime:
        """The first day's 00:00, so placed that the last hour of the matter is the end of the play."""
        return self.started + timedelta(minutes=self.minutes) - timedelta(hours=LONG)

    def hour(self, now: datetime) -> float:
        """How far the matter has come at `now`, in its own hours."""
        played = (now - self.started) / timedelta(minutes=self.minutes)
        return BEGIN + (LONG - BEGIN) * min(max(played, 0.0), 1.0)

    def at(self, post: Post) -> datetime:
        """When a post says that it was written."""
        return self.midnight + timedelta(hours=post.hour)

    def visible(self, source: str, now: datetime) -> list[Post]:
        """What a site shows at `now`, newest first."""
        reached = self.hour(now)
        return [post for post in reversed(posts()) if post.source == source and post.hour <= reached][:MOST]

    def link(self, post: Post) -> str:
        """A post's own address."""
        return f"{self.base}/{post.source}/{post.id}"


def rss(show: Show, name: str, shown: Sequence[Post]) -> tuple[str, str]:
    """RSS 2.0."""
    items = "".join(
        f"<item><guid>{post.id}</guid><title>{escape(post.title)}</title><link>{show.link(post)}</link>"
        f"<author>{escape(post.author)}</author><pubDate>{format_datetime(show.at(post))}</pubDate>"
        f"<description>{escape(post.text)}</description></item>"
        for post in shown
    )
    head = f"<title>{escape(name)}</title><link>{show.base}</link><description>{escape(name)}</description>"
    body = f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>{head}{items}</channel></rss>'
    return "application/rss+xml; charset=utf-8", body


def atom(show: Show, name: str, shown: Sequence[Post]) -> tuple[str, str]:
    """Atom 1.0."""
    entries = "".join(
        f"<entry><id>{show.link(post)}</id><title>{escape(post.title)}</title><link href='{show.link(post)}'/>"
        f"<author><name>{escape(post.author)}</name></author><updated>{show.at(post).isoformat()}</updated>"
        f"<content>{escape(post.text)}</content></entry>"
        for post in shown
    )
    head = f"<id>{show.base}</id><title>{escape(name)}</title><updated>{show.started.isoformat()}</updated>"
    body = f'<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom">{head}{entries}</feed>'
    return "application/atom+xml; charset=utf-8", body


def json_feed(show: Show, name: str, shown: Sequence[Post]) -> tuple[str, str]:
    """JSON Feed 1.1."""
    items = [
        {
            "id": post.id,
            "url": show.link(post),
            "title": post.title,
            "content_text": post.text,
            "authors": [{"name": post.author}],
            "date_published": show.at(post).isoformat(),
        }
        for post in shown
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": name, "items": items}
    return "application/feed+json", json.dumps(feed, ensure_ascii=False)


def newsnow(show: Show, name: str, shown: Sequence[Post]) -> tuple[str, str]:
    """A hot list as newsnow serves it."""
    items = [{"id": post.id, "title": post.title, "url": show.link(post)} for post in shown[:30]]
    body = {
        "status": "success",
        "id": name,
        "updatedTime": int(show.started.timestamp() * 1000),
        "items": items,
    }
    return "application/json", json.dumps(body, ensure_ascii=False)


def page(show: Show, name: str, shown: Sequence[Post]) -> tuple[str, str]:
    """A message board as a web page, with Beijing times and no zone, as boards have them."""
    beijing = timedelta(hours=8)
    rows = "".join(
        f'<li class="item"><a href="{show.link(post)}">{escape(post.title)}</a>'
        f'<span class="time">{show.at(post) + beijing:%Y年%m月%d日 %H:%M}</span></li>'
        for post in shown
    )
    return "text/html; charset=utf-8", _html(name, f"<h1>{escape(name)}</h1><ul>{rows}</ul>")


def article(show: Show, post: Post) -> tuple[str, str]:
    """One post on a page of its own."""
    parts = (
        f"<h1>{escape(post.title)}</h1><p>{escape(post.author)}</p><p class='text'>{escape(post.text)}</p>"
    )
    return "text/html; charset=utf-8", _html(post.title, f"<main><article>{parts}</article></main>")


def _html(title: str, body: str) -> str:
    return f'<!doctype html><html lang="zh"><meta charset="utf-8"><title>{escape(title)}</title><body>{body}</body></html>'


RENDERS: dict[str, Render] = {"rss": rss, "atom": atom, "json": json_feed, "newsnow": newsnow, "page": page}


def answer(show: Show, path: str, now: datetime) -> tuple[str, str] | None:
    """What stands at `path` at `now`: a site's list, a post, or nothing. Newsnow asks `/hot/api/s`."""
    parts = path.strip("/").split("/")
    site = script()["sources"].get(parts[0])
    if site is None:
        return None
    if len(parts) == 1 or parts[1] == "api":
        return RENDERS[site["kind"]](show, site["name"], show.visible(parts[0], now))
    found = next((post for post in show.visible(parts[0], now) if post.id == parts[1]), None)
    return article(show, found) if found else None


class Inbox:
    """What notices arrived at the sample's own robot, so that somebody who tries the desk sees them arrive."""

    def __init__(self, most: int = 200) -> None:
        self._lock, self._most = threading.Lock(), most
        self._rows: list[tuple[datetime, str, str]] = []

    def take(self, to: str, words: str, now: datetime) -> None:
        """Keep one notice."""
        with self._lock:
            self._rows = [(now, to, words), *self._rows][: self._most]

    def page(self) -> tuple[str, str]:
        """All of them, newest first, on a page that renews itself."""
        with self._lock:
            rows = "".join(
                f"<li><b>{escape(to)}</b> <time>{at + timedelta(hours=8):%H:%M:%S}</time><pre>{escape(words)}</pre></li>"
                for at, to, words in self._rows
            )
        head = '<meta http-equiv="refresh" content="3"><h1>收到的提醒</h1>'
        return "text/html; charset=utf-8", _html(
            "收到的提醒", head + (f"<ul>{rows}</ul>" if rows else "<p>还没有。</p>")
        )


def _handler(show: Show, inbox: Inbox) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path, now = urlsplit(self.path).path, datetime.now(UTC)
            found = inbox.page() if path == "/notices/" else answer(show, path, now)
            if found is None:
                self.send_error(HTTPStatus.NOT_FOUND)
                return
            self._send(*found)

        def do_POST(self) -> None:
            length = min(int(self.headers.get("content-length") or 0), 100_000)
            words = self.rfile.read(length).decode("utf-8", errors="replace")
            inbox.take(urlsplit(self.path).path.strip("/").split("/")[-1], words, datetime.now(UTC))
            self._send("application/json", '{"ok": true}')

        def _send(self, kind: str, body: str) -> None:
            raw = body.encode()
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, format: str, *args: object) -> None:
            """Quiet: the desk's own log tells what was fetched."""

    return Handler


def serve(port: int, minutes: float, started: datetime) -> ThreadingHTTPServer:
    """The server, bound to this machine only and not yet running: call `serve_forever`. Raises OSError if the port is taken."""
    show = Show(started, minutes, f"http://127.0.0.1:{port}")
    return ThreadingHTTPServer(("127.0.0.1", port), _handler(show, Inbox()))
