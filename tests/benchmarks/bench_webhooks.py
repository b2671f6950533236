"""20,000 signed webhook calls over HTTP to gunicorn, with every worker stopped.

Eight connections on the loopback, kept alive, each waiting for its answer before the next call.
The floors are measured on the same server in turn with ours: `insert` does nothing but one INSERT
into a table without keys, `empty` not even that. Latencies are the client's, in milliseconds.
"""

from __future__ import annotations

import json
import os
import platform
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
COUNT = int(os.environ.get("BENCH_WEBHOOK_CALLS", "20000"))
CONNECTIONS = 8
SECRET = "a secret for benchmarks only"
SERVER = ["gunicorn", "tests.benchmarks.hooks_server:application", "--workers", "2",
          "--worker-class", "gthread", "--threads", "8", "--log-level", "error",
          "--no-control-socket"]  # fmt: skip


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("SECRET_KEY", "a key for benchmarks only")
    os.environ["WAKE_WORKERS"] = "false"
    import django

    django.setup()
    from django.test.utils import setup_databases, teardown_databases

    held = setup_databases(verbosity=0, interactive=False)
    try:
        _measure()
    finally:
        teardown_databases(held, verbosity=0)


def _measure() -> None:
    from django.db import connection

    kind = "bytea" if connection.vendor == "postgresql" else "blob"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE bench_calls (body {kind})")
    path = _lay_source()
    connection.close()
    with _server() as port:
        _drive(port, path, 200, offset=10**9)  # connections and caches are warm after this
        took = {
            "empty": _drive(port, "/floor/empty", COUNT),
            "insert": _drive(port, "/floor/insert", COUNT),
            "ours": _drive(port, path, COUNT),
        }
    stored = _count_stored() - 200
    for name, (seconds, statuses, latencies) in took.items():
        figure = _figure(name, seconds, statuses, latencies)
        if name == "ours":
            insert = _at(sorted(took["insert"][2]), 0.5)
            figure |= {
                "stored": stored,
                "lost": statuses.get(202, 0) - stored,
                "floor": round(insert, 2),
                "ratio_to_floor": round(figure["p50_ms"] / insert, 2),
                "wanted": "p99_ms under 300, lost 0",
            }
        print(json.dumps(figure))
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE bench_calls")


def _lay_source() -> str:
    from django.urls import reverse

    from apps.deals.models import LeadSource
    from apps.events.actions import Actor
    from apps.workspaces.actions import create_workspace
    from apps.workspaces.vault import seal

    now = datetime.now(UTC)
    workspace = create_workspace(
        actor=Actor.system("bench"), slug="webhooks", name="Webhooks", now=now
    )
    source = LeadSource.objects.create(
        workspace=workspace, name="Bench", type="webhook", credentials=seal({"secret": SECRET})
    )
    return reverse("deals:lead_hook", args=[source.public_id])


def _count_stored() -> int:
    from apps.deals.models import WebhookCall

    return WebhookCall.across_workspaces.count()


@contextmanager
def _server() -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    process = subprocess.Popen(
        [Path(sys.executable).parent / SERVER[0], *SERVER[1:], "--bind", f"127.0.0.1:{port}"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": _database_url(), "LOG_LEVEL": "ERROR"},
    )
    try:
        _wait(port)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)


def _database_url() -> str:
    """The benchmark's own database, as another process names it."""
    from django.db import connection

    entry = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{entry['NAME']}"
    secret = f":{entry['PASSWORD']}" if entry.get("PASSWORD") else ""
    place = f"{entry.get('HOST') or 'localhost'}:{entry.get('PORT') or 5432}"
    return f"postgres://{entry.get('USER') or 'postgres'}{secret}@{place}/{entry['NAME']}"


def _wait(port: int) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("gunicorn did not start")


def _drive(
    port: int, path: str, count: int, offset: int = 0
) -> tuple[float, dict[int, int], list[float]]:
    """(seconds, calls by status, latency of each in ms)."""
    latencies: list[list[float]] = [[] for _ in range(CONNECTIONS)]
    statuses: list[list[int]] = [[] for _ in range(CONNECTIONS)]

    def run(lane: int) -> None:
        with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for n in range(lane, count, CONNECTIONS):
                sent = _call(path, offset + n)
                start = time.perf_counter()
                line.sendall(sent)
                statuses[lane].append(_answer(line))
                latencies[lane].append((time.perf_counter() - start) * 1000)

    threads = [threading.Thread(target=run, args=(lane,)) for lane in range(CONNECTIONS)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - start
    flat = [status for lane in statuses for status in lane]
    counts = {status: flat.count(status) for status in set(flat)}
    return seconds, counts, [ms for lane in latencies for ms in lane]


def _call(path: str, n: int) -> bytes:
    from apps.deals.feeds.calls.verifying import sign

    body = json.dumps({
        "first_name": "Pat", "last_name": "Sample", "phone": f"203555{100 + n % 100:04d}",
        "email": f"pat{n}@example.com", "street_address": f"{n} Elm Street", "city": "New Haven",
        "state": "CT", "zip": "06511", "message": "Inherited it; what would you pay?",
        "utm_source": "google", "consent_text": "I agree to be called and texted.",
    }).encode()  # fmt: skip
    at = str(int(time.time()))
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nX-Timestamp: {at}\r\n"
        f"X-Signature: {sign(SECRET, body, at)}\r\n\r\n"
    )
    return head.encode() + body


def _answer(line: socket.socket) -> int:
    """Read one answer whole; its status."""
    got = b""
    while b"\r\n\r\n" not in got:
        piece = line.recv(65_536)
        if not piece:
            raise SystemExit("the server closed the connection")
        got += piece
    head, _, body = got.partition(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    length = next(int(text[15:]) for text in lines if text.startswith(b"content-length:"))
    while len(body) < length:
        body += line.recv(65_536)
    return int(head.split(b" ", 2)[1])


def _at(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def _figure(
    name: str, seconds: float, statuses: dict[int, int], latencies: list[float]
) -> dict[str, Any]:
    from django.db import connection

    ordered = sorted(latencies)
    return {
        "name": f"webhooks.{name}",
        "calls": len(ordered),
        "accepted": statuses.get(202, 0),
        "p50_ms": round(_at(ordered, 0.5), 2),
        "p99_ms": round(_at(ordered, 0.99), 2),
        "max_ms": round(ordered[-1], 2),
        "calls_per_second": round(len(ordered) / seconds),
        "connections": CONNECTIONS,
        "database": connection.vendor,
        "machine": f"{platform.machine()}, {os.cpu_count()} cores,"
        f" Python {platform.python_version()}",
    }


if __name__ == "__main__":
    main()
