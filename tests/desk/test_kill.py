"""Killing: worker and web die by SIGKILL at random instants, over and over, while the desk is at work.

A stream of posts is collected, an officer opens cases and writes notes over the web, people acknowledge, and notices go
out to servers that hang, lie or drop the connection. Afterwards nothing is lost, nothing is there twice, and what may
have gone out twice is called a possible repeat. All live by a quick clock, so that hours of deadlines pass in a minute.
"""

import hashlib
import http.client
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from tests.desk.servers.channels import Channels, Got, serving

ROOT = Path(__file__).resolve().parents[2]
KILLS = 200
ENOUGH = 5  # cases, notes and acknowledgements
RATE = 120.0  # seconds of the desk in a real second
POSTS = 60  # at each site
SITES = ("bbs", "news", "board")
CSRF = "k" * 32
TOKEN = re.compile(r"/a/([\w-]{24})/")


@contextmanager
def own_database(name: str) -> Iterator[str]:
    """A database of its own beside the test run's; empty for SQLite, which then lies in the desk's home."""
    if connection.vendor != "postgresql":
        yield ""
        return
    given = settings.DATABASES["default"]
    where = f"{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT'] or 5432}"
    with psycopg.connect(f"postgresql://{where}/postgres", autocommit=True) as server:
        server.execute(f'create database "{name}"')
        try:
            yield f"postgres://{where}/{name}"
        finally:
            server.execute(f'drop database "{name}" with (force)')


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Sites:
    """Feeds that grow while the desk reads them, and never forget."""

    def __init__(self, seconds: float) -> None:
        self.begun, self.seconds = time.monotonic(), seconds

    def shown(self) -> int:
        return min(POSTS, int((time.monotonic() - self.begun) / self.seconds * POSTS) + 1)

    def feed(self, site: str) -> bytes:
        items = "".join(
            f"<item><guid>{site}-{n}</guid><title>{site} 第 {n} 帖：三号楼停水第 {n} 天</title>"
            f"<link>https://{site}.example/{n}</link><author>u{n}@{site}.example</author>"
            f"<description>宿舍停水，{'热水也没有，' * (n % 4)}何时修好？编号 {n * 7919}</description>"
            f"<pubDate>{format_datetime(datetime.now(UTC) - timedelta(minutes=POSTS - n))}</pubDate></item>"
            for n in range(self.shown())
        )
        return f"<rss version='2.0'><channel><title>{site}</title>{items}</channel></rss>".encode()


@dataclass
class Forker:
    """The process that bears workers and web servers."""

    process: "subprocess.Popen[str]"
    home: Path
    born: list[int] = field(default_factory=list)

    def bear(self, word: str) -> int:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(word + "\n")
        self.process.stdin.flush()
        self.born.append(int(self.process.stdout.readline()))
        return self.born[-1]

    def end(self) -> None:
        """Everybody, whatever state a failed test left them in."""
        self.process.kill()
        self.process.wait()
        for pipe in filter(None, (self.process.stdin, self.process.stdout)):
            pipe.close()
        for pid in self.born:
            kill(pid)

    def report(self, name: str, seconds: float = 300) -> Any:
        """What a function of `killing_ground` returns."""
        told = self.home / f"{name}.json"
        told.unlink(missing_ok=True)
        pid = self.bear(name)
        until = time.monotonic() + seconds
        while not told.exists():
            assert alive(pid) or told.exists(), f"{name} failed: see the errors above"
            assert time.monotonic() < until, f"{name} takes too long"
            time.sleep(0.02)
        return json.loads(told.read_text())


