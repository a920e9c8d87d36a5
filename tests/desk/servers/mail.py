"""A mail server on this machine: as much IMAP as a reader needs, and misbehaviour where it is told."""

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class Post:
    """A mailbox with its messages by UID."""

    port: int = 0
    messages: dict[int, bytes] = field(default_factory=dict)
    validity: int = 1
    password: str = "letmein"
    mood: str = ""  # "drip", "garbage", "huge"
    said: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)


class Talk(socketserver.StreamRequestHandler):
    post: Post

    def handle(self) -> None:
        with suppress(OSError):
            if self.post.mood == "garbage":
                self.wfile.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                return
            self.wfile.write(b"* OK ready\r\n")
            for line in self.rfile:
                tag, _space, command = line.decode().strip().partition(" ")
                self.post.said.append(command)
                self.answer(tag, command)
                if command == "LOGOUT":
                    return

    def answer(self, tag: str, command: str) -> None:
        word = command.upper()
        if word.startswith("LOGIN"):
            good = f'"{self.post.password}"' in command
            return self.end(tag, "OK done" if good else f"NO wrong password {command}")
        if word.startswith(("EXAMINE", "SELECT")):
            return self.open(tag, command)
        if word.startswith("UID SEARCH"):
            return self.search(tag, command)
        if word.startswith("UID FETCH"):
            return self.fetch(tag, command)
        if word == "CAPABILITY":
            self.wfile.write(b"* CAPABILITY IMAP4rev1\r\n")
        return self.end(tag, "OK done")

    def end(self, tag: str, words: str) -> None:
        self.wfile.write(f"{tag} {words}\r\n".encode())

    def open(self, tag: str, command: str) -> None:
        if '"INBOX"' not in command:
            return self.end(tag, "NO no such folder")
        self.wfile.write(
            b"* %d EXISTS\r\n* OK [UIDVALIDITY %d] ok\r\n" % (len(self.post.messages), self.post.validity)
        )
        return self.end(tag, "OK [READ-ONLY] done")

    def search(self, tag: str, command: str) -> None:
        after = re.search(r"UID (\d+):\*", command.removeprefix("UID "))
        listed = sorted(self.post.messages)
        found = [uid for uid in listed if not after or uid >= int(after[1])] or listed[-1:]
        self.wfile.write(f"* SEARCH {' '.join(map(str, found))}\r\n".encode())
        self.end(tag, "OK done")

    def fetch(self, tag: str, command: str) -> None:
        uid = int(re.search(r"FETCH (\d+)", command)[1])  # type: ignore[index]
        body = self.post.messages[uid]
        if "SIZE" in command:
            size = 50 * 2**20 if self.post.mood == "huge" else len(body)
            self.wfile.write(f"* 1 FETCH (UID {uid} RFC822.SIZE {size})\r\n".encode())
            return self.end(tag, "OK done")
        self.wfile.write(f"* 1 FETCH (UID {uid} BODY[] {{{len(body)}}}\r\n".encode())
        if self.post.mood == "drip":
            while not self.post.over.wait(0.05):
                self.wfile.write(b"x")
                self.wfile.flush()
        self.wfile.write(body + b")\r\n")
        return self.end(tag, "OK done")


@contextmanager
def post_office() -> Iterator[Post]:
    """A mail server that is there while the block runs."""
    post = Post()
    handler = type("Bound", (Talk,), {"post": post})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        post.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        try:
            yield post
        finally:
            post.over.set()
            server.shutdown()
