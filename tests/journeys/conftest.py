"""Starting the real product, as `make run` does, on a database of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from django.db import connection

from tests.journeys.house import House, environment, free_port, launch, stop, wait_until_up


@pytest.fixture(scope="session")
def served_settings(django_db_setup, django_db_blocker) -> Iterator[dict[str, str]]:
    """On PostgreSQL: a fresh database and Redis for the same command; on SQLite nothing."""
    if connection.vendor == "sqlite":
        yield {}
        return
    import psycopg

    url = os.environ["DATABASE_URL"]
    name = f"dealwright_journey_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
    base, _, _ = url.partition("?")
    fresh = base.rsplit("/", 1)[0] + f"/{name}"
    yield {"DATABASE_URL": fresh, "REDIS_URL": os.environ.get("REDIS_URL", "")}
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def house(tmp_path_factory, served_settings) -> Iterator[House]:
    var = tmp_path_factory.mktemp("var")
    port = free_port()
    process = launch(environment(var, port, **served_settings))
    running = House(f"http://127.0.0.1:{port}", var, process, wait_until_up(process))
    yield running
    stop(process)