@contextmanager
def forker(home: Path, port: int, servers: str, database: str) -> Iterator[Forker]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("HUIYING", "DJANGO", "DATABASE"))}
    given = {
        "HUIYING_HOME": str(home),
        "HUIYING_TESTING": "1",
        "HUIYING_FETCH_ALLOW": "127.0.0.0/8",
        "HUIYING_LOG": "CRITICAL",
        "FORKER_RATE": str(RATE),
        "FORKER_BEGUN": str(time.time()),
        "FORKER_PORT": str(port),
        "FORKER_SERVERS": servers,
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}",
        **({"DATABASE_URL": database} if database else {}),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.desk.servers.forker"],
        cwd=ROOT,
        env={**kept, **given},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    it = Forker(process, home)
    try:
        yield it
    finally:
        it.end()


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def kill(pid: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


@dataclass
class Officer(threading.Thread):
    """Somebody at a browser who opens cases, writes notes and acknowledges, whatever happens to the server."""

    who: str
    port: int
    session: str
    channels: Channels
    chance: random.Random
    stop: threading.Event = field(default_factory=threading.Event)
    numbers: list[str] = field(default_factory=list)
    kept_titles: list[str] = field(default_factory=list)  # what the desk said that it has
    kept_notes: list[str] = field(default_factory=list)
    kept_acks: set[str] = field(default_factory=set)
    count: int = 0

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        while not self.stop.wait(self.chance.uniform(0.005, 0.05)):
            self.count += 1
            deed = self.chance.random()
            if deed < 0.25 or not self.numbers:
                self.open_case()
            elif deed < 0.7:
                self.write_note()
            else:
                self.acknowledge()

    def open_case(self) -> None:
        if len(self.numbers) > 40:
            return
        ago = timedelta(minutes=self.chance.uniform(0, 400))
        at = (datetime.now(UTC) - ago).astimezone().strftime("%Y-%m-%dT%H:%M")
        title = f"{self.who}第 {self.count} 件：停水"
        there = self.post("/cases/open/", {"title": title, "how": "hand", "discovered_at": at})
        if there.startswith("/cases/"):
            self.numbers.append(there.split("/")[2])
            self.kept_titles.append(title)

    def write_note(self) -> None:
        text, number = f"{self.who}记录 {self.count}", self.chance.choice(self.numbers)
        if self.post(f"/cases/{number}/note/", {"text": text}):
            self.kept_notes.append(text)

    def acknowledge(self) -> None:
        tokens = [token for got in self.channels.got[-200:] for token in TOKEN.findall(got.text)]
        if tokens:
            token = self.chance.choice(tokens)
            if self.post(f"/a/{token}/", {}):
                self.kept_acks.add(digest(token))

    def post(self, path: str, data: dict[str, str]) -> str:
        """Where the desk sends one afterwards; empty when it was not done, or nobody knows."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            line.request(
                "POST",
                path,
                urlencode({**data, "csrfmiddlewaretoken": CSRF}),
                {
                    "Cookie": f"sessionid={self.session}; csrftoken={CSRF}",
                    "Content-Type": "application/x-www-form-urlencoded",
                },
            )
            answer = line.getresponse()
            answer.read()
            return answer.headers.get("Location", "") if answer.status == 302 else ""
        except (OSError, http.client.HTTPException):
            return ""
        finally:
            line.close()


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def killing(forker: Forker, chance: random.Random, enough: Callable[[], bool]) -> tuple[int, list[int]]:
    """Kills two workers and a web server in turn until enough have died and enough was done; how many, and who lives."""
    kinds = ["worker", "worker", "web"]
    living = [forker.bear(kind) for kind in kinds]
    dead, until = 0, time.monotonic() + 240  # a busy machine gets less done between two deaths
    while dead < KILLS or (not enough() and time.monotonic() < until):
        time.sleep(chance.uniform(0.02, 0.32))
        who = chance.choices(range(len(kinds)), [2, 2, 1])[0]
        assert alive(living[who]), f"a {kinds[who]} ended by itself"
        os.kill(living[who], signal.SIGKILL)
        dead += 1
        living[who] = forker.bear(kinds[who])
    return dead, living


def quieten(forker: Forker, posts: int) -> dict[str, Any]:
    """Lets the living finish; returns how far things are."""
    until = time.monotonic() + 240
    while time.monotonic() < until:
        found: dict[str, Any] = forker.report("progress")
        if found["mentions"] == posts and not found["unsent"] and not found["leased"]:
            break
        time.sleep(0.3)
    return found


def end(living: list[int]) -> None:
    for pid in living:
        os.killpg(pid, signal.SIGTERM)
    until = time.monotonic() + 120
    while any(map(alive, living)) and time.monotonic() < until:
        time.sleep(0.05)
    assert not any(map(alive, living)), "told to stop, they go on"


def by_message(got: list[Got]) -> dict[str, list[Got]]:
    """What the servers got of each message, in order, by the hash of its token."""
    found: dict[str, list[Got]] = defaultdict(list)
    for one in got:
        tokens = set(TOKEN.findall(one.text))
        assert len(tokens) <= 1
        for token in tokens:
            found[digest(token)].append(one)
    return found


def gathered(officers: list[Officer], what: str) -> list[str]:
    return [item for officer in officers for item in getattr(officer, what)]


def done(officers: list[Officer]) -> int:
    """How much of each kind the desk has said that it has; the least of them."""
    return min(len(gathered(officers, what)) for what in ("kept_titles", "kept_notes", "kept_acks"))


@pytest.mark.slow
def test_nothing_is_lost_and_nothing_twice_when_processes_are_killed(tmp_path: Path) -> None:
    seed = int(os.environ.get("KILL_SEED", "0")) or random.SystemRandom().randrange(10**6)
    chance = random.Random(seed)
    print(f"KILL_SEED={seed}")
    port = free_port()
    with (
        serving() as channels,
        own_database(f"huiying_kill_{os.getpid()}") as database,
        forker(tmp_path, port, channels.address, database) as fork,
    ):
        sessions = fork.report("prepare")
        sites = Sites(KILLS * 0.14)
        channels.pages = {f"/feed/{site}": lambda site=site: sites.feed(site) for site in SITES}
        channels.play = lambda path: chance.choices(["good", "lie", "hang", "drop", "503"], [11, 3, 2, 3, 1])[
            0
        ]
        officers = [
            Officer(who, port, session, channels, random.Random(seed + n))
            for n, (who, session) in enumerate(sessions.items())
        ]
        for officer in officers:
            officer.start()
        dead, living = killing(fork, chance, lambda: done(officers) > ENOUGH)
        channels.play = None
        for officer in officers:
            officer.stop.set()
            officer.join(60)
        progress = quieten(fork, POSTS * len(SITES))
        end(living)
        fork.report("settle")
        found, again = fork.report("findings"), fork.report("again")

    print(f"{dead} killed, {progress}, {len(found['messages'])} messages, {len(channels.got)} requests")
    assert dead >= KILLS
    assert found["mentions"] == sorted([site, f"{site}-{n}"] for site in SITES for n in range(POSTS))

    assert len(found["messages"]) > 10
    assert [row for row in found["messages"] if row["state"] != "sent"] == []
    assert found["not_told"] == []
    seen = by_message(channels.got)
    for row in found["messages"]:
        arrived = False
        for got in seen[row["ack_digest"]]:
            labelled = "可能重复" in got.text
            assert labelled or not arrived, f"{row['key']} came again without a word"
            arrived = arrived or got.taken
        assert arrived, f"{row['key']} never arrived"
    assert found["told_wrong"] == []

    titles, notes = gathered(officers, "kept_titles"), gathered(officers, "kept_notes")
    assert done(officers) > ENOUGH
    assert set(titles) <= set(found["titles"])
    assert len(found["titles"]) == len(set(found["titles"]))
    assert set(notes) <= set(found["notes"])
    assert len(found["notes"]) == len(set(found["notes"]))
    assert set(gathered(officers, "kept_acks")) <= set(found["acknowledged"])
    assert found["acknowledged_twice"] == []

    assert found["breaks"] == []
    assert again["changes"] == []
    assert again["heard"] == [POSTS * len(SITES), 0, 0]
