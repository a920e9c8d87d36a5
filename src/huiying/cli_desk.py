"""The commands that run the desk: up, web, worker, migrate."""

import argparse
import contextlib
import os
import signal
import socket
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from huiying.cli_ground import Refused, command, database, set_up

if TYPE_CHECKING:
    from huiying.desk.worker.supervisor import Child

PORT = 8600
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
EVERYWHERE = {"0.0.0.0", "::"}  # noqa: S104 - compared, not bound


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this room's commands."""
    start = command(commands, "up", up, "start the desk: web server and worker 启动")
    start.add_argument("--offer-sample", action="store_true", help="say how to try the sample")
    for parser in (start, command(commands, "web", web, "the web server alone 网页服务")):
        parser.add_argument(
            "--host", default="127.0.0.1", help="address to listen on (default: this machine only)"
        )
        parser.add_argument("--port", type=int, default=PORT, help=f"port to listen on (default: {PORT})")
    command(commands, "worker", work, "the worker alone 后台程序")
    command(commands, "migrate", migrate, "bring the database up to date 更新数据表")


def migrate(args: argparse.Namespace) -> int:
    """Apply every migration."""
    set_up()
    _migrate()
    return 0


def _migrate() -> None:
    from django.core.management import call_command

    with database():
        call_command("migrate", verbosity=0, interactive=False)


def _collect_static(home: Path) -> None:
    """Copy style sheets and scripts with their hashed names to the home, when they changed since the last time."""
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    found = [(path, place) for finder in get_finders() for path, place in finder.list([])]
    marks = sorted(f"{path} {Path(place.path(path)).stat().st_mtime_ns}" for path, place in found)
    stamp, now = home / "static" / ".stamp", "\n".join(marks)
    if stamp.exists() and stamp.read_text() == now:
        return
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(now)


def up(args: argparse.Namespace) -> int:
    """Everything on this machine: database up to date, web server and worker as children, restarted when they die."""
    home = set_up()
    _check_port(args.host, args.port)
    _migrate()
    _collect_static(home)
    environment = _environment(args.host, args.port)
    children = _children(args.host, args.port, environment, home)
    stop = _stop_on_signals()
    threading.Thread(target=_greet, args=(args, environment, stop), daemon=True).start()
    from huiying.desk.worker.supervisor import supervise

    if supervise(children, stop, _say_died):
        return 0
    print("起不来，原因见上。\nIt could not be started; the reason stands above.", file=sys.stderr)
    return 1


def _children(host: str, port: int, environment: dict[str, str], home: Path) -> list["Child"]:
    """Web server and worker; and the sites of the sample, once this desk has become the sample."""
    from huiying.desk.worker.supervisor import Child

    cli, sites = [sys.executable, "-m", "huiying.cli"], [sys.executable, "-m", "huiying.desk.sample"]
    return [
        Child(name="web", argv=[*cli, "web", "--host", host, "--port", str(port)], environment=environment),
        Child(name="worker", argv=[*cli, "worker"], environment=environment),
        Child(
            name="sample",
            argv=[*sites, "--port", environment["HUIYING_SAMPLE"].rpartition(":")[2]],
            environment=environment,
            wanted=(home / "sample.json").exists,
        ),
    ]


def _say_died(child: "Child", status: int) -> None:
    print(
        f"huiying: {child.name} 停了（{status}），重新启动 / ended ({status}), starting it again",
        file=sys.stderr,
    )


def _check_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except (OSError, OverflowError) as error:
        raise Refused(
            f"{host}:{port} 用不了（{error}）。已有一个在运行？换一个端口：huiying up --port {port + 1}",
            f"{host}:{port} cannot be used ({error}). Does one run already? Choose another port: huiying up --port {port + 1}",
        ) from error


def _environment(host: str, port: int) -> dict[str, str]:
    """What the children live in: the address under which people reach the desk, unless the operator named one."""
    shown = _own_address() if host in EVERYWHERE else host
    environment = dict(os.environ)
    environment.setdefault("HUIYING_URL", f"http://{f'[{shown}]' if ':' in shown else shown}:{port}")
    environment["HUIYING_SAMPLE"] = f"http://127.0.0.1:{port + 10}"
    if shown not in LOOPBACK:
        environment.setdefault("HUIYING_HOSTS", f"localhost,127.0.0.1,[::1],{shown},{socket.gethostname()}")
    return environment


def _own_address() -> str:
    """This machine's address in its network (nothing is sent), else the loopback one."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))
        return str(probe.getsockname()[0])
    return "127.0.0.1"


def _stop_on_signals() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda _number, _frame: stop.set())
    return stop


def _greet(args: argparse.Namespace, environment: dict[str, str], stop: threading.Event) -> None:
    """Say where to look, once somebody answers there."""
    host = "127.0.0.1" if args.host in EVERYWHERE else args.host
    while not stop.wait(0.1):
        with contextlib.suppress(OSError), socket.create_connection((host, args.port), 1):
            break
    if not stop.is_set():
        print(_greeting(args, environment["HUIYING_URL"].rstrip("/")), flush=True)


def _greeting(args: argparse.Namespace, address: str) -> str:
    from django.db import connections
    from django.utils import timezone

    from huiying.desk.accounts.actions import first_run_token

    token = first_run_token(now=timezone.now())
    connections.close_all()
    lines = ["", "  回应已启动 · Huiying is running", ""]
    if token:
        lines += [
            f"  首次进入 First sign-in   {address}/start/enter/{token}/",
            "                          24 小时内有效，只能用一次 · valid for 24 hours, works once",
        ]
        if args.offer_sample:
            lines += ["  先试试看 Just trying     进去后选“先用示例学校” · choose the sample school there"]
    else:
        lines += [
            f"  打开 Open               {address}/",
            "  忘了密码 Lost password    huiying invite 登录名 · huiying invite USERNAME",
        ]
    return "\n".join([*lines, "  停止 Stop               Ctrl-C", ""])


def web(args: argparse.Namespace) -> int:
    """The web server, until it is told to stop."""
    home = set_up()
    _check_port(args.host, args.port)
    _collect_static(home)
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    from huiying.desk.worker.supervisor import follow_parent

    follow_parent(lambda: os.kill(os.getpid(), signal.SIGTERM))
    os.environ["HUIYING_SERVER"] = str(os.getpid())
    server = Granian(
        "huiying.desk.wsgi:application",
        address=args.host,
        port=args.port,
        interface=Interfaces.WSGI,
        workers=1,  # threads serve requests; a killed master leaves one process to end, not several
        blocking_threads=min(16, (os.cpu_count() or 1) * 2 + 1),
        backlog=512,
        workers_kill_timeout=10,
        log_level=LogLevels.warning,
        websockets=False,
    )
    server.serve()
    return 0


def work(args: argparse.Namespace) -> int:
    """The worker, until it is told to stop; it finishes what is in hand."""
    set_up()
    from django.utils import timezone

    from huiying.desk.worker.jobs import Roads
    from huiying.desk.worker.loop import run
    from huiying.desk.worker.supervisor import follow_parent

    stop = _stop_on_signals()
    follow_parent(stop.set)
    run(Roads().lanes(), clock=timezone.now, stop=stop)
    return 0
