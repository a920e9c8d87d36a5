"""`huiying up` as an operator meets it: it starts, says where to look, keeps its children alive and takes them along."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
Environment = dict[str, str]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(home: Path) -> Environment:
    """A bare operator's environment: nothing of the test run's own settings."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("HUIYING", "DJANGO", "DATABASE"))}
    return {**kept, "HUIYING_HOME": str(home), "LANG": "zh_CN.UTF-8", "PYTHONUNBUFFERED": "1"}


def huiying(home: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "huiying.cli", *words],
        env={**environment(home), **more},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def soon(what: Callable[[], object], seconds: float = 120) -> bool:
    """Whether it becomes true before long."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if what():
            return True
        time.sleep(0.05)
    return False


def alive(pid: int) -> bool:
    """Whether the process runs; one that only waits to be buried does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def children(pid: int) -> list[int]:
    """Children and their children."""
    listed = subprocess.run(["ps", "-eo", "pid,ppid"], capture_output=True, text=True, check=True)
    pairs = [tuple(map(int, line.split())) for line in listed.stdout.splitlines()[1:]]
    own = [child for child, parent in pairs if parent == pid]
    return own + [deeper for child in own for deeper in children(child)]


@dataclass
class Desk:
    """A running `huiying up`."""

    process: "subprocess.Popen[str]"
    home: Path
    port: int
    log: Path

    @property
    def said(self) -> str:
        return self.log.read_text()

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def worker(self) -> int:
        """The process id of the worker, 0 while there is none."""
        for pid in children(self.process.pid):
            try:
                words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
            except (FileNotFoundError, ProcessLookupError):
                continue
            if b"worker" in words:
                return pid
        return 0


@contextmanager
def started(room: Path) -> Iterator[Desk]:
    port, log = free_port(), room / "log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "huiying.cli", "up", "--port", str(port), "--offer-sample"],
            env=environment(room / "home"),
            stdout=out,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
    it = Desk(process, room / "home", port, log)
    try:
        assert soon(it.answers, 240), it.said
        yield it
    finally:
        process.kill()
        process.wait()
        assert soon(lambda: not any(alive(pid) for pid in session(process.pid)))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk that outlives the test."""
    with started(tmp_path_factory.mktemp("desk")) as it:
        yield it


@pytest.fixture
def doomed(tmp_path: Path) -> Iterator[Desk]:
    """A desk that the test brings to its end."""
    with started(tmp_path) as it:
        yield it


def session(leader: int) -> list[int]:
    """Every process of the desk's session, orphans too."""
    listed = subprocess.run(["ps", "-eo", "pid,sid"], capture_output=True, text=True, check=True)
    pairs = [tuple(map(int, line.split())) for line in listed.stdout.splitlines()[1:]]
    return [pid for pid, sid in pairs if sid == leader]


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at processes through /proc")
class TestUp:
    def test_it_says_how_to_sign_in_the_first_time(self, desk: Desk) -> None:
        assert soon(lambda: "/start/enter/" in desk.said)
        (link,) = re.findall(r"http://\S+/start/enter/\S+/", desk.said)
        with urllib.request.urlopen(link, timeout=10) as answer:
            assert answer.status == 200

    def test_dead_children_are_started_again(self, desk: Desk) -> None:
        assert soon(desk.worker)
        first = desk.worker()
        os.kill(first, signal.SIGKILL)
        assert soon(lambda: desk.worker() not in {0, first})
        web = next(pid for pid in children(desk.process.pid) if pid != desk.worker())
        os.kill(web, signal.SIGKILL)
        assert soon(lambda: not alive(web))
        assert soon(desk.answers), desk.said

    def test_ctrl_c_ends_everything(self, doomed: Desk) -> None:
        assert soon(doomed.worker)
        os.killpg(doomed.process.pid, signal.SIGINT)
        assert doomed.process.wait(120) == 0
        assert soon(lambda: not any(alive(pid) for pid in session(doomed.process.pid)))

    def test_when_it_is_killed_its_children_go_too(self, doomed: Desk) -> None:
        assert soon(doomed.worker)
        family = children(doomed.process.pid)
        assert len(family) >= 3
        doomed.process.kill()
        doomed.process.wait()
        assert soon(lambda: not any(map(alive, family)))

    def test_a_port_in_use_is_said_with_another_to_take(self, desk: Desk) -> None:
        second = huiying(desk.home, "up", "--port", str(desk.port))
        assert second.returncode == 1
        assert f"huiying up --port {desk.port + 1}" in second.stderr
        assert "Traceback" not in second.stderr

    def test_a_running_desk_is_backed_up_and_restored_elsewhere(self, desk: Desk, tmp_path: Path) -> None:
        archive, other = tmp_path / "b.tar.gz", tmp_path / "other"
        assert huiying(desk.home, "backup", str(archive)).returncode == 0
        assert archive.stat().st_mode & 0o077 == 0
        restored = huiying(other, "restore", str(archive))
        assert restored.returncode == 0, restored.stderr
        assert (other / "secret").read_text() == (desk.home / "secret").read_text()
        assert huiying(other, "verify").returncode == 0
        again = huiying(other, "restore", str(archive))
        assert (again.returncode, "已经存在" in again.stderr) == (1, True)


def test_a_home_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said = huiying(tmp_path / "file" / "home", "up", "--port", str(free_port()))
    assert said.returncode == 1
    assert "HUIYING_HOME" in said.stderr
    assert "Traceback" not in said.stderr


@pytest.mark.parametrize(
    "settings",
    [
        {"DATABASE_URL": "nonsense"},
        {"HUIYING_MAIL_URL": "carrier-pigeon://x"},
        {"HUIYING_ZONE": "Mars/Olympus"},
        {"HUIYING_FETCH_ALLOW": "10.0.0.0/99"},
    ],
)
def test_settings_that_make_no_sense_are_said(tmp_path: Path, settings: Environment) -> None:
    said = huiying(tmp_path, "doctor", **settings)
    assert said.returncode == 1
    assert next(iter(settings)) in said.stderr
    assert "Traceback" not in said.stderr


def test_a_database_that_is_away_is_said(tmp_path: Path) -> None:
    away = {"DATABASE_URL": "postgres://nobody:s3cret@127.0.0.1:1/none"}
    for command in ("migrate", "verify"):
        said = huiying(tmp_path, command, **away)
        assert (said.returncode, "DATABASE_URL" in said.stderr) == (1, True)
        assert "Traceback" not in said.stderr
        assert "s3cret" not in said.stderr
    said = huiying(tmp_path, "doctor", **away)
    assert (said.returncode, "连不上数据库" in said.stdout) == (1, True)


def test_before_the_first_migration_every_command_says_what_to_do(tmp_path: Path) -> None:
    assert "huiying migrate" in huiying(tmp_path, "verify").stderr
    assert "数据表还差" in huiying(tmp_path, "doctor").stdout


def test_a_file_that_is_no_backup_changes_nothing(tmp_path: Path) -> None:
    fake = tmp_path / "b.tar.gz"
    fake.write_bytes(b"not an archive")
    said = huiying(tmp_path / "home", "restore", str(fake))
    assert (said.returncode, "Traceback" in said.stderr) == (1, False)
    assert list((tmp_path / "home").iterdir()) == []
