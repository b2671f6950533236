"""Feeds of vendors as local servers that speak their protocol, and a runner for one source."""

from __future__ import annotations

import csv
import io
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from apps.deals.actions import lay_pipeline
from apps.deals.feeds.actions import save_source
from apps.deals.feeds.due import claim_source
from apps.deals.feeds.worker import run_source
from apps.deals.models import ImportChunk, LeadImport, LeadSource


@dataclass
class Asked:
    """One request as it came."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Said:
    """An answer: `body` is bytes, or what is sent as JSON."""

    body: Any = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


class FakeVendor:
    """Answers by `reply`; `asked` are the requests in order."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.reply: Callable[[Asked], Said] = lambda asked: Said(status=404)
        self.clock = "Sun, 01 Nov 2026 00:00:00 GMT"
        vendor = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                parts = urlsplit(self.path)
                query = {name: values[0] for name, values in parse_qs(parts.query).items()}
                headers = {name.lower(): value for name, value in self.headers.items()}
                asked = Asked(self.command, parts.path, query, headers, self.rfile.read(length))
                vendor.asked.append(asked)
                said = vendor.reply(asked)
                content = (
                    said.body if isinstance(said.body, bytes) else json.dumps(said.body).encode()
                )
                self.send_response_only(said.status)
                headers = {"Content-Type": "application/json", "Date": vendor.clock, **said.headers}
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = handle_any  # noqa: N815

            def log_message(self, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.host = f"127.0.0.1:{self._server.server_port}"
        self.url = f"http://{self.host}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture(scope="module")
def _vendor() -> Iterator[FakeVendor]:
    vendor = FakeVendor()
    yield vendor
    vendor.close()


@pytest.fixture
def vendor(_vendor, settings) -> FakeVendor:
    settings.OUTBOUND_HOSTS = [_vendor.host]
    _vendor.asked.clear()
    _vendor.reply = lambda asked: Said(status=404)
    _vendor.clock = "Sun, 01 Nov 2026 00:00:00 GMT"
    return _vendor


@pytest.fixture
def laid(workspace, system, now):
    lay_pipeline(workspace=workspace, actor=system, now=now)
    return workspace


@pytest.fixture
def make_source(laid, system, now) -> Callable[..., LeadSource]:
    """make_source(type, {settings}, {secrets}, **columns) -> a saved source that is due."""

    def make(source_type: str, settings: dict, secrets: dict | None = None, **columns: Any):
        source = LeadSource(
            name=columns.pop("name", f"My {source_type}"),
            type=source_type,
            settings=settings,
            **columns,
        )
        return save_source(
            workspace=columns.pop("workspace", laid),
            actor=system,
            source=source,
            secrets=secrets,
            now=now,
        )

    return make


@pytest.fixture
def poll(now) -> Callable[..., Any]:
    """poll(at=…) -> the run of the one source that is due, None if none is."""

    def run(at=now, **options: Any):
        reading = claim_source(at)
        return (
            run_source(reading, clock=lambda: at, chance=lambda: 0.5, **options)
            if reading
            else None
        )

    return run


def rows_of(lead_import: LeadImport) -> list[dict[str, str]]:
    """The stored file as rows."""
    chunks = ImportChunk.objects.filter(lead_import=lead_import).order_by("number")
    content = b"".join(bytes(chunk.content) for chunk in chunks).decode()
    return list(csv.DictReader(io.StringIO(content, newline="")))


def imported(source: LeadSource) -> list[dict[str, str]]:
    """All rows that a source has brought, in order."""
    imports = LeadImport.objects.in_workspace(source.workspace).filter(source=source)
    return [row for held in imports.order_by("id") for row in rows_of(held)]
