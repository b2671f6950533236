"""The product behind gunicorn, and beside it the least a server could do with a call.

`/floor/empty` reads the body and answers 202; `/floor/insert` also writes it to a table without a
key or an index. Run by bench_webhooks.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from config.wsgi import application as product

StartResponse = Callable[..., Any]


def application(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
    path = environ["PATH_INFO"]
    if not path.startswith("/floor/"):
        return product(environ, start_response)
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    if path == "/floor/insert":
        _insert(body)
    start_response("202 Accepted", [("Content-Type", "application/json"), ("Content-Length", "2")])
    return [b"{}"]


def _insert(body: bytes) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO bench_calls (body) VALUES (%s)", [body])
