"""Checks before a start, each failing with one sentence that says what to do."""

from __future__ import annotations

import socket

from django.conf import settings
from django.db import OperationalError, connection


class CannotStart(Exception):
    """The sentence to print instead of starting."""


def check_port(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError as error:
            raise CannotStart(
                f"Port {port} is reserved for the system; choose another: make run PORT=8001"
            ) from error
        except OSError as error:
            raise CannotStart(
                f"Port {port} is taken by another program; stop it or choose another:"
                f" make run PORT={port + 1}"
            ) from error


def check_database() -> None:
    try:
        connection.ensure_connection()
    except OperationalError as error:
        reason = str(error).strip().splitlines()[0]
        raise CannotStart(
            f"The database at DATABASE_URL does not answer ({reason})."
            " Start it, or unset DATABASE_URL to use SQLite."
        ) from error


def check_redis() -> None:
    if not settings.REDIS_URL:
        return
    import redis

    try:
        client = redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=3)
        client.ping()
        client.close()
    except (redis.RedisError, OSError, ValueError) as error:
        raise CannotStart(
            f"Redis at REDIS_URL does not answer ({error})."
            " Start it, or unset REDIS_URL to run without."
        ) from error
